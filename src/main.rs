//! The program; everything it does lives in the library.

fn main() -> std::process::ExitCode {
    // A helper becomes one before there is a second thread.
    if let Some(code) = socklab::net::helper() {
        return code;
    }
    socklab::cli::main()
}
