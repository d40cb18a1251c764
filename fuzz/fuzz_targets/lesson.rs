//! Any bytes as a lesson's files: problems with a place, never a panic; a lesson that is read
//! makes a run's description.
//!
//! Input: lesson.toml, a line of `====`, en.md, a line of `====`, zh.md.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socklab::experiment::Mode;
use socklab::lesson::{Catalogue, Settings};

fuzz_target!(|input: &[u8]| {
    let folder = std::env::temp_dir().join(format!("socklab-fuzz-{}/10-x", std::process::id()));
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    let mut rest = input;
    for name in ["lesson.toml", "en.md", "zh.md"] {
        let cut = rest.windows(6).position(|w| w == b"\n====\n");
        let (bytes, more) = cut.map_or((rest, &rest[rest.len()..]), |at| {
            (&rest[..at], &rest[at + 6..])
        });
        let _ = std::fs::write(folder.join(name), bytes);
        rest = more;
    }
    let catalogue = Catalogue::load_dir(&folder);
    for problem in &catalogue.problems {
        assert!(!problem.to_string().is_empty());
    }
    for lesson in &catalogue.lessons {
        let settings = Settings::defaults(lesson);
        let spec = lesson.run_spec(&settings, Mode::Step, &[]);
        assert_eq!(spec.actors.len(), lesson.actors.len());
    }
});
