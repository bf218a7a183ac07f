use super::place::Positions;
use super::{Kind, findings};

const BUCKET: Kind = Kind::Resource(Some("AWS::S3::Bucket"));

fn codes(text: &str, kind: Kind) -> Vec<&'static str> {
    findings(text, kind).iter().map(|finding| finding.code).collect()
}

/// A policy of one statement, whose elements are given.
fn policy(elements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{{elements}}}]}}"#)
}

fn with_condition(condition: &str) -> String {
    policy(&format!(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{condition}"#
    ))
}

fn details(text: &str, kind: Kind) -> Vec<String> {
    findings(text, kind).into_iter().map(|finding| finding.details).collect()
}

#[test]
fn good_policies_have_no_findings() {
    for (text, kind) in [
        (
            policy(
                r#""Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/${aws:username}/*"]"#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Sid":"A1","Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/Worker""#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}"#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Effect":"Allow","Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/T","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:userid}"]}}"#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"arn:aws:sqs:us-east-1:111122223333:q""#,
            ),
            Kind::Identity,
        ),
        (
            policy(
                r#""Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole""#,
            ),
            Kind::Trust,
        ),
        (
            policy(
                r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}"#,
            ),
            Kind::Trust,
        ),
        (
            policy(
                r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            ),
            BUCKET,
        ),
        (
            policy(
                r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}"#,
            ),
            Kind::ServiceControl,
        ),
        (
            policy(
                r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#,
            ),
            Kind::ResourceControl,
        ),
    ] {
        assert_eq!(details(&text, kind), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn elements() {
    for (text, expected) in [
        (r#"{"Version":"2012-10-17","Statement":[}"#.to_owned(), &["JSON_SYNTAX_ERROR"][..]),
        ("[]".into(), &["DATA_TYPE_MISMATCH"]),
        (r#"{"Version":"2012-10-17"}"#.into(), &["MISSING_STATEMENT"]),
        (r#"{"Version":"2012-10-17","Statement":[]}"#.into(), &["MISSING_STATEMENT"]),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#.into(), &["MISSING_VERSION"]),
        (r#"{"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#.into(), &["INVALID_VERSION"]),
        (r#"{"Version":"2012-10-17","Rules":1,"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#.into(), &["INVALID_POLICY_ELEMENT"]),
        (policy(r#""Action":"s3:GetObject","Resource":"*""#), &["MISSING_EFFECT"]),
        (policy(r#""Effect":"allow","Action":"s3:GetObject","Resource":"*""#), &["INVALID_EFFECT"]),
        (policy(r#""Effect":true,"Action":"s3:GetObject","Resource":"*""#), &["DATA_TYPE_MISMATCH"]),
        (policy(r#""Effect":"Allow","Resource":"*""#), &["MISSING_ACTION"]),
        (policy(r#""Effect":"Allow","Action":"s3:GetObject""#), &["MISSING_RESOURCE"]),
        (policy(r#""Effect":"Allow","Action":[],"Resource":[]"#), &["EMPTY_ARRAY_ACTION", "EMPTY_ARRAY_RESOURCE"]),
        (policy(r#""Effect":"Allow","Action":"s3:GetObject","NotAction":"s3:*","Resource":"*""#), &["UNSUPPORTED_ELEMENT_COMBINATION"]),
        (policy(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*""#), &["UNSUPPORTED_PRINCIPAL"]),
        (policy(r#""Sid":"","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#), &["EMPTY_SID_VALUE"]),
        (policy(r#""Sid":"a b","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#), &["UNSUPPORTED_SID"]),
        (policy(r#""Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"A","Effect":"Allow","Action":"s3:PutObject","Resource":"*""#), &["UNIQUE_SIDS_REQUIRED"]),
        (policy(r#""Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"},{"Sid":"B","Resource":"*","Effect":"Allow","Action":"s3:GetObject""#), &["REDUNDANT_STATEMENT"]),
    ] {
        assert_eq!(codes(&text, Kind::Identity), expected, "{text}");
    }
}

#[test]
fn actions() {
    let policy = |action: &str| policy(&format!(r#""Effect":"Deny","Action":{action},"Resource":"*""#));
    for (action, expected) in [
        (r#""s3:GetObjct""#, "The action s3:GetObjct does not exist. Did you mean s3:GetObject?"),
        (r#""s3:Fly""#, "The action s3:Fly does not exist."),
        (r#""s3:Fly*""#, "The action s3:Fly* does not exist."),
        (r#""GetObject""#, "The action GetObject does not exist."),
        (
            r#""lamda:InvokeFunction""#,
            "The service lamda specified in the action does not exist. Did you mean lambda?",
        ),
        (
            r#""s?:GetObject""#,
            "Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services with similar \
             names.",
        ),
        (
            r#""s3:${aws:username}""#,
            "Policy variables are supported in the Resource and Condition elements. Remove the policy variable ${aws:username} from this \
             element.",
        ),
        (
            r#"["iam:Get*","iam:List*","iam:GetCredentialReport"]"#,
            "The 1 action(s) are redundant because they provide similar permissions. Update the policy to remove the redundant action such as: \
             iam:GetCredentialReport.",
        ),
    ] {
        assert_eq!(details(&policy(action), Kind::Identity), [expected]);
    }
    assert_eq!(codes(&policy(r#"["iam:Get*","iam:*CredentialReport"]"#), Kind::Identity), Vec::<&str>::new());
    assert_eq!(codes(&policy(r#"["s3:GetObject","S3:getobject"]"#), Kind::Identity), ["REDUNDANT_ACTION"]);
    assert_eq!(codes(&policy(r#""iam:*role""#), Kind::ServiceControl), ["SCP_SYNTAX_ERROR_ACTION_WILDCARD"]);
}

#[test]
fn resources() {
    let policy = |resource: &str| {
        policy(&format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":{resource}"#))
    };
    for (resource, expected) in [
        ("s3:::b", "INVALID_ARN_PREFIX"),
        ("arn:aws:s3:b", "MISSING_ARN_FIELD"),
        ("arn:amazon:s3:::b", "INVALID_PARTITION"),
        ("arn:aws:S3:::b", "INVALID_ARN_SERVICE_CASE"),
        ("arn:aws:*code*::111122223333:*", "WILDCARD_IN_SERVICE_NAME"),
        ("arn:aws:nonsense:::b", "INVALID_SERVICE"),
        ("arn:aws:iam::111122223333:rolle/x", "INVALID_ARN_RESOURCE"),
        ("arn:aws:s3:::${aws:username", "MISSING_BRACE_IN_VARIABLE"),
        ("arn:aws:s3:::${}", "EMPTY_VARIABLE"),
        ("arn:aws:s3:::b/${aws: username}", "UNSUPPORTED_SPACE_IN_VARIABLE"),
        ("arn:aws:s3:::b/${aws:username, none}", "MISSING_QUOTE_IN_VARIABLE"),
        ("arn:aws:iam:us-east-1:111122223333:role/x", "ARN_REGION_NOT_ALLOWED"),
        ("arn:aws:sqs::111122223333:q", "MISSING_ARN_REGION"),
        ("arn:aws:sqs:us-east-9:111122223333:q", "INVALID_ARN_REGION"),
        ("arn:aws:sqs:us-east-1:1111:q", "INVALID_ARN_ACCOUNT"),
        ("arn:aws:sqs:us-east-1::q", "MISSING_ARN_ACCOUNT"),
    ] {
        assert_eq!(codes(&policy(&format!("{resource:?}")), Kind::Identity), [expected], "{resource}");
    }
    let redundant = r#"["arn:aws:iam::111122223333:role/jane-admin","arn:aws:iam::111122223333:role/jane-s3only","arn:aws:iam::111122223333:role/jane*"]"#;
    let found = findings(&policy(redundant), Kind::Identity);
    assert_eq!(
        found[0].details,
        "The 2 resource ARN(s) are redundant because they reference the same resource. Review the use of wildcards (*)"
    );
    assert_eq!(found[0].places.len(), 2);
    let old = r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}"}}"#;
    assert_eq!(codes(old, Kind::Identity), ["VARIABLE_UNSUPPORTED_IN_VERSION"]);
}

#[test]
fn conditions() {
    for (condition, expected) in [
        ("{}", &["EMPTY_OBJECT_CONDITION"][..]),
        (r#"{"StringEquals":{}}"#, &["EMPTY_OBJECT_CONDITION"]),
        (r#"{"StringSame":{"aws:username":"a"}}"#, &["INVALID_CONDITION_OPERATOR"]),
        (r#"{"NullIfExists":{"aws:username":"true"}}"#, &["NULL_WITH_IF_EXISTS"]),
        (r#"{"ForAllValues:Null":{"aws:TagKeys":"true"}}"#, &["NULL_WITH_QUALIFIER"]),
        (
            r#"{"StringEquals":{"aws:UserName":"a","aws:username":"b"}}"#,
            &["DUPLICATE_KEYS_WITH_DIFFERENT_CASE"],
        ),
        (r#"{"StringEquals":{"username":"a"}}"#, &["INVALID_CONDITION_KEY_FORMAT"]),
        (r#"{"StringEquals":{"aws:Nonsense":"a"}}"#, &["INVALID_GLOBAL_CONDITION_KEY"]),
        (r#"{"StringEquals":{"s3:nonsense":"a"}}"#, &["INVALID_SERVICE_CONDITION_KEY"]),
        (r#"{"StringEquals":{"nonsense:x":"a"}}"#, &["INVALID_SERVICE"]),
        (r#"{"ArnLike":{"aws:ARN":"a"}}"#, &["UNSUPPORTED_GLOBAL_CONDITION_KEY"]),
        (r#"{"StringEquals":{"aws:RequestTag":"a"}}"#, &["MISSING_TAG_KEY_IN_CONDITION"]),
        (r#"{"StringEquals":{"aws:TagKeys":"a"}}"#, &["MISSING_QUALIFIER"]),
        (r#"{"ForAllValues:StringEquals":{"aws:username":"a"}}"#, &["FORALLVALUES_WITH_SINGLE_VALUED_KEY"]),
        (r#"{"StringEquals":{"aws:SecureTransport":"true"}}"#, &["TYPE_MISMATCH"]),
        (r#"{"NumericEquals":{"aws:MultiFactorAuthAge":"long"}}"#, &["TYPE_MISMATCH_NUMBER"]),
        (r#"{"Bool":{"aws:SecureTransport":"yes"}}"#, &["TYPE_MISMATCH_BOOLEAN"]),
        (r#"{"Bool":{"aws:SecureTransport":["true","false"]}}"#, &["INVALID_CONDITION_MULTIPLE_BOOLEAN"]),
        (r#"{"DateLessThan":{"aws:CurrentTime":"soon"}}"#, &["TYPE_MISMATCH_DATE"]),
        (r#"{"DateLessThan":{"aws:CurrentTime":"1733356800"}}"#, &["INVALID_DATE_VALUE"]),
        (r#"{"IpAddress":{"aws:SourceIp":"home"}}"#, &["TYPE_MISMATCH_IP_RANGE"]),
        (r#"{"IpAddress":{"aws:SourceIp":"203.0.113.7/24"}}"#, &["IMPROVE_IP_RANGE"]),
        (r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, &["PRIVATE_IP_ADDRESS"]),
        (
            r#"{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#,
            &["PRIVATE_NOT_IP_ADDRESS_SUBSET"],
        ),
        (r#"{"IpAddress":{"aws:SourceIp":"${aws:username}"}}"#, &["INVALID_VARIABLE_FOR_OPERATOR"]),
        (r#"{"StringEquals":{"aws:username":"a*"}}"#, &["WILDCARD_WITHOUT_LIKE_OPERATOR"]),
        (r#"{"StringEquals":{"aws:username":["a",1]}}"#, &["INVALID_CONDITION_DATA_TYPE"]),
        (r#"{"StringEquals":{"aws:username":[]}}"#, &["EMPTY_ARRAY_CONDITION"]),
        (r#"{"StringEqualsIfExists":{"aws:username":[]}}"#, &["EMPTY_ARRAY_CONDITION_IFEXISTS"]),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":[]}}"#, &["EMPTY_ARRAY_CONDITION_FORANYVALUE"]),
        (
            r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":["2700","3600"]}}"#,
            &["REDUNDANT_CONDITION_VALUE_NUM"],
        ),
        (r#"{"StringEquals":{"aws:RequestedRegion":"mars-1"}}"#, &["INVALID_REGION"]),
        (r#"{"StringEquals":{"aws:SourceVpc":"my-vpc"}}"#, &["INVALID_VPC_FORMAT"]),
        (
            r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
            &["STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"],
        ),
        (r#"{"StringEquals":{"s3:prefix":"home/"}}"#, &["UNSUPPORTED_ACTION_FOR_CONDITION_KEY"]),
        (r#"{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}"#, &["MISSING_PAIRED_CONDITION_KEYS"]),
        (r#"{"StringLike":{"aws:Referer":"http://x/*"}}"#, &["UNTRUSTWORTHY_CONDITION_KEY"]),
    ] {
        assert_eq!(codes(&with_condition(condition), Kind::Identity), expected, "{condition}");
    }
    assert_eq!(
        details(&with_condition(r#"{"StringEquals":{"aws:SecureTransport":"true"}}"#), Kind::Identity),
        [
            "Use the operator type Bool instead of operator StringEquals for the condition key aws:SecureTransport."
        ]
    );
}

#[test]
fn roles_that_are_passed() {
    let policy = |elements: &str| policy(&format!(r#""Effect":"Allow",{elements}"#));
    for (elements, expected) in [
        (r#""Action":"iam:PassRole","Resource":"*""#, &["PASS_ROLE_WITH_STAR_IN_RESOURCE"][..]),
        (
            r#""Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/*""#,
            &["PASS_ROLE_WITH_STAR_IN_RESOURCE"],
        ),
        (
            r#""Action":"iam:PassRole","NotResource":"arn:aws:iam::111122223333:role/x""#,
            &["PASS_ROLE_WITH_NOT_RESOURCE"],
        ),
        (r#""Action":"iam:Pass*","Resource":"*""#, &["PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"]),
        (r#""Action":"iam:CreateServiceLinkedRole","Resource":"*""#, &["CREATE_SLR_WITH_STAR_IN_RESOURCE"]),
        (
            r#""Action":"*","Resource":"*""#,
            &["PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"],
        ),
        (
            r#""NotAction":"ec2:*","Resource":"*""#,
            &[
                "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
                "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
            ],
        ),
        (r#""NotAction":"iam:*","Resource":"*""#, &[]),
        (r#""Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/Service*""#, &[]),
    ] {
        assert_eq!(codes(&policy(elements), Kind::Identity), expected, "{elements}");
    }
}

#[test]
fn principals() {
    let statement = |principal: &str, more: &str| {
        policy(&format!(
            r#""Effect":"Allow",{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"{more}"#
        ))
    };
    for (principal, expected) in [
        (r#""NotPrincipal":{"AWS":"111122223333"}"#, &["ALLOW_WITH_NOT_PRINCIPAL"][..]),
        (r#""Principal":"ann""#, &["INVALID_PRINCIPAL_FORMAT"]),
        (r#""Principal":{}"#, &["EMPTY_OBJECT_PRINCIPAL"]),
        (r#""Principal":{"AWS":[]}"#, &["EMPTY_ARRAY_PRINCIPAL"]),
        (r#""Principal":{"User":"ann"}"#, &["INVALID_PRINCIPAL_KEY"]),
        (r#""Principal":{"AWS":"arn:aws:iam::111122223333:user/*"}"#, &["UNSUPPORTED_WILDCARD_IN_PRINCIPAL"]),
        (r#""Principal":{"AWS":"AIDACKCEVSQ6C2EXAMPLE"}"#, &["INVALID_USER_REFERENCE"]),
        (r#""Principal":{"AWS":"AROACKCEVSQ6C2EXAMPLE"}"#, &["INVALID_ROLE_REFERENCE"]),
        (r#""Principal":{"AWS":"arn:aws:iam::1:user/a"}"#, &["INVALID_ARN_ACCOUNT"]),
        (r#""Principal":{"Federated":"accounts.google.com"}"#, &["FEDERATED_PRINCIPAL_NOT_SUPPORTED"]),
        (r#""Principal":{"Service":"config.amazonaws.com"}"#, &["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"]),
        (
            r#""Principal":{"Service":"Config"}"#,
            &["INVALID_SERVICE_PRINCIPAL_FORMAT", "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"],
        ),
    ] {
        let mut found = codes(&statement(principal, ""), BUCKET);
        found.sort_unstable();
        assert_eq!(found, expected, "{principal}");
    }
    assert_eq!(
        codes(&policy(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#), BUCKET),
        ["MISSING_PRINCIPAL"]
    );
    let source = r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#;
    assert_eq!(
        codes(&statement(r#""Principal":{"Service":"config.amazonaws.com"}"#, source), BUCKET),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(
            &policy(
                r#""Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/x""#
            ),
            BUCKET
        ),
        ["UNSUPPORTED_ACTION_IN_POLICY", "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"]
    );
}

#[test]
fn trust_policies() {
    for (elements, expected) in [
        (
            r#""Principal":"*","Action":"sts:AssumeRole""#,
            &["ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"][..],
        ),
        (
            r#""NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
            &["ALLOW_WITH_NOT_PRINCIPAL", "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"],
        ),
        (
            r#""Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Resource":"*""#,
            &["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"],
        ),
        (r#""Principal":{"AWS":"111122223333"},"Action":"s3:GetObject""#, &["UNSUPPORTED_ACTION_IN_POLICY"]),
        (
            r#""Principal":{"Federated":"token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
            &["MISSING_GITHUB_REPO_CONDITION_KEY"],
        ),
        (
            r#""Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
            &["MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"],
        ),
        (
            r#""Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/P"},"Action":"sts:AssumeRoleWithWebIdentity""#,
            &["MISMATCHED_ACTION_FOR_PRINCIPAL"],
        ),
    ] {
        let mut found = codes(&policy(&format!(r#""Effect":"Allow",{elements}"#)), Kind::Trust);
        found.sort_unstable();
        assert_eq!(found, expected, "{elements}");
    }
}

#[test]
fn control_policies() {
    let allow = policy(r#""Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*""#);
    assert_eq!(codes(&allow, Kind::ResourceControl), ["RCP_SYNTAX_ERROR_ALLOW"]);
    let principal = policy(r#""Effect":"Deny","Principal":{"AWS":"*"},"NotAction":"s3:*","Resource":"*""#);
    assert_eq!(
        codes(&principal, Kind::ResourceControl),
        ["RCP_SYNTAX_ERROR_PRINCIPAL", "RCP_SYNTAX_ERROR_NOTACTION"]
    );
    let action = policy(r#""Effect":"Deny","Principal":"*","Action":"ec2:RunInstances","Resource":"*""#);
    assert_eq!(codes(&action, Kind::ResourceControl), ["RCP_SYNTAX_ERROR_ACTION"]);
    let principal = policy(r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#);
    assert_eq!(codes(&principal, Kind::ServiceControl), ["SCP_SYNTAX_ERROR_PRINCIPAL"]);
}

#[test]
fn tags_that_actions_do_not_look_at() {
    let text = |effect: &str, actions: &str| {
        policy(&format!(
            r#""Effect":"{effect}","{actions},"Resource":"*","Condition":{{"StringEquals":{{"aws:ResourceTag/team":"blue"}}}}"#
        ))
    };
    assert_eq!(codes(&text("Allow", r#"Action":"ec2:StartInstances""#), Kind::Identity), Vec::<&str>::new());
    assert_eq!(
        details(&text("Deny", r#"Action":["ec2:StartInstances","sts:GetCallerIdentity"]"#), Kind::Identity),
        [
            "Using the effect Deny with the tag condition key aws:ResourceTag/team and actions for services with the following prefixes can be overly \
          permissive: sts. Actions for the listed services are not denied by this statement. We recommend that you move these actions to a \
          different statement without this condition key."
        ]
    );
    assert_eq!(
        codes(&text("Deny", r#"NotAction":"ec2:*""#), Kind::Identity),
        ["DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"]
    );
}

#[test]
fn places_and_links() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": [\"s3:Fly\"], \"Resource\": \"*\"}\n  ]\n}";
    let found = findings(text, Kind::Identity);
    let answer = found[0].answer(&Positions::of(text));
    assert_eq!(
        answer.learn_more_link,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html\
         #access-analyzer-reference-policy-checks-error-invalid-action"
    );
    let location = &answer.locations[0];
    let path: Vec<(Option<&str>, Option<i32>)> =
        location.path.iter().map(|element| (element.value.as_deref(), element.index)).collect();
    assert_eq!(path, [(Some("Statement"), None), (None, Some(0)), (Some("Action"), None), (None, Some(0))]);
    let (start, end) = (&location.span.start, &location.span.end);
    assert_eq!((start.line, start.column, start.offset), (4, 35, text.find("\"s3:Fly\"").unwrap() as i32));
    assert_eq!((end.line, end.column, end.offset), (4, 43, start.offset + 8));
    let key = policy(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Owner":"ann""#);
    let answer = findings(&key, Kind::Identity)[0].answer(&Positions::of(&key));
    assert_eq!(answer.locations[0].path.last().and_then(|element| element.key.as_deref()), Some("Owner"));
    let broken = findings("{\n \"a\" 1}", Kind::Identity);
    assert_eq!(broken[0].details, "Fix the JSON syntax error at index 7 line 2 column 5.");
}

#[test]
fn what_nobody_writes_is_answered_soon() {
    let many: Vec<String> = (0..2000).map(|number| format!("\"iam:Get*{number}\"")).collect();
    let text = policy(&format!(
        r#""Effect":"Deny","Action":[{}],"Resource":"arn:aws:s3:::{}""#,
        many.join(","),
        "*a".repeat(20_000)
    ));
    assert!(!findings(&text, Kind::Identity).is_empty());
}

/// The time must not grow with the square of what is sent: the check is anybody's who may call it.
#[test]
fn many_duplicates_patterns_and_mistakes_are_answered_soon() {
    let listed =
        |items: Vec<String>| items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(",");
    let of_actions =
        |items| policy(&format!(r#""Effect":"Allow","Action":[{}],"Resource":"*""#, listed(items)));
    // Many that are there twice, and patterns that each are held against all of them.
    let mut twice: Vec<String> = (0..300).map(|number| format!("s3:{number}?")).collect();
    twice.extend(std::iter::repeat_n("a:b".to_owned(), 6_000));
    // Patterns over all actions of a large service, and long names that are nearly those of one.
    let wide = (0..200).map(|number| format!("ec2:*{number}*")).collect();
    let near = (0..500).map(|number| format!("ec2:DescribeInstance{number:04}")).collect();
    for items in [twice, wide, near] {
        let text = of_actions(items);
        assert!(text.len() <= 131_072, "{}", text.len());
        let found = findings(&text, Kind::Identity);
        let positions = Positions::of(&text);
        assert!(!found.is_empty());
        assert!(
            found.iter().map(|finding| finding.answer(&positions)).all(|answer| !answer.locations.is_empty())
        );
    }
    let redundant =
        policy(r#""Effect":"Allow","Action":["s3:Get*","s3:GetObject","s3:GetObject"],"Resource":"*""#);
    assert_eq!(codes(&redundant, Kind::Identity), ["REDUNDANT_ACTION"]);
}
