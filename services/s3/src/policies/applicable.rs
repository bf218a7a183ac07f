//! What a bucket policy may say: its own bucket's resources, actions that S3 has, and each action on something that it acts on.

use policy::Document;

/// Actions on objects; all others of S3's are on buckets (or on nothing that a bucket policy governs).
const OBJECT_ACTIONS: [&str; 34] = [
    "abortmultipartupload",
    "bypassgovernanceretention",
    "deleteobject",
    "deleteobjecttagging",
    "deleteobjectversion",
    "deleteobjectversiontagging",
    "getobject",
    "getobjectacl",
    "getobjectattributes",
    "getobjectlegalhold",
    "getobjectretention",
    "getobjecttagging",
    "getobjecttorrent",
    "getobjectversion",
    "getobjectversionacl",
    "getobjectversionattributes",
    "getobjectversionforreplication",
    "getobjectversiontagging",
    "getobjectversiontorrent",
    "initiatereplication",
    "listmultipartuploadparts",
    "objectowneroverridetobucketowner",
    "putobject",
    "putobjectacl",
    "putobjectlegalhold",
    "putobjectretention",
    "putobjecttagging",
    "putobjectversionacl",
    "putobjectversiontagging",
    "replicatedelete",
    "replicateobject",
    "replicatetags",
    "restoreobject",
    "updateobjectencryption",
];

const BUCKET_ACTIONS: [&str; 62] = [
    "createbucket",
    "createbucketmetadataconfiguration",
    "createbucketmetadatatableconfiguration",
    "deletebucket",
    "deletebucketmetadatatableconfiguration",
    "deletebucketpolicy",
    "deletebucketwebsite",
    "getaccelerateconfiguration",
    "getanalyticsconfiguration",
    "getbucketabac",
    "getbucketacl",
    "getbucketcors",
    "getbucketlocation",
    "getbucketlogging",
    "getbucketmetadataconfiguration",
    "getbucketmetadatatableconfiguration",
    "getbucketnotification",
    "getbucketobjectlockconfiguration",
    "getbucketownershipcontrols",
    "getbucketpolicy",
    "getbucketpolicystatus",
    "getbucketpublicaccessblock",
    "getbucketrequestpayment",
    "getbuckettagging",
    "getbucketversioning",
    "getbucketwebsite",
    "getencryptionconfiguration",
    "getintelligenttieringconfiguration",
    "getinventoryconfiguration",
    "getlifecycleconfiguration",
    "getmetricsconfiguration",
    "getreplicationconfiguration",
    "listbucket",
    "listbucketmultipartuploads",
    "listbucketversions",
    "listtagsforresource",
    "pausereplication",
    "putaccelerateconfiguration",
    "putanalyticsconfiguration",
    "putbucketabac",
    "putbucketacl",
    "putbucketcors",
    "putbucketlogging",
    "putbucketnotification",
    "putbucketobjectlockconfiguration",
    "putbucketownershipcontrols",
    "putbucketpolicy",
    "putbucketpublicaccessblock",
    "putbucketrequestpayment",
    "putbuckettagging",
    "putbucketversioning",
    "putbucketwebsite",
    "putencryptionconfiguration",
    "putintelligenttieringconfiguration",
    "putinventoryconfiguration",
    "putlifecycleconfiguration",
    "putmetricsconfiguration",
    "putreplicationconfiguration",
    "tagresource",
    "untagresource",
    "updatebucketmetadatainventorytableconfiguration",
    "updatebucketmetadatajournaltableconfiguration",
];

const INVALID_RESOURCE: &str = "Policy has invalid resource";
const INVALID_ACTION: &str = "Policy has invalid action";
const DOES_NOT_APPLY: &str = "Action does not apply to any resource(s) in statement";

/// Answers S3's sentence where a policy cannot be this bucket's.
pub(crate) fn check(document: &Document, bucket: &str) -> Result<(), &'static str> {
    for statement in document.statements() {
        let (mut on_bucket, mut on_objects) = (false, false);
        if let Some((_, resources)) = statement.resources() {
            for resource in resources {
                match kind(resource, bucket) {
                    Some(Reach::Bucket) => on_bucket = true,
                    Some(Reach::Objects) => on_objects = true,
                    Some(Reach::Both) => (on_bucket, on_objects) = (true, true),
                    None => return Err(INVALID_RESOURCE),
                }
            }
        }
        let (_, actions) = statement.actions();
        for action in actions {
            let action = action.to_ascii_lowercase();
            let name = match action.split_once(':') {
                None if action == "*" => "*",
                Some(("s3", name)) => name,
                // S3's siblings have policies of their own, and what is a pattern names at least S3.
                Some((vendor, name)) if vendor.contains('*') => name,
                _ => return Err(INVALID_ACTION),
            };
            let objects = OBJECT_ACTIONS.iter().any(|known| fits(name, known));
            let buckets = BUCKET_ACTIONS.iter().any(|known| fits(name, known));
            if !objects && !buckets {
                return Err(INVALID_ACTION);
            }
            if !(objects && on_objects || buckets && on_bucket) {
                return Err(DOES_NOT_APPLY);
            }
        }
    }
    Ok(())
}

/// What a resource of a policy stands for.
enum Reach {
    Bucket,
    Objects,
    Both,
}

fn kind(resource: &str, bucket: &str) -> Option<Reach> {
    let path = resource.strip_prefix("arn:aws:s3:::")?;
    match path.strip_prefix(bucket)? {
        "" => Some(Reach::Bucket),
        "*" => Some(Reach::Both),
        rest if rest.starts_with('/') => Some(Reach::Objects),
        _ => None,
    }
}

/// Whether a pattern of `*` and `?` matches a name.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(b'?') => (at, of) = (at + 1, of + 1),
            Some(byte) if Some(byte) == name.get(of) => (at, of) = (at + 1, of + 1),
            _ => match star {
                Some((position, taken)) => {
                    star = Some((position, taken + 1));
                    (at, of) = (position + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use crate::policies::parse;

    fn check(action: &str, resource: &str) -> Result<(), &'static str> {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":{action},"Resource":{resource}}}}}"#
        );
        super::check(&parse(&text).unwrap(), "box")
    }

    #[test]
    fn actions_and_resources_fit() {
        let (bucket, objects) = ("\"arn:aws:s3:::box\"", "\"arn:aws:s3:::box/*\"");
        let both = r#"["arn:aws:s3:::box","arn:aws:s3:::box/*"]"#;
        for (action, resource) in [
            ("\"s3:GetObject\"", objects),
            ("\"s3:ListBucket\"", bucket),
            ("\"s3:*\"", bucket),
            ("\"s3:Get*\"", objects),
            ("\"*\"", objects),
            (r#"["s3:GetObject","s3:ListBucket"]"#, both),
            ("\"s3:?etObject\"", "\"arn:aws:s3:::box*\""),
        ] {
            assert_eq!(check(action, resource), Ok(()), "{action} {resource}");
        }
        for (action, resource, sentence) in [
            ("\"s3:ListBucket\"", objects, "Action does not apply to any resource(s) in statement"),
            ("\"s3:GetObject\"", bucket, "Action does not apply to any resource(s) in statement"),
            (
                r#"["s3:GetObject","s3:ListBucket"]"#,
                objects,
                "Action does not apply to any resource(s) in statement",
            ),
            ("\"s3:GetObjects\"", objects, "Policy has invalid action"),
            ("\"s3:GetObject\"", "\"arn:aws:s3:::other/*\"", "Policy has invalid resource"),
            ("\"s3:GetObject\"", "\"arn:aws:s3:::boxes/*\"", "Policy has invalid resource"),
            ("\"s3:GetObject\"", "\"arn:aws:s3:::*/x\"", "Policy has invalid resource"),
        ] {
            assert_eq!(check(action, resource), Err(sentence), "{action} {resource}");
        }
    }
}
