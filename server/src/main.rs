//! cloudchamber.
fn main() {}
