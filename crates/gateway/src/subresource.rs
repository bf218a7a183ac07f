//! S3's subresources: query parameters that name a part of a bucket or object.
//!
//! Where the operation on a part is not built, its path still fits the operation on the whole: `DELETE /bucket?lifecycle` would delete
//! the bucket, and `PUT /bucket/key?legal-hold` would overwrite the object. Such a request is refused. Any other parameter that an
//! operation does not know is ignored, as AWS ignores it.

use wire::OperationSchema;

/// All that S3's model has in its paths.
const SUBRESOURCES: [&str; 38] = [
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "cors",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "session",
    "tagging",
    "torrent",
    "uploads",
    "versioning",
    "versions",
    "website",
];

/// The subresource that a request names and an operation of S3 is not about.
pub(crate) fn stray(schema: &OperationSchema, query: &str) -> Option<&'static str> {
    if schema.service.signing_name != "s3" {
        return None;
    }
    let own = schema.http.uri.split_once('?').map_or("", |(_, own)| own);
    let is_own = |name: &str| own.split('&').any(|part| part.split('=').next() == Some(name));
    wire::uri::parameters(query).find_map(|(name, _)| {
        SUBRESOURCES.into_iter().find(|subresource| *subresource == name && !is_own(subresource))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stray_of(name: &str, query: &str) -> Option<&'static str> {
        let schema = api_s3::OPERATIONS.iter().find(|schema| schema.name == name).unwrap();
        stray(schema, query)
    }

    #[test]
    fn a_part_is_never_taken_for_the_whole() {
        assert_eq!(stray_of("DeleteBucket", "lifecycle"), Some("lifecycle"));
        assert_eq!(stray_of("CreateBucket", "x-id=CreateBucket&cors="), Some("cors"));
        assert_eq!(stray_of("PutObject", "legal-hold=x"), Some("legal-hold"));
        assert_eq!(stray_of("GetBucketAcl", "acl"), None);
        assert_eq!(stray_of("GetBucketAcl", "acl&torrent"), Some("torrent"));
        assert_eq!(stray_of("ListObjectsV2", "list-type=2&prefix=x"), None);
        for harmless in
            ["", "x-id=PutObject", "prefix=acl", "versionId=1&partNumber=2", "X-Amz-Signature=00", "12345"]
        {
            assert_eq!(stray_of("PutObject", harmless), None, "{harmless}");
        }
    }

    /// A served operation whose part is not in the list would be taken for the operation on the whole, were it not served.
    #[test]
    fn every_part_of_a_served_path_is_in_the_list() {
        for schema in api_s3::OPERATIONS {
            let own = schema.http.uri.split_once('?').map_or("", |(_, own)| own);
            for part in own.split('&').filter(|part| !part.is_empty() && !part.contains('=')) {
                assert!(SUBRESOURCES.contains(&part), "{part} of {}", schema.name);
            }
        }
    }
}
