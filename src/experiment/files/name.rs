//! Names that come over the network.

/// Longest name, bytes of UTF-8: what file systems take (`NAME_MAX`, `man 3 pathconf`).
const LONGEST: usize = 255;

/// Devices of Windows; a file of that name, with whatever ending, is the device.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing, or more than 255 bytes.
    #[error("a name has 1 to 255 bytes")]
    Length,
    /// `/`, `\` or `:`: a way out of the folder, somewhere.
    #[error("it leads to another folder")]
    Separator,
    /// It begins with a dot: a hidden file, or `..`.
    #[error("it begins with a dot")]
    Hidden,
    /// A control character (NUL among them), or one that file systems do not take.
    #[error("it holds a character that no file name may have")]
    Character,
    /// It ends with a dot or a space, which Windows takes off.
    #[error("it ends with a dot or a space")]
    End,
    /// The name of a device of Windows.
    #[error("it is the name of a device")]
    Reserved,
}

/// The name of a file inside a folder, on every system, or what speaks against it. Nothing is
/// taken off or changed: a name with a way out of the folder is no accident.
///
/// # Errors
/// See [`BadName`].
///
/// ```
/// use socklab::experiment::files::{BadName, safe_name};
/// assert_eq!(safe_name("photo.jpg"), Ok("photo.jpg"));
/// assert_eq!(safe_name("../photo.jpg"), Err(BadName::Separator));
/// ```
pub fn safe_name(name: &str) -> Result<&str, BadName> {
    if name.is_empty() || name.len() > LONGEST {
        return Err(BadName::Length);
    }
    if name.contains(['/', '\\', ':']) {
        return Err(BadName::Separator);
    }
    if name.starts_with('.') {
        return Err(BadName::Hidden);
    }
    // Marks that turn the direction of writing round can make `exe.jpg` of `gpj.exe`.
    let bad = |c: char| {
        c.is_control()
            || matches!(c, '<' | '>' | '"' | '|' | '?' | '*')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if name.contains(bad) {
        return Err(BadName::Character);
    }
    if name.ends_with(['.', ' ']) {
        return Err(BadName::End);
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| matches!(rest.chars().next(), Some('0'..='9' | '¹' | '²' | '³')))
            && stem.chars().count() == 4
    };
    if RESERVED.contains(&&*stem) || numbered("COM") || numbered("LPT") {
        return Err(BadName::Reserved);
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_out_of_the_folder_are_refused() {
        for (name, why) in [
            ("../a", BadName::Separator),
            ("..\\a", BadName::Separator),
            ("/etc/passwd", BadName::Separator),
            ("a/b", BadName::Separator),
            ("C:\\a", BadName::Separator),
            ("C:a", BadName::Separator),
            ("file.txt:stream", BadName::Separator),
            ("..", BadName::Hidden),
            (".", BadName::Hidden),
            (".bashrc", BadName::Hidden),
            ("", BadName::Length),
            ("a\0b", BadName::Character),
            ("a\nb", BadName::Character),
            ("a\u{202e}gpj.exe", BadName::Character),
            ("what?", BadName::Character),
            ("a.", BadName::End),
            ("a ", BadName::End),
            ("nul", BadName::Reserved),
            ("CON.txt", BadName::Reserved),
            ("com1", BadName::Reserved),
            ("LPT9.tar.gz", BadName::Reserved),
            ("COM¹", BadName::Reserved),
        ] {
            assert_eq!(safe_name(name), Err(why), "{name:?}");
        }
        assert_eq!(safe_name(&"x".repeat(256)), Err(BadName::Length));
    }

    #[test]
    fn names_of_files_pass() {
        for name in [
            "a",
            "notes.md",
            "照片 1.jpg",
            "x..y",
            "console.txt",
            "com.txt",
            "lpt10",
            "null",
        ] {
            assert_eq!(safe_name(name), Ok(name));
        }
    }

    proptest! {
        #[test]
        fn whatever_passes_is_one_step_into_the_folder(name in "\\PC{0,12}|[./\\\\a:]{0,6}") {
            if let Ok(good) = safe_name(&name) {
                let parts: Vec<Component<'_>> = Path::new(good).components().collect();
                prop_assert_eq!(parts, [Component::Normal(good.as_ref())]);
                let path = Path::new("/run").join(good);
                prop_assert_eq!(path.parent(), Some(Path::new("/run")));
            }
        }
    }
}
