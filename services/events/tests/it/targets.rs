use crate::cloud::{Cloud, sentence, to};
use crate::peers::{DEAD, FIFO, FUNCTION, GROUP, QUEUE, TOPIC};
use api_events::{
    DeadLetterConfig, InputTransformer, KinesisParameters, ListRuleNamesByTarget, ListTargetsByRule,
    PutTargets, RemoveTargets, RetryPolicy, SqsParameters, Target,
};

const BUS: &str = "arn:aws:events:us-east-1:111122223333:event-bus/default";

async fn with_rule() -> Cloud {
    let cloud = Cloud::start().await;
    cloud.rule(r#"{"source":["my.app"]}"#).await;
    cloud
}

async fn listed(cloud: &Cloud) -> Vec<Target> {
    let list = ListTargetsByRule { rule: "rule".into(), ..Default::default() };
    cloud.root.call(list).await.unwrap().targets.unwrap()
}

#[tokio::test]
async fn targets_are_put_replaced_listed_and_removed() {
    let cloud = with_rule().await;
    let whole = Target {
        role_arn: Some("arn:aws:iam::111122223333:role/r".into()),
        input_transformer: Some(InputTransformer {
            input_paths_map: Some([("n".to_owned(), "$.detail.n".to_owned())].into()),
            input_template: "\"<n>\"".into(),
        }),
        sqs_parameters: Some(SqsParameters { message_group_id: Some("g".into()) }),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(DEAD.into()) }),
        retry_policy: Some(RetryPolicy {
            maximum_retry_attempts: Some(3),
            maximum_event_age_in_seconds: Some(60),
        }),
        ..to(FIFO)
    };
    cloud.target(whole.clone()).await.unwrap();
    assert!(listed(&cloud).await == [whole], "all that is put is answered");
    cloud.target(to(QUEUE)).await.unwrap();
    assert!(listed(&cloud).await == [to(QUEUE)], "an id's target is replaced");
    let by_target = async |arn: &str| {
        let list = ListRuleNamesByTarget { target_arn: arn.into(), ..Default::default() };
        cloud.root.call(list).await.unwrap().rule_names.unwrap()
    };
    assert_eq!(by_target(QUEUE).await, ["rule"]);
    assert!(by_target(FIFO).await.is_empty());
    let remove =
        RemoveTargets { rule: "rule".into(), ids: vec!["t".into(), "gone".into()], ..Default::default() };
    assert_eq!(cloud.root.call(remove).await.unwrap().failed_entry_count, Some(0));
    assert!(listed(&cloud).await.is_empty());
}

#[tokio::test]
async fn wrong_targets_are_refused_in_aws_s_words() {
    let cloud = with_rule().await;
    let transformer = |path: &str, template: &str| {
        Some(InputTransformer {
            input_paths_map: Some([("n".to_owned(), path.to_owned())].into()),
            input_template: template.into(),
        })
    };
    for (wrong, expected) in [
        (to("queue"), "Parameter queue is not valid. Reason: Provided Arn is not in correct format."),
        (
            to("arn:aws:kinesis:us-east-1:111122223333:stream/s"),
            "Parameter Arn of target t is not valid. Reason: targets of the service kinesis are not built in Cloudchamber.",
        ),
        (
            to("arn:aws:states:us-east-1:111122223333:stateMachine:m"),
            "Parameter Arn of target t is not valid. Reason: targets of the service states are not built in Cloudchamber.",
        ),
        (to(FIFO), "Parameter(s) SqsParameters must be specified for target: t."),
        (
            Target {
                sqs_parameters: Some(SqsParameters { message_group_id: Some("g".into()) }),
                ..to(TOPIC)
            },
            "Parameter(s) SqsParameters not valid for target: t.",
        ),
        (
            Target {
                kinesis_parameters: Some(KinesisParameters { partition_key_path: "$".into() }),
                ..to(QUEUE)
            },
            "Parameter(s) KinesisParameters not valid for target: t.",
        ),
        (
            Target { input: Some("{}".into()), input_path: Some("$".into()), ..to(QUEUE) },
            "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
        ),
        (Target { input: Some("{".into()), ..to(QUEUE) }, "JSON syntax error in input for target t"),
        (Target { input_path: Some("detail".into()), ..to(QUEUE) }, "Invalid InputPath for target t."),
        (
            Target { input_transformer: transformer("$.a", "\"<b>\""), ..to(QUEUE) },
            "InputTemplate for target t contains invalid placeholder b.",
        ),
        (
            Target { input_transformer: transformer("a", "\"<n>\""), ..to(QUEUE) },
            "InputPathsMap for target t contains invalid path a.",
        ),
        (
            Target { input_transformer: transformer("$.a", "<n> text"), ..to(QUEUE) },
            "Invalid InputTemplate for target t : [Source: (String)\"<n> text\"; line: 1, column: 4].",
        ),
        (
            Target { input: Some("{}".into()), ..to(BUS) },
            "Modifying the input for target t is not supported.",
        ),
        (
            Target { role_arn: Some("arn:aws:iam::111122223333:role/r".into()), ..to(GROUP) },
            "RoleArn is not supported for target arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/all.",
        ),
        (
            Target { dead_letter_config: Some(DeadLetterConfig { arn: Some(TOPIC.into()) }), ..to(QUEUE) },
            "Parameter DeadLetterConfig.Arn is not valid. Reason: Provided Arn is not in correct format.",
        ),
    ] {
        assert_eq!(sentence(cloud.target(wrong).await, "ValidationException"), expected);
    }
    assert!(listed(&cloud).await.is_empty());
}

#[tokio::test]
async fn a_rule_has_at_most_five_targets() {
    let cloud = with_rule().await;
    let targets: Vec<Target> =
        (0..6).map(|number| Target { id: number.to_string(), ..to(FUNCTION) }).collect();
    let put = |targets: &[Target]| {
        let put = PutTargets { rule: "rule".into(), event_bus_name: None, targets: targets.to_vec() };
        cloud.root.call(put)
    };
    sentence(put(&targets).await, "LimitExceededException");
    assert!(listed(&cloud).await.is_empty(), "none is kept");
    put(&targets[..5]).await.unwrap();
    sentence(put(&targets[5..]).await, "LimitExceededException");
    put(&targets[..1]).await.unwrap();
    let nowhere = PutTargets { rule: "gone".into(), event_bus_name: None, targets };
    sentence(cloud.root.call(nowhere).await, "ResourceNotFoundException");
}
