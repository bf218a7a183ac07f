use super::{Flavour, Kind, Position, Problem, parse};
use crate::document::{Effect, PrincipalPattern, Version};

fn refused(text: &str, kind: Kind) -> super::ParseError {
    parse(text, kind).expect_err(text)
}

fn managed(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#)
}

fn with(field: &str) -> String {
    let rest: Vec<&str> = [r#""Effect":"Allow""#, r#""Action":"s3:GetObject""#, r#""Resource":"*""#]
        .into_iter()
        .filter(|default| default.split(':').next() != field.split(':').next() && !field.starts_with("\"Not"))
        .collect();
    managed(&format!("{{{field}{}{}}}", if rest.is_empty() { "" } else { "," }, rest.join(",")))
}

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";

#[test]
fn what_iam_refuses_and_how() {
    for (text, message) in [
        ("not json".to_owned(), SYNTAX),
        ("[]".to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), SYNTAX),
        (managed("[]"), SYNTAX),
        (managed("\"x\""), SYNTAX),
        (managed("[1]"), SYNTAX),
        (r#"{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}"#.to_owned(), SYNTAX),
        (r#"{"Version":"2020-01-01","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17","Extra":1,"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), SYNTAX),
        (r#"{"Version":"2012-10-17","Id":[],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), SYNTAX),
        (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), "Policy document must be version 2012-10-17 or greater."),
        (r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.to_owned(), "Policy document must be version 2012-10-17 or greater."),
        (managed(r#"{"Action":"*","Resource":"*"}"#), SYNTAX),
        (with(r#""Effect":"Permit""#), SYNTAX),
        (with(r#""Effect":"allow""#), LEGACY),
        (with(r#""effect":"Allow""#), SYNTAX),
        (with(r#""Sid":{}"#), SYNTAX),
        (with(r#""Sid":"a b""#), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"),
        (managed(r#"[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow"}]"#), "Statement IDs (SID) in a single policy must be unique."),
        (with(r#""Action":[]"#), "Policy statement must contain actions."),
        (managed(r#"{"Effect":"Allow","Resource":"*"}"#), "Policy statement must contain actions."),
        (managed(r#"{"Effect":"Allow"}"#), "Policy statement must contain actions."),
        (managed(r#"{"Effect":"Allow","Action":"s3:Get"}"#), "Policy statement must contain resources."),
        (managed(r#"{"Effect":"Allow","Action":"nonsense"}"#), "Policy statement must contain resources."),
        (with(r#""Resource":[]"#), "Policy statement must contain resources."),
        (with(r#""Action":{}"#), SYNTAX),
        (with(r#""Action":[["s3:Get"]]"#), SYNTAX),
        (managed(r#"{"Effect":"Allow","Action":"s3:Get","NotAction":"s3:Put","Resource":"*"}"#), SYNTAX),
        (managed(r#"{"Effect":"Allow","Action":"s3:Get","Resource":"*","NotResource":"*"}"#), SYNTAX),
        (with(r#""Action":"GetObject""#), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (with(r#""Action":"""#), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (with(r#""Action":"s 3:Get""#), "Vendor s 3 is not valid"),
        (with(r#""Action":"*:*""#), "Vendor * is not valid"),
        (with(r#""Action":"s3:Get:Object""#), "Actions/Condition can contain only one colon."),
        (with(r#""Resource":"my-bucket""#), "Resource my-bucket must be in ARN format or \"*\"."),
        (with(r#""Resource":"""#), "Resource  must be in ARN format or \"*\"."),
        (with(r#""Resource":"arn:moon:s3:::b""#), "Partition \"moon\" is not valid for resource \"arn:moon:s3:::b\"."),
        (with(r#""Resource":"aws:s3:::b""#), "Partition \"s3\" is not valid for resource \"arn:s3:::b:*\"."),
        (with(r#""Resource":"x:moon""#), "Partition \"moon\" is not valid for resource \"arn:moon:*:*:*:*\"."),
        (with(r#""Resource":"arn:aws""#), "Resource vendor must be fully qualified and cannot contain regexes."),
        (with(r#""Resource":"arn:aws:*:::b""#), "Resource vendor must be fully qualified and cannot contain regexes."),
        (with(r#""Resource":"arn:aws:s3::b""#), LEGACY),
        (with(r#""Resource":"arn:aws::::b""#), LEGACY),
        (with(r#""Resource":"arn:aws:s3:eu-west-1::b""#), "Resource arn:aws:s3:eu-west-1::b can not contain region information."),
        (with(r#""Resource":"arn:aws:iam:eu-west-1::role/r""#), "IAM resource arn:aws:iam:eu-west-1::role/r cannot contain region information."),
        (
            with(r#""Resource":"arn:aws:iam::111122223333:thing""#),
            "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.",
        ),
        (with(r#""Principal":"*""#), "Policy document should not specify a principal."),
        (with(r#""Condition":[]"#), SYNTAX),
        (with(r#""Condition":{"StringEquals":[]}"#), SYNTAX),
        (with(r#""Condition":{"StringEquals":{"a":{}}}"#), SYNTAX),
        (with(r#""Condition":{"StringEquals":{"a":null}}"#), SYNTAX),
        (with(r#""Condition":{"StringAlmost":{"a":"b"}}"#), SYNTAX),
        (with(r#""Condition":{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}"#), LEGACY),
        (with(r#""Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/40"}}"#), LEGACY),
        (with(r#""Condition":{"Bool":{"aws:SecureTransport":"yes"}}"#), LEGACY),
        (with(r#""Condition":{"NumericLessThan":{"s3:max-keys":"few"}}"#), LEGACY),
    ] {
        let error = refused(&text, Kind::Managed);
        assert_eq!(error.message(), message, "{text}: {error}");
        assert_eq!(error.code(), "MalformedPolicyDocument");
    }
}

#[test]
fn of_several_mistakes_the_one_that_iam_reports() {
    for (text, message) in [
        (managed(r#"{"Effect":"Allow","Condition":{"DateLessThan":{"a":"x"}}}"#), LEGACY),
        (managed(r#"{"Effect":"allow","Resource":"arn:aws:s3:eu-west-1::b"}"#), LEGACY),
        (
            managed(r#"{"Effect":"Allow","Action":"s3:a:b","Resource":"bucket"}"#),
            "Resource bucket must be in ARN format or \"*\".",
        ),
        (
            r#"{"Statement":{"Effect":"denY","Action":"*","Resource":"*"}}"#.to_owned(),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            managed(
                r#"[{"Sid":"a","Effect":"aLLow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow"}]"#,
            ),
            LEGACY,
        ),
    ] {
        assert_eq!(refused(&text, Kind::Managed).message(), message, "{text}");
    }
}

#[test]
fn what_iam_accepts() {
    for text in [
        with(r#""Action":"*""#),
        with(r#""Action":["s3:Get*","S3:PUTOBJECT","iam: odd name "]"#),
        with(r#""Action":"service-prefix.x:Name""#),
        with(r#""Resource":["arn:aws:s3:::b","*"]"#),
        with(r#""Resource":"arn:aws:anything""#),
        with(r#""Resource":"arn:aws:iam:::user/x""#),
        with(r#""Resource":"arn:aws:iam::*:*""#),
        with(r#""Resource":"arn:aws:iam::*:user/${aws:username}""#),
        with(r#""Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/p""#),
        with(r#""Resource":"arn:aws:unknown:us-east-1::b""#),
        with(r#""Resource":"arn:*:ec2:*:*:instance/*""#),
        with(r#""Condition":{}"#),
        with(r#""Condition":{"StringEquals":{}}"#),
        with(r#""Condition":{"StringEquals":{"a":[]}}"#),
        with(r#""Condition":{"Imaginary":{}}"#),
        with(r#""Condition":{"NumericLessThan":{"s3:max-keys":10},"Bool":{"aws:SecureTransport":true}}"#),
        with(r#""Condition":{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["a","b*"]}}"#),
        managed(r#"{"Effect":"Allow","NotAction":"s3:Get","NotResource":"arn:aws:s3:::b"}"#),
        managed(
            r#"[{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"},{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}]"#,
        ),
    ] {
        for kind in [Kind::Managed, Kind::Identity, Kind::Boundary, Kind::Session, Kind::ServiceControl] {
            assert!(parse(&text, kind).is_ok(), "{text}: {}", parse(&text, kind).unwrap_err());
        }
    }
}

#[test]
fn an_inline_policy_may_leave_out_the_version() {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    assert_eq!(parse(text, Kind::Identity).unwrap().version(), Version::V2008);
    assert_eq!(
        parse(&managed(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#), Kind::Identity)
            .unwrap()
            .version(),
        Version::V2012
    );
}

#[test]
fn errors_say_where() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": [\"s3:Get\", \"Put\"], \"Resource\": \"*\"}\n  ]\n}";
    let error = refused(text, Kind::Managed);
    assert_eq!(error.path, "$.Statement[0].Action[1]");
    assert_eq!(error.position, Position { line: 4, column: 46 });
    assert_eq!(error.problem, Problem::ActionWithoutVendor("Put".into()));
    assert_eq!(
        error.to_string(),
        "line 4, column 46 ($.Statement[0].Action[1]): the action \"Put\" must be written as service:Action, such as s3:GetObject"
    );
    let error = refused(&with(r#""Condition":{"StringEquals":{"a":{}}}"#), Kind::Managed);
    assert_eq!(error.path, "$.Statement.Condition.StringEquals.a");
}

fn trust(principal: &str, rest: &str) -> String {
    managed(&format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"{rest}}}"#))
}

#[test]
fn what_trust_policies_refuse() {
    for (text, message) in [
        ("nope".to_owned(), "This policy contains invalid Json"),
        (managed("[]"), "Could not parse the policy: Statement is empty!"),
        (r#"{"Version":"2012-10-17"}"#.to_owned(), "Missing required field Statement"),
        (r#"{"Version":"1","Statement":[{}]}"#.to_owned(), "The policy must contain a valid version string"),
        (managed(r#"{"Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#), "Missing required field Effect"),
        (
            managed(r#"{"Effect":"allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#),
            "Invalid effect: allow",
        ),
        (managed(r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#), "Missing required field Principal"),
        (managed(r#"{"Effect":"Allow","Principal":{"AWS":"*"}}"#), "Missing required field Action"),
        (trust("{}", ""), "Missing required field Principal cannot be empty!"),
        (trust(r#""*""#, ""), "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\"."),
        (trust(r#"{"AWS":"*"}"#, r#","Resource":"*""#), "Has prohibited field Resource"),
        (trust(r#"{"AWS":"*"}"#, r#","NotResource":"*""#), "AssumeRole policy must not contain resources."),
        (trust(r#"{"AWS":"*"}"#, r#","Extra":"*""#), "Unknown field Extra"),
        (
            trust(r#"{"AWS":"arn:aws:iam::111122223333:group/g"}"#, ""),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:group/g\"",
        ),
        (
            trust(r#"{"AWS":"arn:aws:iam::111122223333:role/*"}"#, ""),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:role/*\"",
        ),
        (
            trust(r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/r"}"#, ""),
            "Invalid principal in policy: \"AWS\":\"arn:aws:sts::111122223333:assumed-role/r\"",
        ),
        (trust(r#"{"AWS":"1234"}"#, ""), "Invalid principal in policy: \"AWS\":\"1234\""),
        (trust(r#"{"Service":"lambda"}"#, ""), "Invalid principal in policy: \"SERVICE\":\"lambda\""),
        (trust(r#"{"Service":"*"}"#, ""), "Invalid principal in policy: \"SERVICE\":\"*\""),
        (trust(r#"{"Federated":"*"}"#, ""), "Invalid principal in policy: \"FEDERATED\":\"*\""),
        (trust(r#"{"CanonicalUser":"x"}"#, ""), "Invalid principal in policy: \"CANONICAL_USER\":\"x\""),
        (trust(r#"{"Aws":"*"}"#, ""), "Invalid principal in policy: \"Aws\":\"*\""),
        (
            managed(r#"{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#),
            "Allow with NotPrincipal is not allowed.",
        ),
        (
            managed(r#"{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#),
            "AssumeRole policy must not contain NotPrincipal field.",
        ),
        (
            managed(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}"#),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            managed(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject"}"#),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            managed(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:GetCallerIdentity"}"#),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (trust(r#"{"AWS":"*"}"#, r#","Condition":{"Imaginary":{"a":"b"}}"#), "Syntax error in policy."),
    ] {
        let error = refused(&text, Kind::Trust);
        assert_eq!(error.message(), message, "{text}: {error}");
        assert_eq!(error.code(), "MalformedPolicyDocument");
    }
}

#[test]
fn principals_of_trust_policies() {
    let text = trust(
        r#"{"AWS":["*","111122223333","arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:user/dev/ann",
            "arn:aws:iam::111122223333:role/R","arn:aws:sts::111122223333:assumed-role/R/s",
            "arn:aws:sts::111122223333:federated-user/f","AROAEXAMPLEEXAMPLE12"],
            "Service":["lambda.amazonaws.com","logs.us-east-1.amazonaws.com"],
            "Federated":["cognito-identity.amazonaws.com","arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]}"#,
        r#","Condition":{"StringEquals":{"sts:ExternalId":"x"}}"#,
    );
    let document = parse(&text, Kind::Trust).unwrap();
    let account = PrincipalPattern::Account("111122223333".parse().unwrap());
    let found: Vec<_> = document.principals().cloned().collect();
    assert_eq!(found.len(), 12);
    assert_eq!(found[0], PrincipalPattern::Everyone);
    assert_eq!((&found[1], &found[2]), (&account, &account));
    assert_eq!(found[5], PrincipalPattern::Session("arn:aws:sts::111122223333:assumed-role/R/s".into()));
    assert_eq!(found[7], PrincipalPattern::UniqueId("AROAEXAMPLEEXAMPLE12".into()));
    assert_eq!(document.context_keys().collect::<Vec<_>>(), ["sts:ExternalId"]);
    let statement = &document.statements()[0];
    assert_eq!((statement.effect(), statement.resources(), statement.sid()), (Effect::Allow, None, None));
    assert_eq!(statement.actions(), (false, &["sts:AssumeRole".to_owned()][..]));
}

fn resource(flavour: Flavour, fields: &str) -> (String, Kind) {
    (managed(&format!(r#"{{"Effect":"Allow",{fields}}}"#)), Kind::Resource(flavour))
}

#[test]
fn what_resource_policies_refuse() {
    let canonical = format!(
        r#""Principal":{{"CanonicalUser":"{}"}},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        "a".repeat(64)
    );
    let star = r#""Principal":"*""#;
    for (flavour, fields, message) in [
        (
            Flavour::S3,
            r#""Action":"s3:*","Resource":"arn:aws:s3:::b""#.to_owned(),
            "Missing required field Principal",
        ),
        (Flavour::S3, format!(r#"{star},"Resource":"arn:aws:s3:::b""#), "Missing required field Action"),
        (Flavour::S3, format!(r#"{star},"Action":"s3:*""#), "Missing required field Resource"),
        (Flavour::S3, format!(r#"{star},"Action":"s3:*","Resource":"*""#), "Policy has invalid resource"),
        (Flavour::S3, format!(r#"{star},"Action":"s3:*","Resource":"b""#), "Policy has invalid resource"),
        (
            Flavour::S3,
            format!(r#"{star},"Action":"sqs:*","Resource":"arn:aws:s3:::b""#),
            "Policy has invalid action",
        ),
        (
            Flavour::S3,
            format!(r#"{star},"Action":"GetObject","Resource":"arn:aws:s3:::b""#),
            "Policy has invalid action",
        ),
        (
            Flavour::S3,
            r#""Principal":{"AWS":"me"},"Action":"s3:*","Resource":"arn:aws:s3:::b""#.to_owned(),
            "Invalid principal in policy",
        ),
        (
            Flavour::S3,
            format!(
                r#"{star},"Action":"s3:*","Resource":"arn:aws:s3:::b","Condition":{{"Imaginary":{{"a":"b"}}}}"#
            ),
            "Invalid policy syntax.",
        ),
        (
            Flavour::S3,
            r#""NotPrincipal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b""#.to_owned(),
            "Allow with NotPrincipal is not allowed.",
        ),
        (
            Flavour::Sns,
            format!(r#"{star},"Action":"sns:*""#),
            "Invalid parameter: Policy statement action out of service scope!",
        ),
        (
            Flavour::Sns,
            format!(r#"{star},"Action":"sns:CreateTopic""#),
            "Invalid parameter: Policy statement action out of service scope!",
        ),
        (
            Flavour::Sns,
            r#""Principal":{"AWS":"me"},"Action":"sns:Publish""#.to_owned(),
            "Invalid parameter: Policy Error: PrincipalNotFound",
        ),
        (Flavour::Sqs, canonical.clone(), "Invalid value for the parameter Policy."),
        (
            Flavour::Kms,
            r#""Principal":{"AWS":"me"},"Action":"kms:*","Resource":"*""#.to_owned(),
            "Policy contains a statement with one or more invalid principals.",
        ),
    ] {
        let (text, kind) = resource(flavour, &fields);
        assert_eq!(refused(&text, kind).message(), message, "{text}");
    }
    assert_eq!(
        refused(" {}", Kind::Resource(Flavour::S3)).message(),
        "Policies must be valid JSON and the first byte must be '{'"
    );
    assert_eq!(refused("{", Kind::Resource(Flavour::S3)).message(), "This policy contains invalid Json");
    assert_eq!(refused("{", Kind::Resource(Flavour::S3)).code(), "MalformedPolicy");
    let (text, kind) = resource(Flavour::S3, &canonical);
    assert!(parse(&text, kind).is_ok());
}

#[test]
fn what_resource_policies_accept() {
    for (flavour, fields) in [
        (
            Flavour::Sns,
            r#""Sid":"__default_statement_ID","Principal":{"AWS":"*"},"Action":["SNS:Publish","SNS:Receive"],"Resource":"arn:aws:sns:us-east-1:111122223333:t","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}"#,
        ),
        (Flavour::Sns, r#""Principal":{"AWS":"999999999999"},"Action":"sns:Publish""#),
        (
            Flavour::Sqs,
            r#""Principal":{"Service":"s3.amazonaws.com"},"Action":"SQS:*","Resource":"arn:aws:sqs:us-east-1:111122223333:q""#,
        ),
        (
            Flavour::Kms,
            r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*""#,
        ),
        (
            Flavour::S3,
            r#""Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
        (
            Flavour::Lambda,
            r#""Principal":{"Service":"config.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f""#,
        ),
        (
            Flavour::Logs,
            r#""Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":["logs:PutLogEvents"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:g:*""#,
        ),
        (Flavour::Other, r#""Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*""#),
    ] {
        let (text, kind) = resource(flavour, fields);
        assert!(parse(&text, kind).is_ok(), "{text}: {}", parse(&text, kind).unwrap_err());
    }
}

#[test]
fn a_resource_control_policy_is_about_everybody() {
    let text = |principal: &str| {
        managed(&format!(r#"{{"Effect":"Deny","Principal":{principal},"Action":"s3:*","Resource":"*"}}"#))
    };
    assert!(parse(&text(r#""*""#), Kind::ResourceControl).is_ok());
    assert!(parse(&text(r#"{"AWS":"111122223333"}"#), Kind::ResourceControl).is_err());
}
