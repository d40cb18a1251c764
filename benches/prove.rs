//! Speed of the split prover and of the race: `cargo bench --bench prove`.

use std::time::Instant;

use socklab::framing::FramingSpec;
use socklab::workbench::chunks::Traffic;
use socklab::workbench::prove::{Outcome, Task, prove};
use socklab::workbench::race::Race;

/// The middle one of three runs.
fn median(mut run: impl FnMut() -> f64) -> f64 {
    let mut values = [run(), run(), run()];
    values.sort_by(f64::total_cmp);
    values[1]
}

fn main() {
    let messages = vec![vec![b'x'; 64]; 10];
    println!(
        "ten messages of 64 bytes: cuttings a minute, without pairs of cuts and with all of them"
    );
    let mut slowest = f64::MAX;
    for spec in FramingSpec::choices() {
        if !spec.survives_any_cutting() {
            continue;
        }
        // Random cuttings are the dearest, for they have many chunks; pairs have few.
        let rates = [0, 4_096].map(|pairs_up_to| {
            let task = Task {
                spec: spec.clone(),
                messages: messages.clone(),
                pairs_up_to,
                samples: 30_000,
                ..Task::default()
            };
            median(|| {
                let report = prove(&task, &mut |_| true);
                assert_eq!(report.outcome, Outcome::Holds, "{spec}");
                report.tried() as f64 / report.took.as_secs_f64() * 60.0
            })
        });
        let [singles, pairs] = rates;
        slowest = slowest.min(singles).min(pairs);
        println!(
            "  {:24} {:8.1} M {:8.1} M",
            spec.to_string(),
            singles / 1e6,
            pairs / 1e6
        );
    }
    println!(
        "slowest: {:.1} M cuttings a minute (wanted: at least 1 M)",
        slowest / 1e6
    );

    for (name, count, size) in [("10 × 64 B", 10, 64), ("2000 × 128 B", 2_000, 128)] {
        let traffic = Traffic::made_up(vec![vec![b'x'; size]; count], FramingSpec::Raw, &[]);
        let race = Race::new(traffic, &FramingSpec::choices());
        let cuts: Vec<u64> = (1..race.end()).step_by(50).collect();
        let seconds = median(|| {
            let begun = Instant::now();
            std::hint::black_box(race.run(&cuts));
            begun.elapsed().as_secs_f64()
        });
        println!(
            "race of {name}, all strategies, a cut in 50: {:.2} ms",
            seconds * 1e3
        );
    }
}
