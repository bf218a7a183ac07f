//! Rust's names for the model's names.

/// `CidrBlock` → `cidr_block`, `ContentMD5` → `content_md5`, `Ipv6CidrBlock` → `ipv6_cidr_block`, `KmsARNs` → `kms_arns`.
pub(crate) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// A field's name: [`snake`], with keywords made raw or suffixed.
pub(crate) fn field(name: &str) -> String {
    escape(snake(name))
}

/// A static's name.
pub(crate) fn screaming(name: &str) -> String {
    snake(name).to_uppercase()
}

/// A type's name: the model's, with its first letter raised.
pub(crate) fn type_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An enum's variant for a value: `us-east-1` → `UsEast1`, `AES256` → `Aes256`, `ROLLBACK_COMPLETE` → `RollbackComplete`.
pub(crate) fn variant(value: &str) -> String {
    let name: String = value
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .flat_map(words)
        .map(|word| type_name(&word))
        .collect();
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// The words of a name, in lower case. A digit belongs to the letters before it, and an acronym ends where a word begins.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        split(part, &mut words);
    }
    words
}

fn split(part: &str, words: &mut Vec<String>) {
    let letters: Vec<char> = part.chars().collect();
    let mut word = String::new();
    let mut in_lower = false;
    for (index, letter) in letters.iter().enumerate() {
        let next_lower = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        // `ARNs`, `VPCsIn`: the s belongs to the acronym.
        let plural = letters.get(index + 1) == Some(&'s')
            && letters.get(index + 2).is_none_or(|after| !after.is_ascii_lowercase());
        let begins = letter.is_ascii_uppercase() && (in_lower || (next_lower && !plural));
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter.to_ascii_lowercase());
        if !letter.is_ascii_digit() {
            in_lower = letter.is_ascii_lowercase();
        }
    }
    words.push(word);
}

fn escape(name: String) -> String {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
        "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
        "while", "yield",
    ];
    if KEYWORDS.contains(&name.as_str()) {
        return format!("r#{name}");
    }
    if ["self", "super", "crate"].contains(&name.as_str()) {
        return format!("{name}_");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        for (model, rust) in [
            ("CidrBlock", "cidr_block"),
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
            ("ContentMD5", "content_md5"),
            ("MD5OfBody", "md5_of_body"),
            ("SSEKMSKeyId", "ssekms_key_id"),
            ("ChecksumCRC32C", "checksum_crc32c"),
            ("ChecksumSHA256", "checksum_sha256"),
            ("S3Bucket", "s3_bucket"),
            ("configRuleARNs", "config_rule_arns"),
            ("ACL", "acl"),
            ("Type", "r#type"),
            ("x-amz-acl", "x_amz_acl"),
            ("retryAfterSeconds", "retry_after_seconds"),
            ("DryRun", "dry_run"),
            ("AmiIDs", "ami_ids"),
            ("IPs", "ips"),
            ("Self", "self_"),
        ] {
            assert_eq!(field(model), rust);
        }
    }

    #[test]
    fn variants() {
        for (value, rust) in [
            ("us-east-1", "UsEast1"),
            ("available", "Available"),
            ("ROLLBACK_COMPLETE", "RollbackComplete"),
            ("AES256", "Aes256"),
            ("aws:kms:dsse", "AwsKmsDsse"),
            ("s3:ObjectCreated:*", "S3ObjectCreated"),
            ("python3.9", "Python39"),
            ("", "Empty"),
            ("1", "V1"),
            ("BucketOwnerFullControl", "BucketOwnerFullControl"),
            ("self", "SelfValue"),
        ] {
            assert_eq!(variant(value), rust);
        }
    }

    #[test]
    fn types() {
        assert_eq!(type_name("assignmentStatusType"), "AssignmentStatusType");
        assert_eq!(screaming("assignmentStatusType"), "ASSIGNMENT_STATUS_TYPE");
    }
}
