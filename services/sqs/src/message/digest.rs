//! The MD5 digests that clients compare
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation>).

use crate::state::{Attribute, Value};
use md5::{Digest, Md5};
use std::collections::BTreeMap;

pub(super) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// None where there are no attributes.
pub(super) fn of_attributes<'a>(
    attributes: impl IntoIterator<Item = (&'a String, &'a Attribute)>,
) -> Option<String> {
    let sorted: BTreeMap<&String, &Attribute> = attributes.into_iter().collect();
    if sorted.is_empty() {
        return None;
    }
    let mut hash = Md5::new();
    let part = |hash: &mut Md5, bytes: &[u8]| {
        hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(bytes);
    };
    for (name, attribute) in sorted {
        part(&mut hash, name.as_bytes());
        part(&mut hash, attribute.data_type.as_bytes());
        match &attribute.value {
            Value::Text(text) => {
                hash.update([1]);
                part(&mut hash, text.as_bytes());
            }
            Value::Bytes(bytes) => {
                hash.update([2]);
                part(&mut hash, bytes);
            }
        }
    }
    Some(hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_that_sdks_compute() {
        assert_eq!(of_body("hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(of_attributes(&BTreeMap::new()), None);
        // The vector of the AWS SDK for Go's tests (md5 of attributes of all three types).
        let attribute = |data_type: &str, value| Attribute { data_type: data_type.into(), value };
        let one = BTreeMap::from([(
            "timestamp".to_owned(),
            attribute("Number", Value::Text("1493147359900".into())),
        )]);
        assert_eq!(of_attributes(&one).unwrap(), "235c5c510d26fb653d073faed50ae77c");
    }
}
