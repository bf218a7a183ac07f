use crate::cloud::Cloud;
use api_ssm::{
    AddTagsToResource, DeleteParameter, DeleteParameters, DescribeParameters, GetParameter,
    GetParameterHistory, GetParameters, GetParametersByPath, LabelParameterVersion, ListTagsForResource,
    ParameterStringFilter, ParameterTier, ParameterType, PutParameter, RemoveTagsFromResource,
    ResourceTypeForTagging, Tag, UnlabelParameterVersion,
};
use std::time::Duration;

fn put(name: &str, value: &str) -> PutParameter {
    PutParameter {
        name: name.into(),
        value: value.into(),
        r#type: Some(ParameterType::String),
        ..Default::default()
    }
}

fn over(name: &str, value: &str) -> PutParameter {
    PutParameter { overwrite: Some(true), r#type: None, ..put(name, value) }
}

fn get(name: &str) -> GetParameter {
    GetParameter { name: name.into(), with_decryption: None }
}

async fn value(cloud: &Cloud, name: &str) -> Option<String> {
    cloud.root.call(get(name)).await.ok()?.parameter?.value
}

#[tokio::test]
async fn versions_are_kept_and_selected_by_number_and_label() {
    let cloud = Cloud::start();
    let made = cloud.root.call(put("/app/url", "one")).await.unwrap();
    assert_eq!((made.version, made.tier), (Some(1), Some(ParameterTier::Standard)));
    let again = cloud.root.call(put("/app/url", "two")).await.unwrap_err();
    assert_eq!(
        (again.code.as_str(), again.message.as_str()),
        (
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
        )
    );
    assert_eq!(cloud.root.call(over("/app/url", "two")).await.unwrap().version, Some(2));
    let label = |version: Option<i64>, labels: &[&str]| LabelParameterVersion {
        name: "/app/url".into(),
        parameter_version: version,
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    };
    let labelled = cloud.root.call(label(Some(1), &["prod", "9x"])).await.unwrap();
    assert_eq!(labelled.invalid_labels.unwrap(), ["9x"]);
    let found = cloud.root.call(get("/app/url:prod")).await.unwrap().parameter.unwrap();
    assert_eq!(
        (found.value.as_deref(), found.version, found.selector.as_deref()),
        (Some("one"), Some(1), Some(":prod"))
    );
    assert_eq!(found.arn.as_deref(), Some("arn:aws:ssm:us-east-1:111122223333:parameter/app/url"));
    assert_eq!(value(&cloud, "/app/url:2").await.as_deref(), Some("two"));
    assert_eq!(
        value(&cloud, "arn:aws:ssm:us-east-1:111122223333:parameter/app/url").await.as_deref(),
        Some("two")
    );
    // The label moves.
    cloud.root.call(label(None, &["prod"])).await.unwrap();
    assert_eq!(value(&cloud, "/app/url:prod").await.as_deref(), Some("two"));
    let missing = cloud.root.call(get("/app/url:3")).await.unwrap_err();
    assert_eq!(
        (missing.code.as_str(), missing.message.as_str()),
        (
            "ParameterVersionNotFound",
            "Systems Manager could not find version 3 of /app/url. Verify the version and try again."
        )
    );
    let unlabel = UnlabelParameterVersion {
        name: "/app/url".into(),
        parameter_version: 2,
        labels: vec!["prod".into(), "test".into()],
    };
    let unlabelled = cloud.root.call(unlabel).await.unwrap();
    assert_eq!(
        (unlabelled.removed_labels.unwrap(), unlabelled.invalid_labels.unwrap()),
        (vec!["prod".to_owned()], vec!["test".to_owned()])
    );
    assert_eq!(cloud.root.call(get("/app/url:prod")).await.unwrap_err().code, "ParameterVersionNotFound");
    let history = GetParameterHistory { name: "/app/url".into(), max_results: Some(1), ..Default::default() };
    let page = cloud.root.call(history.clone()).await.unwrap();
    let next = GetParameterHistory { next_token: page.next_token, ..history };
    let last = cloud.root.call(next).await.unwrap();
    assert_eq!((last.parameters.unwrap()[0].value.as_deref(), last.next_token), (Some("two"), None));
    assert_eq!(cloud.root.call(get("/aws/service/x")).await.unwrap_err().code, "ParameterNotFound");
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_changes_nothing() {
    let cloud = Cloud::start();
    cloud
        .root
        .call(PutParameter { allowed_pattern: Some("[a-z]+".into()), ..put("a", "abc") })
        .await
        .unwrap();
    let long = "x".repeat(4097);
    let with = |change: fn(&mut PutParameter)| {
        let mut input = put("b", "x");
        change(&mut input);
        input
    };
    for (input, code, part) in [
        (
            with(|it| it.r#type = None),
            "ValidationException",
            "A parameter type is required when you create a parameter.",
        ),
        (
            over("a", "ABC"),
            "ParameterPatternMismatchException",
            "Parameter value, cannot be validated against allowedPattern: [a-z]+",
        ),
        (
            PutParameter { r#type: Some(ParameterType::StringList), ..over("a", "abc") },
            "HierarchyTypeMismatchException",
            "You must create a new, unique parameter.",
        ),
        (
            put("b", &long),
            "ValidationException",
            "Standard tier parameters support a maximum parameter value of 4096 characters.",
        ),
        (
            with(|it| it.data_type = Some("number".into())),
            "ValidationException",
            "The following data type is not supported: number",
        ),
        (with(|it| it.data_type = Some("aws:ec2:image".into())), "NotImplemented", "aws:ec2:image"),
        (
            with(|it| it.allowed_pattern = Some("(".into())),
            "InvalidAllowedPatternException",
            "regular expression",
        ),
        (with(|it| it.key_id = Some("alias/aws/ssm".into())), "ValidationException", "KeyId"),
        (
            with(|it| it.tags = Some(vec![Tag { key: "aws:x".into(), value: "y".into() }])),
            "ValidationException",
            "reserved",
        ),
        (
            PutParameter { tags: Some(vec![Tag { key: "k".into(), value: "v".into() }]), ..over("a", "abc") },
            "ValidationException",
            "tags and overwrite can't be used together",
        ),
        (
            with(|it| {
                it.policies = Some(r#"[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2030-01-01T00:00:00Z"}}]"#.into())
            }),
            "ValidationException",
            "advanced-parameter tier",
        ),
    ] {
        let error = cloud.root.call(input).await.unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.contains(part), "{error}");
    }
    let list = cloud.root.call(DescribeParameters::default()).await.unwrap().parameters.unwrap();
    assert_eq!((list.len(), list[0].version), (1, Some(1)));
    cloud
        .root
        .call(PutParameter { tier: Some(ParameterTier::IntelligentTiering), ..over("a", "abcd") })
        .await
        .unwrap();
    cloud.root.call(PutParameter { tier: Some(ParameterTier::Advanced), ..put("adv", &long) }).await.unwrap();
    let down = cloud
        .root
        .call(PutParameter { tier: Some(ParameterTier::Standard), ..over("adv", "x") })
        .await
        .unwrap_err();
    assert!(
        down.message.starts_with("This parameter uses the advanced-parameter tier. You can't downgrade"),
        "{down}"
    );
    assert_eq!(cloud.root.call(over("adv", "x")).await.unwrap().tier, Some(ParameterTier::Advanced));
}

#[tokio::test]
async fn the_oldest_of_a_hundred_versions_goes_unless_it_is_labelled() {
    let cloud = Cloud::start();
    cloud.root.call(put("many", "1")).await.unwrap();
    for _ in 0..100 {
        cloud.root.call(over("many", "x")).await.unwrap();
    }
    assert_eq!(cloud.root.call(get("many:1")).await.unwrap_err().code, "ParameterVersionNotFound");
    let label = LabelParameterVersion {
        name: "many".into(),
        parameter_version: Some(2),
        labels: vec!["keep".into()],
    };
    cloud.root.call(label).await.unwrap();
    let full = cloud.root.call(over("many", "y")).await.unwrap_err();
    assert_eq!(full.code, "ParameterMaxVersionLimitExceeded");
    assert!(
        full.message.contains(
            "Version 2, the oldest version, can't be deleted because it has a label associated with it."
        ),
        "{full}"
    );
}

#[tokio::test]
async fn hierarchies_are_listed_by_level_and_page() {
    let cloud = Cloud::start();
    for name in ["/a/x", "/a/y", "/a/b/z", "/ab/x", "root"] {
        cloud.root.call(put(name, name)).await.unwrap();
    }
    let by_path = async |path: &str, recursive: bool| -> Vec<String> {
        let input =
            GetParametersByPath { path: path.into(), recursive: Some(recursive), ..Default::default() };
        let found = cloud.root.call(input).await.unwrap().parameters.unwrap();
        found.into_iter().map(|found| found.name.unwrap()).collect()
    };
    assert_eq!(by_path("/a", false).await, ["/a/x", "/a/y"]);
    assert_eq!(by_path("/a/", true).await, ["/a/b/z", "/a/x", "/a/y"]);
    assert_eq!(by_path("/", false).await, ["root"]);
    assert!(by_path("/none", true).await.is_empty());
    let first = GetParametersByPath {
        path: "/".into(),
        recursive: Some(true),
        max_results: Some(2),
        ..Default::default()
    };
    let page = cloud.root.call(first.clone()).await.unwrap();
    assert_eq!(page.parameters.unwrap().len(), 2);
    let rest = cloud
        .root
        .call(GetParametersByPath { next_token: page.next_token, max_results: Some(10), ..first.clone() })
        .await
        .unwrap();
    assert_eq!((rest.parameters.unwrap().len(), rest.next_token), (3, None));
    let foreign = GetParametersByPath { next_token: Some("x".into()), ..first };
    assert_eq!(cloud.root.call(foreign).await.unwrap_err().code, "InvalidNextToken");
    let wrong = GetParametersByPath { path: "a".into(), ..Default::default() };
    assert_eq!(cloud.root.call(wrong).await.unwrap_err().code, "ValidationException");
    let filter = ParameterStringFilter {
        key: "Name".into(),
        option: Some("Contains".into()),
        values: Some(vec!["b".into()]),
    };
    let describe = DescribeParameters { parameter_filters: Some(vec![filter]), ..Default::default() };
    assert_eq!(cloud.root.call(describe).await.unwrap().parameters.unwrap().len(), 2);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let several = GetParameters { names: names(&["/a/x", "/a/gone", "root:7"]), with_decryption: None };
    let several = cloud.root.call(several).await.unwrap();
    assert_eq!(
        (several.parameters.unwrap().len(), several.invalid_parameters.unwrap()),
        (1, names(&["/a/gone", "root:7"]))
    );
    let deleted = cloud.root.call(DeleteParameters { names: names(&["/a/x", "/gone"]) }).await.unwrap();
    assert_eq!(
        (deleted.deleted_parameters.unwrap(), deleted.invalid_parameters.unwrap()),
        (names(&["/a/x"]), names(&["/gone"]))
    );
    assert_eq!(
        cloud.root.call(DeleteParameter { name: "/a/x".into() }).await.unwrap_err().code,
        "ParameterNotFound"
    );
}

#[tokio::test]
async fn an_expiration_ends_a_parameter_in_time() {
    let cloud = Cloud::start();
    let policies =
        r#"[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2026-11-21T10:30:00.000Z"}}]"#;
    let input = PutParameter {
        tier: Some(ParameterTier::Advanced),
        policies: Some(policies.into()),
        ..put("brief", "x")
    };
    cloud.root.call(input).await.unwrap();
    // Another version keeps the policy; taking it away keeps the parameter.
    cloud.root.call(over("brief", "y")).await.unwrap();
    let described = cloud.root.call(DescribeParameters::default()).await.unwrap().parameters.unwrap();
    let policy = &described[0].policies.as_ref().unwrap()[0];
    assert_eq!(
        (policy.policy_type.as_deref(), policy.policy_status.as_deref()),
        (Some("Expiration"), Some("Pending"))
    );
    cloud.test.advance(Duration::from_secs(3599)).await;
    assert_eq!(value(&cloud, "brief").await.as_deref(), Some("y"));
    cloud.test.advance(Duration::from_secs(1)).await;
    assert_eq!(value(&cloud, "brief").await, None);
    cloud.idle().await;
    assert_eq!(cloud.root.call(put("brief", "new")).await.unwrap().version, Some(1));
    cloud.test.advance(Duration::from_secs(86_400)).await;
    assert_eq!(value(&cloud, "brief").await.as_deref(), Some("new"));
}

#[tokio::test]
async fn permissions_are_by_name_path_tag_and_condition() {
    let cloud = Cloud::start();
    let tagged = PutParameter {
        tags: Some(vec![Tag { key: "team".into(), value: "red".into() }]),
        ..put("/red/x", "1")
    };
    cloud.root.call(tagged).await.unwrap();
    cloud.root.call(put("/blue/x", "2")).await.unwrap();
    let policy = |body: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{body}]}}"#);
    let reads = policy(
        r#"{"Effect":"Allow","Action":["ssm:GetParameter","ssm:GetParameters","ssm:GetParametersByPath"],"Resource":"arn:aws:ssm:us-east-1:111122223333:parameter/blue*"}"#,
    );
    let by_tag = policy(
        r#"{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red"}}}"#,
    );
    let no_overwrite = policy(
        r#"{"Effect":"Allow","Action":"ssm:PutParameter","Resource":"*","Condition":{"StringEquals":{"ssm:Overwrite":"false"}}}"#,
    );
    let (blue, red, careful) = (
        cloud.test.user("blue", &[&reads]),
        cloud.test.user("red", &[&by_tag]),
        cloud.test.user("careful", &[&no_overwrite]),
    );
    blue.call(get("/blue/x")).await.unwrap();
    assert_eq!(
        blue.call(get("/red/x")).await.unwrap_err().message,
        "User: arn:aws:iam::111122223333:user/blue is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:111122223333:parameter/red/x because no identity-based policy allows the ssm:GetParameter action"
    );
    let both = GetParameters { names: vec!["/blue/x".into(), "/red/x".into()], with_decryption: None };
    assert_eq!(blue.call(both).await.unwrap_err().code, "AccessDeniedException");
    blue.call(GetParametersByPath { path: "/blue".into(), ..Default::default() }).await.unwrap();
    assert_eq!(
        blue.call(GetParametersByPath { path: "/".into(), recursive: Some(true), ..Default::default() })
            .await
            .unwrap_err()
            .code,
        "AccessDeniedException"
    );
    red.call(get("/red/x")).await.unwrap();
    assert_eq!(red.call(get("/blue/x")).await.unwrap_err().code, "AccessDeniedException");
    careful.call(put("/new", "1")).await.unwrap();
    assert_eq!(careful.call(over("/new", "2")).await.unwrap_err().code, "AccessDeniedException");
    let with_tags = PutParameter {
        tags: Some(vec![Tag { key: "team".into(), value: "red".into() }]),
        ..put("/tagged", "1")
    };
    assert!(careful.call(with_tags).await.unwrap_err().message.contains("ssm:AddTagsToResource"));
}

#[tokio::test]
async fn tags_are_added_listed_and_removed() {
    let cloud = Cloud::start();
    cloud.root.call(put("/t", "1")).await.unwrap();
    let parameter = ResourceTypeForTagging::Parameter;
    let tag = |key: &str| Tag { key: key.into(), value: "v".into() };
    let add = AddTagsToResource {
        resource_type: parameter,
        resource_id: "/t".into(),
        tags: vec![tag("a"), tag("b")],
    };
    cloud.root.call(add.clone()).await.unwrap();
    let remove = RemoveTagsFromResource {
        resource_type: parameter,
        resource_id: "/t".into(),
        tag_keys: vec!["a".into()],
    };
    cloud.root.call(remove).await.unwrap();
    let list = ListTagsForResource { resource_type: parameter, resource_id: "/t".into() };
    assert_eq!(cloud.root.call(list).await.unwrap().tag_list.unwrap(), [tag("b")]);
    let gone = AddTagsToResource { resource_id: "/gone".into(), ..add.clone() };
    assert_eq!(cloud.root.call(gone).await.unwrap_err().code, "InvalidResourceId");
    let other = AddTagsToResource { resource_type: ResourceTypeForTagging::PatchBaseline, ..add };
    assert_eq!(cloud.root.call(other).await.unwrap_err().status, 501);
}
