use crate::support::{allow, cloud, user};
use api_accessanalyzer::{Locale, PolicyType, ValidatePolicy, ValidatePolicyResourceType};
use testkit::TestCloud;

fn analyzing() -> TestCloud {
    cloud()
}

fn ask(policy_type: PolicyType, document: &str) -> ValidatePolicy {
    ValidatePolicy { policy_type, policy_document: document.into(), ..Default::default() }
}

#[tokio::test]
async fn findings_come_in_pages() {
    let cloud = analyzing();
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"s3:Fly","Resource":"b"}]}"#;
    let root = cloud.root();
    let whole = root.call(ask(PolicyType::IdentityPolicy, document)).await.unwrap();
    let codes: Vec<&str> = whole.findings.iter().map(|finding| finding.issue_code.as_str()).collect();
    assert_eq!(codes, ["INVALID_EFFECT", "INVALID_ACTION", "INVALID_ARN_PREFIX"]);
    assert_eq!(whole.next_token, None);
    let page = |next_token: Option<String>| ValidatePolicy {
        max_results: Some(2),
        next_token,
        ..ask(PolicyType::IdentityPolicy, document)
    };
    let first = root.call(page(None)).await.unwrap();
    assert_eq!(first.findings.len(), 2);
    let rest = root.call(page(first.next_token)).await.unwrap();
    assert_eq!((rest.findings.len(), rest.next_token), (1, None));
    assert_eq!(root.call(page(Some("x".into()))).await.unwrap_err().code, "ValidationException");
}

#[tokio::test]
async fn kinds_of_policies_and_what_is_refused() {
    let cloud = analyzing();
    let root = cloud.root();
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let of_role = ValidatePolicy {
        validate_policy_resource_type: Some(ValidatePolicyResourceType::AwsIamAssumeRolePolicyDocument),
        ..ask(PolicyType::ResourcePolicy, trust)
    };
    assert!(root.call(of_role.clone()).await.unwrap().findings.is_empty());
    let found = root.call(ask(PolicyType::ResourcePolicy, trust)).await.unwrap().findings;
    assert_eq!(
        found.iter().map(|finding| finding.issue_code.as_str()).collect::<Vec<_>>(),
        ["MISSING_RESOURCE", "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"]
    );
    for bad in [
        ValidatePolicy { policy_type: PolicyType::IdentityPolicy, ..of_role },
        ValidatePolicy { locale: Some(Locale::De), ..ask(PolicyType::IdentityPolicy, trust) },
        ValidatePolicy { max_results: Some(0), ..ask(PolicyType::IdentityPolicy, trust) },
        ask(PolicyType::IdentityPolicy, &"x".repeat(200_000)),
    ] {
        assert_eq!(root.call(bad).await.unwrap_err().code, "ValidationException");
    }
    let ann = user(&cloud, "ann", Some(&allow("iam:*", "*"))).await;
    let denied = ann.call(ask(PolicyType::IdentityPolicy, trust)).await.unwrap_err();
    assert_eq!(
        (denied.code.as_str(), denied.message.as_str()),
        (
            "AccessDeniedException",
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: access-analyzer:ValidatePolicy because no \
             identity-based policy allows the access-analyzer:ValidatePolicy action"
        )
    );
}
