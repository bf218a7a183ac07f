//! Which managed rules AWS has, what it calls them, and which controls they bear on: built here or not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A rule of AWS's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    /// What the console names a rule of it, such as `s3-bucket-logging-enabled`.
    pub(crate) name: &'static str,
    /// The service that it is about, as resource types name it; empty where it is about several or none.
    pub(crate) service: &'static str,
    /// Controls of NIST SP 800-53 r5 that AWS maps to it, such as `SC-28(1)`.
    pub(crate) nist_800_53_r5: Vec<&'static str>,
}

static PUBLISHED: LazyLock<BTreeMap<&'static str, Published>> = LazyLock::new(|| {
    let lines = include_str!("published.tsv").lines().filter(|line| !line.starts_with('#'));
    let rule = |line: &'static str| {
        let mut cells = line.split('\t');
        let (identifier, name) = (cells.next()?, cells.next()?);
        let services = cells.next().unwrap_or_default();
        let service = services.split(',').next().unwrap_or_default();
        let controls = cells.next().unwrap_or_default();
        let nist_800_53_r5 = controls.split(',').filter(|control| !control.is_empty()).collect();
        Some((identifier, Published { name, service, nist_800_53_r5 }))
    };
    lines.filter_map(rule).collect()
});

/// AWS's rule with an identifier.
pub(crate) fn find(identifier: &str) -> Option<&'static Published> {
    PUBLISHED.get(identifier)
}

/// All of AWS's rules, by identifier.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Published)> {
    PUBLISHED.iter().map(|(identifier, rule)| (*identifier, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(all().count(), 825);
        let logging = find("S3_BUCKET_LOGGING_ENABLED").unwrap();
        assert_eq!((logging.name, logging.service), ("s3-bucket-logging-enabled", "S3"));
        assert!(logging.nist_800_53_r5.contains(&"AU-2b"));
        assert!(find("NONSENSE").is_none());
    }
}
