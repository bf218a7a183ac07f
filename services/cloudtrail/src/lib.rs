//! cloudtrail.
