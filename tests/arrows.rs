//! The arrows of ARCHITECTURE.md: which module may use which, held against the sources.

use std::fs;
use std::path::{Path, PathBuf};

const MODULES: [&str; 11] = [
    "cli",
    "experiment",
    "framing",
    "i18n",
    "lesson",
    "net",
    "reference",
    "trace",
    "ui",
    "wire",
    "workbench",
];

fn may_use(module: &str) -> &'static [&'static str] {
    match module {
        "net" => &["trace"],
        "experiment" => &["framing", "i18n", "net", "trace"],
        "lesson" => &["experiment", "framing", "i18n", "net", "trace"],
        "workbench" => &["experiment", "framing", "lesson", "trace"],
        "reference" => &["i18n", "trace"],
        // A field of a packet carries its sentence; a followed conversation is decoded.
        "wire" => &["framing", "i18n", "trace"],
        "ui" => &[
            "experiment",
            "framing",
            "i18n",
            "lesson",
            "net",
            "reference",
            "trace",
            "wire",
            "workbench",
        ],
        "cli" => &[
            "experiment",
            "framing",
            "i18n",
            "lesson",
            "net",
            "trace",
            "ui",
            "wire",
            "workbench",
        ],
        _ => &[],
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Names that follow `crate::`, also inside a braced list.
fn used_modules(code: &str) -> Vec<&'static str> {
    let word_end = |s: &str| {
        s.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(s.len())
    };
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let reach = match rest.strip_prefix('{') {
            Some(list) => &list[..list.find('}').unwrap_or(list.len())],
            None => &rest[..word_end(rest)],
        };
        let words = reach.split(|c: char| !c.is_alphanumeric() && c != '_');
        used.extend(words.filter_map(|w| MODULES.iter().find(|m| **m == w)));
    }
    used
}

/// Does `word` stand in `code`, as a word of its own?
fn has(code: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        !part(code[..at].chars().next_back()) && !part(code[at + word.len()..].chars().next())
    })
}

/// Every source file: path below src, module, code without comments (what they name, they do
/// not use).
fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            let module = name
                .split('/')
                .next()
                .unwrap()
                .trim_end_matches(".rs")
                .to_owned();
            let text = fs::read_to_string(&path).unwrap();
            // Tests at the end of a file may look anything up.
            let code = text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .lines()
                .map(|line| line.split("//").next().unwrap_or_default())
                .collect::<Vec<_>>()
                .join("\n");
            (name, module, code)
        })
        .collect()
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    for (file, module, code) in sources() {
        if module == "main" || module == "lib" {
            continue;
        }
        assert!(
            MODULES.contains(&module.as_str()),
            "{module} is not on the map"
        );
        for used in used_modules(&code) {
            if used != module && !may_use(&module).contains(&used) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn egui_stays_in_ui_sockets_in_net_and_unsafe_in_net_sys() {
    let mut wrong = Vec::new();
    for (file, module, code) in sources() {
        if module != "ui" && (has(&code, "egui") || has(&code, "eframe")) {
            wrong.push(format!("{file} speaks to egui"));
        }
        // Generated programs speak to sockets, in strings; the generator does not.
        let generates = file.starts_with("experiment/codegen/");
        let speaks = [
            "socket2::",
            "use socket2",
            "libc::",
            "use libc",
            "std::net::",
        ]
        .iter()
        .any(|name| code.contains(name));
        if module != "net" && !generates && speaks {
            wrong.push(format!("{file} speaks to sockets"));
        }
        // The compiler refuses unsafe code (Cargo.toml, lints) unless a module allows it.
        if has(&code, "unsafe_code") && !file.starts_with("net/sys/") {
            wrong.push(format!("{file} allows unsafe code"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reader_of_arrows_sees_them() {
    assert_eq!(used_modules("use crate::net::Target;"), ["net"]);
    assert_eq!(
        used_modules("use crate::{trace::Trace, ui};"),
        ["trace", "ui"]
    );
    assert!(used_modules("use create::net;").is_empty());
    assert!(has("a unsafe { }", "unsafe") && !has("unsafe_code", "unsafe"));
}
