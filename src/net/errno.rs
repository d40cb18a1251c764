//! Names of the system's error numbers.

/// The name of an error number of this system (`ECONNRESET`), or `"errno?"`.
pub fn errno_name(errno: i32) -> &'static str {
    let _ = errno;
    todo!()
}
