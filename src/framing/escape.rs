//! Bytes written as text with the escapes of C.

use std::fmt::Write as _;

/// Why an escaped text is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EscapeError {
    /// A backslash before something else.
    #[error(r"'{0}' is no escape; known are \n, \r, \t, \0, \\ and \xHH (two hexadecimal digits)")]
    Unknown(String),
    /// A backslash at the very end.
    #[error(r"a single backslash at the end; write \\ for a backslash")]
    Dangling,
}

/// The bytes as printable ASCII: `\n \r \t \0 \\` by name, spaces and everything that is not
/// printable ASCII as `\xHH`. [`unescape`] reads it back.
///
/// ```
/// # use socklab::framing::escape;
/// assert_eq!(escape(b"##"), "##");
/// assert_eq!(escape(b"\r\n\0 \xff\\"), r"\r\n\0\x20\xff\\");
/// ```
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str(r"\n"),
            b'\r' => text.push_str(r"\r"),
            b'\t' => text.push_str(r"\t"),
            0 => text.push_str(r"\0"),
            b'\\' => text.push_str(r"\\"),
            b'!'..=b'~' => text.push(char::from(byte)),
            _ => {
                // Writing to a String does not fail.
                let _ = write!(text, r"\x{byte:02x}");
            }
        }
    }
    text
}

/// The bytes that an escaped text stands for; everything else stands for its UTF-8 bytes.
///
/// # Errors
/// [`EscapeError`] names the escape that is not known.
///
/// ```
/// # use socklab::framing::unescape;
/// assert_eq!(unescape(r"\r\n"), Ok(b"\r\n".to_vec()));
/// assert_eq!(unescape(r"\x1e。"), Ok(b"\x1e\xe3\x80\x82".to_vec()));
/// assert!(unescape(r"\q").unwrap_err().to_string().contains(r"\xHH"));
/// ```
pub fn unescape(text: &str) -> Result<Vec<u8>, EscapeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let after = &rest[at + 1..];
        let Some(letter) = after.chars().next() else {
            return Err(EscapeError::Dangling);
        };
        let mut taken = letter.len_utf8();
        bytes.push(match letter {
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            '0' => 0,
            '\\' => b'\\',
            'x' => {
                let digits: String = after.chars().skip(1).take(2).collect();
                taken += 2;
                match u8::from_str_radix(&digits, 16) {
                    // from_str_radix also takes "+f".
                    Ok(byte) if digits.len() == 2 && !digits.starts_with('+') => byte,
                    _ => return Err(EscapeError::Unknown(format!(r"\x{digits}"))),
                }
            }
            other => return Err(EscapeError::Unknown(format!(r"\{other}"))),
        });
        rest = &after[taken..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}
