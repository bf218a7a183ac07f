//! The regions whose calls an account may have.

use names::Region;

/// AWS's commercial regions, and the scope of calls that have none.
pub(crate) fn all() -> impl Iterator<Item = Region> {
    Region::COMMERCIAL.into_iter().chain([Region::GLOBAL])
}
