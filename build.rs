//! Lessons are embedded: a folder added to them must bring about a new build.

fn main() {
    println!("cargo::rerun-if-changed=lessons");
}
