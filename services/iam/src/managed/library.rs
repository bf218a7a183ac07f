use names::Timestamp;
use parking_lot::RwLock;
use policy::{Document, Kind};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::{Arc, LazyLock};
use store::StoreError;

static INDEX: &str = include_str!("../../../../models/managed-policies/index.tsv");
static DOCUMENTS: &[u8] = include_bytes!("../../../../models/managed-policies/documents.bin");

/// Beyond so many parsed documents all are forgotten.
const KEPT: usize = 256;
/// No block unpacks to more.
const BLOCK_LIMIT: u64 = 4 << 20;

/// A managed policy of AWS.
#[derive(Debug)]
pub(crate) struct AwsPolicy {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    /// The default version, such as `v5`.
    pub(crate) version: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    offset: usize,
    length: usize,
    line: usize,
}

/// All, by name.
pub(crate) fn all() -> &'static BTreeMap<&'static str, AwsPolicy> {
    static ALL: LazyLock<BTreeMap<&'static str, AwsPolicy>> =
        LazyLock::new(|| INDEX.lines().filter_map(entry).map(|policy| (policy.name, policy)).collect());
    &ALL
}

fn entry(line: &'static str) -> Option<AwsPolicy> {
    let mut fields = line.split('\t');
    Some(AwsPolicy {
        path: fields.next()?,
        name: fields.next()?,
        version: fields.next()?,
        created: Timestamp::parse_iso(fields.next()?).ok()?,
        updated: Timestamp::parse_iso(fields.next()?).ok()?,
        offset: fields.next()?.parse().ok()?,
        length: fields.next()?.parse().ok()?,
        line: fields.next()?.parse().ok()?,
    })
}

/// The policy with an ARN.
pub(crate) fn by_arn(arn: &str) -> Option<&'static AwsPolicy> {
    let path_and_name = arn.strip_prefix("arn:aws:iam::aws:policy/")?;
    let (folder, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
    let policy = all().get(name)?;
    (policy.path.trim_matches('/') == folder).then_some(policy)
}

impl AwsPolicy {
    /// `arn:aws:iam::aws:policy/PATH/NAME`
    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// An id of this cloud's own, the same every time: AWS's are not in the data.
    pub(crate) fn id(&self) -> String {
        const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digest = Sha256::digest(self.arn().as_bytes());
        let characters = digest.iter().take(17).filter_map(|byte| BASE32.get(usize::from(byte & 31)));
        format!("ANPA{}", characters.map(|byte| char::from(*byte)).collect::<String>())
    }

    /// The document's text.
    ///
    /// # Errors
    /// Where the embedded data is damaged.
    pub(crate) fn document(&self) -> Result<String, StoreError> {
        let damaged = |reason: &str| {
            StoreError::Corrupt(format!("the embedded managed policy {} cannot be read: {reason}", self.name))
        };
        let end = self.offset.saturating_add(self.length);
        let packed = DOCUMENTS.get(self.offset..end).ok_or_else(|| damaged("its block is missing"))?;
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(packed)
            .take(BLOCK_LIMIT)
            .read_to_string(&mut text)
            .map_err(|error| damaged(&error.to_string()))?;
        text.lines().nth(self.line).map(str::to_owned).ok_or_else(|| damaged("its line is missing"))
    }

    /// The document, parsed now or before.
    ///
    /// # Errors
    /// Where the embedded data is damaged.
    pub(crate) fn parsed(&self) -> Result<Arc<Document>, StoreError> {
        static PARSED: LazyLock<RwLock<HashMap<&'static str, Arc<Document>>>> =
            LazyLock::new(RwLock::default);
        if let Some(document) = PARSED.read().get(self.name) {
            return Ok(Arc::clone(document));
        }
        let document = policy::parse(&self.document()?, Kind::Managed).map_err(|error| {
            StoreError::Corrupt(format!("the managed policy {} of AWS cannot be parsed: {error}", self.name))
        })?;
        let mut kept = PARSED.write();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(self.name, Arc::clone(&document));
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_of_aws_is_there_and_parses() {
        assert_eq!(all().len(), INDEX.lines().count());
        assert!(all().len() > 1500, "{}", all().len());
        let mut refused = Vec::new();
        for policy in all().values() {
            refused.extend(policy.parsed().err().map(|error| error.to_string()));
            assert_eq!(by_arn(&policy.arn()).unwrap().name, policy.name);
        }
        assert_eq!(refused, Vec::<String>::new());
    }

    #[test]
    fn is_found_by_its_whole_arn_only() {
        let config = by_arn("arn:aws:iam::aws:policy/service-role/AWS_ConfigRole").unwrap();
        assert!(config.document().unwrap().starts_with(r#"{"Version":"2012-10-17","Statement":[{"#));
        assert!(by_arn("arn:aws:iam::aws:policy/AWS_ConfigRole").is_none());
        assert!(by_arn("arn:aws:iam::aws:policy/NoSuchPolicy").is_none());
        assert!(by_arn("arn:aws:iam::111122223333:policy/ReadOnlyAccess").is_none());
        assert!(config.id().starts_with("ANPA") && config.id().len() == 21);
    }
}
