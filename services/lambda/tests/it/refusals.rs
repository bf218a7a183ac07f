//! Bad input: AWS's code and sentence, and nothing changed.

use crate::support::*;
use api_lambda::*;
use std::collections::BTreeMap;

async fn refused(change: impl FnOnce(&mut CreateFunction)) -> (String, String) {
    let lab = lab().await;
    let mut input = create("f");
    change(&mut input);
    let refused = refusal(lab.root().call(input).await);
    let list = lab.root().call(ListFunctions::default()).await.unwrap();
    assert!(list.functions.unwrap().is_empty(), "a refused function was made");
    refused
}

fn variables(pairs: &[(&str, &str)]) -> Option<Environment> {
    let all: BTreeMap<_, _> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Some(Environment { variables: Some(all) })
}

#[tokio::test]
async fn code_must_be_an_archive() {
    let refused = refused(|input| input.code.zip_file = Some("no archive".into())).await;
    let sentence = "Could not unzip uploaded file. Please check your file, then try to upload again.";
    assert_eq!(refused, ("InvalidParameterValueException".into(), sentence.into()));
}

#[tokio::test]
async fn code_handler_and_runtime_must_be_given() {
    let sentence =
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.";
    assert_eq!(refused(|input| input.handler = None).await.1, sentence);
    assert_eq!(refused(|input| input.runtime = None).await.1, sentence);
    assert_eq!(
        refused(|input| input.code = FunctionCode::default()).await.1,
        "Please provide a source for function code."
    );
    let both = refused(|input| input.code.s3_bucket = Some("bucket".into())).await;
    assert_eq!(both.1, "Please do not provide other FunctionCode parameters when providing a ZipFile.");
}

#[tokio::test]
async fn reserved_and_large_variables() {
    let reserved = refused(|input| input.environment = variables(&[("AWS_REGION", "x"), ("OK", "y")])).await;
    let sentence = "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION";
    assert_eq!(reserved, ("InvalidParameterValueException".into(), sentence.into()));
    let large = "x".repeat(4097);
    let refused = refused(|input| input.environment = variables(&[("A1", &large)])).await;
    assert!(refused.1.contains("exceeded the 4KB limit. String measured: {\"A1\":\"xxx"), "{}", refused.1);
}

#[tokio::test]
async fn limits_of_time_and_memory() {
    let late = refused(|input| input.timeout = Some(901)).await;
    let sentence = "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900";
    assert_eq!(late, ("ValidationException".into(), sentence.into()));
    assert_eq!(refused(|input| input.memory_size = Some(20_000)).await.0, "ValidationException");
    assert_ne!(refused(|input| input.memory_size = Some(64)).await.0, "");
}

#[tokio::test]
async fn the_role_must_be_one_that_lambda_can_assume() {
    let missing = refused(|input| input.role = format!("arn:aws:iam::{ACCOUNT}:role/nobody")).await;
    let sentence = "The role defined for the function cannot be assumed by Lambda.";
    assert_eq!(missing, ("InvalidParameterValueException".into(), sentence.into()));
    let lab = lab().await;
    lab.role("ec2", "ec2.amazonaws.com", &[]);
    let input = CreateFunction { role: format!("arn:aws:iam::{ACCOUNT}:role/ec2"), ..create("f") };
    assert_eq!(refusal(lab.root().call(input).await).1, sentence);
}

#[tokio::test]
async fn another_account_s_role_cannot_be_passed() {
    let (code, message) = refused(|input| input.role = "arn:aws:iam::444455556666:role/worker".into()).await;
    assert!(code.starts_with("AccessDenied"), "{code}: {message}");
}

#[tokio::test]
async fn what_is_not_built_is_refused_by_name() {
    let image = refused(|input| input.package_type = Some(PackageType::Image)).await;
    assert_eq!(image.0, "InvalidParameterValueException");
    assert!(image.1.contains("not built in Cloudchamber"), "{}", image.1);
    for change in [
        (|input: &mut CreateFunction| input.runtime = Some(Runtime::Java21)) as fn(&mut CreateFunction),
        |input| input.kms_key_arn = Some("arn:aws:kms:us-east-1:111122223333:key/k".into()),
        |input| {
            input.code_signing_config_arn =
                Some("arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0".into())
        },
        |input| input.snap_start = Some(SnapStart { apply_on: Some(SnapStartApplyOn::PublishedVersions) }),
        |input| {
            input.tenancy_config =
                Some(TenancyConfig { tenant_isolation_mode: TenantIsolationMode::PerTenant })
        },
    ] {
        let (_, message) = refused(change).await;
        assert!(message.contains("not built in Cloudchamber"), "{message}");
    }
}

#[tokio::test]
async fn names_are_taken_once_and_tags_have_rules() {
    let lab = lab().await;
    lab.function("f").await;
    assert_eq!(
        refusal(lab.root().call(create("f")).await),
        ("ResourceConflictException".into(), "Function already exist: f".into())
    );
    let tagged = |key: &str| CreateFunction {
        tags: Some(BTreeMap::from([(key.to_owned(), String::new())])),
        ..create("g")
    };
    assert_eq!(refusal(lab.root().call(tagged("aws:x")).await).0, "InvalidParameterValueException");
    let many: BTreeMap<String, String> =
        (0..51).map(|number| (format!("k{number}"), String::new())).collect();
    assert_eq!(
        refusal(lab.root().call(CreateFunction { tags: Some(many), ..create("g") }).await).0,
        "InvalidParameterValueException"
    );
}

#[tokio::test]
async fn functions_of_other_regions_are_not_reachable() {
    let lab = lab().await;
    let far = format!("arn:aws:lambda:us-west-2:{ACCOUNT}:function:f");
    assert_eq!(
        refusal(lab.root().call(GetFunction { function_name: far, qualifier: None }).await).1,
        "Functions from 'us-west-2' are not reachable in this region ('us-east-1')"
    );
    let both = GetFunction { function_name: "f:1".into(), qualifier: Some("2".into()) };
    assert_eq!(
        refusal(lab.root().call(both).await).1,
        "The derived qualifier from the function name does not match the specified qualifier."
    );
}

#[tokio::test]
async fn levels_need_json() {
    let level = LoggingConfig {
        log_format: Some(LogFormat::Text),
        system_log_level: Some(SystemLogLevel::Debug),
        ..Default::default()
    };
    assert_eq!(
        refused(|input| input.logging_config = Some(level)).await.1,
        "To use ApplicationLogLevel or SystemLogLevel, you must set LogFormat to JSON."
    );
}
