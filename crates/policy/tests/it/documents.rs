//! Documents as the labs and AWS write them.

use policy::{
    Attached, Context, Flavour, Globals, Kind, Policies, Principal, Request, ResourcePolicy, evaluate,
    global_context, parse,
};

const ACCOUNT: &str = "123456789012";

const BASIC_EXECUTION: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow",
      "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      "Resource": "*" }
  ]
}"#;

const PIPELINE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Row", "Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/Files" },
    { "Sid": "Queue", "Effect": "Allow", "Action": ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
      "Resource": "arn:aws:sqs:us-east-1:123456789012:uploads" }
  ]
}"#;

fn ask(principal: &Principal, action: &str, resource: &str, context: &Context, policies: &Policies) -> bool {
    let resource_account = Some(ACCOUNT.parse().unwrap());
    evaluate(
        &Request { principal, action, resource, resource_account, context, canonical_user: None },
        policies,
    )
    .is_allowed()
}

fn worker() -> Principal {
    Principal::session(&format!("arn:aws:iam::{ACCOUNT}:role/Worker").parse().unwrap(), "f").unwrap()
}

#[test]
fn least_privilege_is_exactly_what_it_says() {
    let policies = Policies {
        identity: vec![
            Attached::managed(
                "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                parse(BASIC_EXECUTION, Kind::Managed).unwrap(),
            ),
            Attached::inline("pipeline", parse(PIPELINE, Kind::Identity).unwrap()),
        ],
        ..Policies::default()
    };
    let context = Context::new();
    let may = |action: &str, resource: &str| ask(&worker(), action, resource, &context, &policies);
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/Files";
    let queue = "arn:aws:sqs:us-east-1:123456789012:uploads";
    assert!(may("dynamodb:PutItem", table));
    assert!(may("sqs:ReceiveMessage", queue));
    assert!(may(
        "logs:PutLogEvents",
        "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:x"
    ));
    for (action, resource) in [
        ("dynamodb:GetItem", table),
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:123456789012:table/Files2"),
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:123456789012:table/Files/index/i"),
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-west-2:123456789012:table/Files"),
        ("sqs:SendMessage", queue),
        ("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:123456789012:uploads-2"),
        ("logs:DeleteLogGroup", "*"),
    ] {
        assert!(!may(action, resource), "{action} {resource}");
    }
}

#[test]
fn a_bucket_may_notify_the_queue_for_its_own_account_only() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},
        "Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:uploads",
        "Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:files-*"},"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}"#;
    let queue = "arn:aws:sqs:us-east-1:123456789012:uploads";
    let document = parse(policy, Kind::Resource(Flavour::Sqs)).unwrap();
    let policies = Policies { resource: Some(ResourcePolicy::new(queue, document)), ..Policies::default() };
    let s3 = Principal::service("s3.amazonaws.com");
    let now = names::Timestamp::from_seconds(1_795_253_400);
    let send = |principal: &Principal, bucket: Option<&str>, account: &str| {
        let context = global_context(&Globals {
            source_arn: bucket,
            source_account: Some(account.parse().unwrap()),
            ..Globals::new(principal, now)
        });
        ask(principal, "sqs:SendMessage", queue, &context, &policies)
    };
    assert!(send(&s3, Some("arn:aws:s3:::files-in"), ACCOUNT));
    assert!(!send(&s3, Some("arn:aws:s3:::other"), ACCOUNT));
    assert!(!send(&s3, Some("arn:aws:s3:::files-in"), "999999999999"), "the confused deputy");
    assert!(!send(&s3, None, ACCOUNT));
    assert!(!send(&Principal::service("sns.amazonaws.com"), Some("arn:aws:s3:::files-in"), ACCOUNT));
}

#[test]
fn a_bucket_policy_denies_unencrypted_uploads_and_plain_http() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"Encrypt","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*",
         "Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}},
        {"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],
         "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;
    let document = parse(policy, Kind::Resource(Flavour::S3)).unwrap();
    let everything = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let policies = Policies {
        identity: vec![Attached::managed(
            "arn:aws:iam::aws:policy/AdministratorAccess",
            parse(everything, Kind::Managed).unwrap(),
        )],
        resource: Some(ResourcePolicy::new("arn:aws:s3:::b", document)),
        ..Policies::default()
    };
    let put = |encryption: Option<&str>, tls: &str| {
        let mut context = Context::new();
        context.insert("aws:SecureTransport", tls);
        if let Some(encryption) = encryption {
            context.insert("s3:x-amz-server-side-encryption", encryption);
        }
        ask(&worker(), "s3:PutObject", "arn:aws:s3:::b/k", &context, &policies)
    };
    assert!(put(Some("AES256"), "true"));
    assert!(!put(Some("aws:kms"), "true"));
    assert!(!put(None, "true"), "a missing header is not AES256");
    assert!(!put(Some("AES256"), "false"));
}

#[test]
fn a_user_without_a_second_factor_can_only_get_one() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","NotAction":["iam:EnableMFADevice","sts:GetSessionToken"],"Resource":"*",
         "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}"#;
    let policies = Policies {
        identity: vec![Attached::inline("mfa", parse(policy, Kind::Identity).unwrap())],
        ..Policies::default()
    };
    let user = Principal::user(&format!("arn:aws:iam::{ACCOUNT}:user/ann").parse().unwrap()).unwrap();
    let may = |action: &str, mfa: Option<&str>| {
        let mut context = Context::new();
        if let Some(mfa) = mfa {
            context.insert("aws:MultiFactorAuthPresent", mfa);
        }
        ask(&user, action, "*", &context, &policies)
    };
    assert!(may("ec2:RunInstances", Some("true")));
    assert!(!may("ec2:RunInstances", Some("false")));
    assert!(!may("ec2:RunInstances", None), "long-term keys have no such key: IfExists catches them");
    assert!(may("iam:EnableMFADevice", None));
}

#[test]
fn attributes_decide() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"ec2:StartInstances","Resource":"arn:aws:ec2:*:*:instance/*",
         "Condition":{"StringEquals":{"aws:ResourceTag/Team":"${aws:PrincipalTag/Team}"}}},
        {"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*",
         "Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["Team","Cost"]},"Null":{"aws:TagKeys":"false"}}}]}"#;
    let policies = Policies {
        identity: vec![Attached::inline("abac", parse(policy, Kind::Identity).unwrap())],
        ..Policies::default()
    };
    let instance = "arn:aws:ec2:us-east-1:123456789012:instance/i-1";
    let start = |own: Option<&str>, its: Option<&str>| {
        let mut context = Context::new();
        own.into_iter().for_each(|team| context.insert("aws:PrincipalTag/Team", team));
        its.into_iter().for_each(|team| context.insert("aws:ResourceTag/Team", team));
        ask(&worker(), "ec2:StartInstances", instance, &context, &policies)
    };
    assert!(start(Some("blue"), Some("blue")));
    assert!(!start(Some("blue"), Some("red")));
    assert!(!start(None, Some("blue")));
    assert!(!start(Some("blue"), None));
    assert!(!start(None, None), "nothing is not the same as nothing");
    let tag = |keys: &[&str]| {
        let mut context = Context::new();
        context.insert_all("aws:TagKeys", keys.iter().copied());
        ask(&worker(), "ec2:CreateTags", instance, &context, &policies)
    };
    assert!(tag(&["Team"]) && tag(&["Cost", "Team"]));
    assert!(!tag(&["Team", "Owner"]) && !tag(&[]));
}
