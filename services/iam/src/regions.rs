//! Where calls are recorded.

use names::Region;

/// The regions that have calls' records, the global ones included.
pub(crate) fn recorded() -> impl Iterator<Item = Region> {
    Region::COMMERCIAL.into_iter().chain([Region::GLOBAL]).chain("aws-global".parse().ok())
}
