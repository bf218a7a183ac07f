use crate::support::{Cloud, create, said, things};
use api_cloudformation::{CreateStack, DeleteStack, DescribeStacks};

const MAY_CREATE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:CreateStack","Resource":"*"}]}"#;
const MAY_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn denied(user: &str, action: &str, resource: &str) -> String {
    format!(
        "AccessDenied: User: arn:aws:iam::111122223333:user/{user} is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action"
    )
}

#[tokio::test]
async fn a_caller_without_permission_is_denied_by_aws_sentence() {
    let cloud = Cloud::new();
    let nobody = cloud.cloud.user("nobody", &[]);
    let create = create("s", &things(&[("A", "")]));
    let sentence = said(nobody.call(create.clone()).await.map(|_| ()).unwrap_err());
    let resource = "arn:aws:cloudformation:us-east-1:111122223333:stack/s/*";
    assert_eq!(sentence, denied("nobody", "cloudformation:CreateStack", resource));
    let id = cloud.ask(create).await;
    let describe = DescribeStacks { stack_name: Some("s".into()), next_token: None };
    let sentence = said(nobody.call(describe).await.map(|_| ()).unwrap_err());
    assert_eq!(sentence, denied("nobody", "cloudformation:DescribeStacks", &id));
    let delete = DeleteStack { stack_name: "absent".into(), ..Default::default() };
    assert!(nobody.call(delete).await.is_err());
}

#[tokio::test]
async fn a_stack_may_what_its_caller_may() {
    let cloud = Cloud::new();
    let user = cloud.cloud.user("user", &[MAY_CREATE]);
    let template = things(&[("A", "Properties: {Asks: true}")]);
    let id = user.call(create("s", &template)).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let events = cloud.events(&id).await;
    let failed = events.iter().find(|event| event.starts_with("A CREATE_FAILED")).unwrap();
    let service = "User: arn:aws:iam::111122223333:user/user is not authorized to perform: cloudformation:DescribeAccountLimits \
                   because no identity-based policy allows the cloudformation:DescribeAccountLimits action";
    assert!(failed.contains(service), "{failed}");
    assert!(failed.ends_with("(RequestToken: T, HandlerErrorCode: AccessDenied)"), "{failed}");
}

#[tokio::test]
async fn a_role_acts_in_the_callers_place_if_it_may_be_passed() {
    let cloud = Cloud::new();
    let role = "arn:aws:iam::111122223333:role/maker";
    let _ = cloud.cloud.role("maker", &[MAY_ALL]);
    let template = things(&[("A", "Properties: {Asks: true}")]);
    let input = CreateStack { role_arn: Some(role.into()), ..create("s", &template) };
    let without = cloud.cloud.user("without", &[MAY_CREATE]);
    let sentence = said(without.call(input.clone()).await.map(|_| ()).unwrap_err());
    assert_eq!(sentence, denied("without", "iam:PassRole", role));
    let pass = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",
        "Condition":{"StringEquals":{"iam:PassedToService":"cloudformation.amazonaws.com"}}}]}"#;
    let with = cloud.cloud.user("with", &[MAY_CREATE, pass]);
    let id = with.call(input).await.unwrap().stack_id.unwrap();
    let stack = cloud.rests(&id).await;
    assert_eq!(
        stack.stack_status.as_str(),
        "CREATE_COMPLETE",
        "{:#?}",
        cloud.events(&stack.stack_id.unwrap()).await
    );
    assert_eq!(stack.role_arn.as_deref(), Some(role));
    let bad = CreateStack {
        role_arn: Some("arn:aws:iam::111122223333:nothing/x-and-more".into()),
        ..create("t", &template)
    };
    let refused = cloud.refused(bad).await;
    assert!(refused.ends_with("is invalid or cannot be assumed"), "{refused}");
}

#[tokio::test]
async fn a_template_is_read_from_s3_as_the_caller() {
    let cloud = Cloud::new();
    let from = |key: &str| CreateStack {
        stack_name: "s".into(),
        template_url: Some(format!("https://templates.s3.amazonaws.com/{key}")),
        ..Default::default()
    };
    let user = cloud.cloud.user("user", &[MAY_CREATE]);
    let refused = said(user.call(from("one.yaml")).await.map(|_| ()).unwrap_err());
    assert!(
        refused.starts_with("ValidationError: S3 error: User: ")
            && refused.contains("not authorized to perform: s3:GetObject on resource"),
        "{refused}"
    );
    let missing = cloud.refused(from("none.yaml")).await;
    let sentence = "ValidationError: S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
    assert_eq!(missing, sentence);
    assert_eq!(
        cloud.refused(from("large.yaml")).await,
        "ValidationError: Template may not exceed 1000000 bytes in size."
    );
    let id = cloud.ask(from("one.yaml")).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
}

#[tokio::test]
async fn a_stacks_own_tags_decide_too() {
    let cloud = Cloud::new();
    let tag = api_cloudformation::Tag { key: "team".into(), value: "red".into() };
    let id = cloud.ask(CreateStack { tags: Some(vec![tag]), ..create("s", &things(&[("A", "")])) }).await;
    let policy = |team: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"cloudformation:DescribeStacks","Resource":"*",
        "Condition":{{"StringEquals":{{"aws:ResourceTag/team":"{team}"}}}}}}]}}"#
        )
    };
    let describe = DescribeStacks { stack_name: Some(id), next_token: None };
    assert!(cloud.cloud.user("red", &[&policy("red")]).call(describe.clone()).await.is_ok());
    assert!(cloud.cloud.user("blue", &[&policy("blue")]).call(describe).await.is_err());
}
