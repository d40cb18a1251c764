//! Which error of `getaddrinfo(3)` it was.

use std::ffi::CStr;
use std::io;

use crate::net::errno::look_up;

#[cfg(target_os = "linux")]
const NO_DATA: libc::c_int = libc::EAI_NODATA;
/// Elsewhere it is the same as `EAI_NONAME`, or not there.
#[cfg(not(target_os = "linux"))]
const NO_DATA: libc::c_int = libc::EAI_NONAME;

const CODES: [(libc::c_int, i32); 4] = [
    (libc::EAI_NONAME, look_up::NO_NAME),
    (libc::EAI_AGAIN, look_up::AGAIN),
    (libc::EAI_FAIL, look_up::FAIL),
    (NO_DATA, look_up::NO_DATA),
];

/// The error of a look-up, one of [`look_up`], and the system's words for it. The standard library
/// has kept only those words, which are the system's own for each code. `None`: it was another.
pub(crate) fn look_up_error(error: &io::Error) -> Option<(i32, String)> {
    if error.raw_os_error().is_some() {
        return None;
    }
    let said = error.to_string();
    CODES.iter().find_map(|&(code, number)| {
        // SAFETY: for every code, known or not, the result is null or a string that ends with a
        // zero byte and is never changed or freed (`man 3 gai_strerror`: a static string).
        let words = unsafe {
            let words = libc::gai_strerror(code);
            if words.is_null() {
                return None;
            }
            CStr::from_ptr(words)
        };
        let words = words.to_string_lossy();
        said.ends_with(words.as_ref())
            .then(|| (number, words.into_owned()))
    })
}
