//! The docs say what is true; and what services do together.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod parameters;
mod remediation;
mod runbooks;

use cloudchamber::coverage;
use cloudchamber::services::{Choices, registrations};

#[test]
fn the_coverage_table_is_current() {
    let committed = include_str!("../../../docs/coverage.md");
    let current = coverage::table(&registrations(&Choices::for_tests()));
    assert!(
        committed == current,
        "docs/coverage.md is not what the registrations say: run `cargo xtask coverage`"
    );
}
