//! The meaning of "public":
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use crate::{Condition, Document, Effect, PrincipalPattern, Statement};

/// Keys that make a grant to everybody one to somebody, where their values are fixed.
const NARROWING: [&str; 12] = [
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:principalorgid",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:userid",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
];

impl Document {
    /// Some Allow statement lets in whoever comes.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.statements().iter().any(Statement::admits_everyone)
    }
}

impl Statement {
    /// It allows, and lets in whoever comes: everybody, and no condition with fixed values makes that somebody.
    #[must_use]
    pub fn admits_everyone(&self) -> bool {
        self.effect() == Effect::Allow
            && (self.is_not_principal() || self.principals().any(|it| *it == PrincipalPattern::Everyone))
            && !self.conditions().iter().any(narrows)
    }
}

fn narrows(condition: &Condition) -> bool {
    let operator = condition.operator().to_ascii_lowercase();
    // With IfExists a request without the key is let in.
    if operator.ends_with("ifexists") || operator.contains("not") || operator.starts_with("forallvalues") {
        return false;
    }
    let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
    let key = condition.key().to_ascii_lowercase();
    match operator {
        "ipaddress" => key == "aws:sourceip" && condition.values().iter().all(|cidr| is_small(cidr)),
        "stringequals" | "stringequalsignorecase" | "arnequals" | "arnlike" | "stringlike" => {
            let fixed = |value: &String| is_fixed(&key, operator, value);
            NARROWING.contains(&key.as_str()) && condition.values().iter().all(fixed)
        }
        _ => false,
    }
}

fn is_fixed(key: &str, operator: &str, value: &str) -> bool {
    if value.contains("${") {
        return false;
    }
    let wild = |text: &str| text.contains(['*', '?']);
    match (key, operator) {
        (_, "stringequals" | "stringequalsignorecase") => true,
        // `AROA…:*` is every session of one role.
        ("aws:userid", _) => !wild(value.split(':').next().unwrap_or_default()),
        // An ARN is narrow where its account is written out; a bucket's names none, and then its name must be.
        ("aws:sourcearn" | "aws:principalarn" | "s3:dataaccesspointarn", _) => {
            let segments: Vec<&str> = value.splitn(6, ':').collect();
            match segments.as_slice() {
                ["arn", _, "s3", "", "", resource] => !wild(resource),
                [_, _, _, _, account, _] => !account.is_empty() && !wild(account),
                _ => false,
            }
        }
        _ => !wild(value),
    }
}

/// Ranges wider than /8 (IPv4) or /32 (IPv6) count as everybody.
fn is_small(cidr: &str) -> bool {
    let (address, length) = match cidr.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok()),
        None => (cidr, Some(128)),
    };
    length.is_some_and(|length| length >= if address.contains(':') { 32 } else { 8 })
}

#[cfg(test)]
mod tests {
    use crate::{Flavour, Kind, parse};

    fn public(principal: &str, condition: &str) -> bool {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject",
            "Resource":"arn:aws:s3:::b/*","Condition":{condition}}}}}"#
        );
        parse(&text, Kind::Resource(Flavour::S3)).unwrap().is_public()
    }

    #[test]
    fn everybody_is_public_unless_a_fixed_value_narrows_it() {
        assert!(public("\"*\"", "{}"));
        assert!(public(r#"{"AWS":"*"}"#, r#"{"StringLike":{"aws:SourceVpc":"vpc-*"}}"#));
        assert!(public("\"*\"", r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}"#));
        assert!(public("\"*\"", r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#));
        assert!(public("\"*\"", r#"{"Bool":{"aws:SecureTransport":"true"}}"#));
        assert!(public("\"*\"", r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}"#));
        assert!(public("\"*\"", r#"{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#));
        assert!(!public("\"*\"", r#"{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}"#));
        assert!(!public("\"*\"", r#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}}"#));
        assert!(!public("\"*\"", r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}}"#));
        assert!(!public("\"*\"", r#"{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}"#));
        assert!(!public(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, "{}"));
        assert!(!public(r#"{"Service":"config.amazonaws.com"}"#, "{}"));
    }

    #[test]
    fn a_deny_to_everybody_is_not_public() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}}"#;
        assert!(!parse(text, Kind::Resource(Flavour::S3)).unwrap().is_public());
    }
}
