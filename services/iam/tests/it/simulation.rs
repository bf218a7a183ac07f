use crate::support::{
    OTHER_ACCOUNT, allow, allowed, cloud, deny, fails, policy, put_role_policy, role, trust, user,
};
use api_iam::{
    AddUserToGroup, ContextEntry, ContextKeyTypeEnum, CreateGroup, CreateUser, DeleteUser, EvaluationResult,
    GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy, GetUser, ListUsers,
    PolicyEvaluationDecisionType as Decided, PutGroupPolicy, PutUserPermissionsBoundary,
    SimulateCustomPolicy, SimulatePrincipalPolicy, Statement, Tag,
};
use contract::Caller;
use testkit::{ACCOUNT, TestCloud};

fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

fn entry(key: &str, kind: ContextKeyTypeEnum, values: &[&str]) -> ContextEntry {
    ContextEntry {
        context_key_name: Some(key.into()),
        context_key_values: Some(values.iter().map(ToString::to_string).collect()),
        context_key_type: Some(kind),
    }
}

fn custom(policies: &[&str], action: &str, resources: &[&str]) -> SimulateCustomPolicy {
    SimulateCustomPolicy {
        policy_input_list: policies.iter().map(ToString::to_string).collect(),
        action_names: vec![action.into()],
        resource_arns: Some(resources.iter().map(ToString::to_string).collect()),
        ..Default::default()
    }
}

async fn one(caller: &Caller, input: SimulateCustomPolicy) -> EvaluationResult {
    caller.call(input).await.unwrap().evaluation_results.unwrap().remove(0)
}

fn matched(statements: Option<&[Statement]>) -> Vec<(String, &'static str, [i32; 4])> {
    let position = |statement: &Statement| {
        let (start, end) =
            (statement.start_position.clone().unwrap(), statement.end_position.clone().unwrap());
        [start.line, start.column, end.line, end.column].map(Option::unwrap)
    };
    let each = statements.unwrap_or_default().iter().map(|statement| {
        let of = statement.source_policy_type.unwrap().as_str();
        (statement.source_policy_id.clone().unwrap(), of, position(statement))
    });
    each.collect()
}

#[tokio::test]
async fn the_example_of_aws_s_reference() {
    let cloud = cloud();
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#;
    let at = |time: &str| SimulateCustomPolicy {
        resource_arns: None,
        context_entries: Some(vec![entry("aws:CurrentTime", ContextKeyTypeEnum::Date, &[time])]),
        ..custom(&[text], "dynamodb:CreateBackup", &[])
    };
    let result = one(&cloud.root(), at("2019-04-25T11:00:00Z")).await;
    assert_eq!((result.eval_decision, result.eval_resource_name.as_deref()), (Decided::Allowed, Some("*")));
    assert_eq!(
        matched(result.matched_statements.as_deref()),
        [("PolicyInputList.1".into(), "IAM Policy", [1, 38, 1, 167])]
    );
    assert_eq!(result.missing_context_values, Some(Vec::new()));
    assert!(result.resource_specific_results.is_none() && result.eval_decision_details.is_none());
    let result = one(&cloud.root(), at("2014-04-25T11:00:00Z")).await;
    assert_eq!((result.eval_decision, result.matched_statements), (Decided::ImplicitDeny, Some(Vec::new())));
    let without = SimulateCustomPolicy { context_entries: None, ..at("") };
    let result = one(&cloud.root(), without).await;
    assert_eq!(result.missing_context_values, Some(vec!["aws:CurrentTime".into()]));
}

#[tokio::test]
async fn results_name_every_policy_of_a_user() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("s3:Get*", "*"))).await;
    let arn = policy(&root, "Reader", &allow("s3:GetObject", "*")).await;
    for policy_arn in [arn, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".into()] {
        root.call(api_iam::AttachUserPolicy { user_name: "ann".into(), policy_arn }).await.unwrap();
    }
    root.call(CreateGroup { group_name: "devs".into(), ..Default::default() }).await.unwrap();
    root.call(AddUserToGroup { group_name: "devs".into(), user_name: "ann".into() }).await.unwrap();
    root.call(PutGroupPolicy {
        group_name: "devs".into(),
        policy_name: "More".into(),
        policy_document: allow("s3:*", "arn:aws:s3:::b/*"),
    })
    .await
    .unwrap();
    let ask = |more: &[String]| SimulatePrincipalPolicy {
        policy_source_arn: user_arn("ann"),
        policy_input_list: Some(more.to_vec()),
        action_names: vec!["s3:GetObject".into()],
        resource_arns: Some(vec!["arn:aws:s3:::b/k".into()]),
        ..Default::default()
    };
    let result = root.call(ask(&[])).await.unwrap().evaluation_results.unwrap().remove(0);
    let names: Vec<String> =
        matched(result.matched_statements.as_deref()).into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["user_ann_inline", "Reader", "AmazonS3ReadOnlyAccess", "group_devs_More"]);
    let specific = result.resource_specific_results.unwrap().remove(0);
    assert_eq!(specific.eval_resource_name, "arn:aws:s3:::b/k");
    assert_eq!(specific.eval_decision_details, Some(Default::default()), "within an account");
    let result = root.call(ask(&[deny("s3:*", "*")])).await.unwrap().evaluation_results.unwrap().remove(0);
    assert_eq!(result.eval_decision, Decided::ExplicitDeny);
    assert_eq!(
        matched(result.matched_statements.as_deref()),
        [("PolicyInputList.1".into(), "IAM Policy", [1, 38, 1, 86])]
    );
    // The group by itself, and a role.
    let group = SimulatePrincipalPolicy {
        policy_source_arn: format!("arn:aws:iam::{ACCOUNT}:group/devs"),
        ..ask(&[])
    };
    let result = root.call(group).await.unwrap().evaluation_results.unwrap().remove(0);
    assert_eq!(matched(result.matched_statements.as_deref()).len(), 1);
    role(&root, "worker", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    put_role_policy(&root, "worker", &allow("s3:GetObject", "arn:aws:s3:::${aws:PrincipalAccount}/*")).await;
    let of_role = SimulatePrincipalPolicy {
        policy_source_arn: format!("arn:aws:iam::{ACCOUNT}:role/worker"),
        resource_arns: Some(vec![format!("arn:aws:s3:::{ACCOUNT}/k"), "arn:aws:s3:::b/k".into()]),
        ..ask(&[])
    };
    let result = root.call(of_role).await.unwrap().evaluation_results.unwrap().remove(0);
    let decisions: Vec<Decided> =
        result.resource_specific_results.unwrap().iter().map(|it| it.eval_resource_decision).collect();
    assert_eq!(decisions, [Decided::Allowed, Decided::ImplicitDeny]);
    assert_eq!(result.eval_decision, Decided::ImplicitDeny, "not all are allowed");
    assert_eq!(result.eval_resource_name.as_deref(), Some("arn:aws:s3:::${BucketName}/${ObjectName}"));
}

#[tokio::test]
async fn a_boundary_limits_and_is_told() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("*", "*"))).await;
    let bound = policy(&root, "Bound", &allow("s3:*", "*")).await;
    root.call(PutUserPermissionsBoundary { user_name: "ann".into(), permissions_boundary: bound })
        .await
        .unwrap();
    let ask = |boundary: Option<Vec<String>>| SimulatePrincipalPolicy {
        policy_source_arn: user_arn("ann"),
        permissions_boundary_policy_input_list: boundary,
        action_names: vec!["s3:ListAllMyBuckets".into(), "ec2:RunInstances".into()],
        ..Default::default()
    };
    let decisions = |results: &[EvaluationResult]| {
        let by_boundary = |result: &EvaluationResult| {
            result
                .permissions_boundary_decision_detail
                .as_ref()
                .unwrap()
                .allowed_by_permissions_boundary
                .unwrap()
        };
        results.iter().map(|it| (it.eval_decision, by_boundary(it))).collect::<Vec<_>>()
    };
    let results = root.call(ask(None)).await.unwrap().evaluation_results.unwrap();
    assert_eq!(decisions(&results), [(Decided::Allowed, true), (Decided::ImplicitDeny, false)]);
    let last = matched(results[0].matched_statements.as_deref()).pop().unwrap();
    assert_eq!(last, ("Bound".into(), "Permissions Boundary Policy", [1, 38, 1, 87]));
    // Another boundary takes its place.
    let results = root.call(ask(Some(vec![deny("s3:*", "*")]))).await.unwrap().evaluation_results.unwrap();
    assert_eq!(decisions(&results), [(Decided::ExplicitDeny, false), (Decided::ImplicitDeny, false)]);
    fails(
        root.call(ask(Some(vec![deny("s3:*", "*"), allow("s3:*", "*")]))).await,
        "InvalidInput",
        "The list of Permissions Boundary policies cannot exceed 1 items.",
    );
}

#[tokio::test]
async fn a_resource_s_policy_and_owner_count() {
    let cloud = cloud();
    let root = cloud.root();
    let bucket = |principal: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}]}}"#
        )
    };
    let ask = |policies: &[&str], owner: Option<&str>, caller: Option<String>| SimulateCustomPolicy {
        resource_policy: Some(bucket(&user_arn("ann"))),
        resource_owner: owner.map(str::to_owned),
        caller_arn: caller,
        ..custom(policies, "s3:GetObject", &["arn:aws:s3:::b/k"])
    };
    let nothing = allow("ec2:*", "*");
    let result = one(&root, ask(&[&nothing], None, Some(user_arn("ann")))).await;
    assert_eq!(result.eval_decision, Decided::Allowed, "the bucket's policy is enough in one account");
    assert_eq!(
        matched(result.matched_statements.as_deref())
            .iter()
            .map(|it| (it.0.as_str(), it.1))
            .collect::<Vec<_>>(),
        [("ResourcePolicy", "Resource Policy")]
    );
    let result = one(&root, ask(&[&nothing], None, Some(user_arn("bob")))).await;
    assert_eq!(result.eval_decision, Decided::ImplicitDeny, "it names ann");
    let result = one(&root, ask(&[&nothing], Some(OTHER_ACCOUNT), Some(user_arn("ann")))).await;
    assert_eq!(result.eval_decision, Decided::ImplicitDeny, "both accounts must allow");
    let details = result.eval_decision_details.unwrap();
    assert_eq!(details.get("IAM Policy"), Some(&Decided::ImplicitDeny));
    assert_eq!(details.get("Resource Policy"), Some(&Decided::Allowed));
    let owner = format!("arn:aws:iam::{OTHER_ACCOUNT}:root");
    let result = one(&root, ask(&[&allow("s3:*", "*")], Some(&owner), Some(user_arn("ann")))).await;
    assert_eq!(result.eval_decision, Decided::Allowed);
    fails(
        root.call(ask(&[&nothing], None, None)).await,
        "InvalidInput",
        "CallerArn must be specified when a ResourcePolicy is included and the policies are not those of a user.",
    );
}

/// What is asked of the simulator and of the real operation.
struct Case {
    action: &'static str,
    resource: String,
    context: Vec<ContextEntry>,
    call: Real,
}

#[derive(Clone, Copy)]
enum Real {
    List,
    Get(&'static str),
    Create(&'static str),
    Delete,
}

async fn really(cloud: &TestCloud, caller: &Caller, call: Real) -> bool {
    let root = cloud.root();
    match call {
        Real::List => allowed(caller, ListUsers::default()).await,
        Real::Get(name) => allowed(caller, GetUser { user_name: Some(name.into()) }).await,
        Real::Create(cost) => {
            let tags = Some(vec![Tag { key: "cost".into(), value: cost.into() }]);
            let made =
                allowed(caller, CreateUser { user_name: "new".into(), tags, ..Default::default() }).await;
            if made {
                root.call(DeleteUser { user_name: "new".into() }).await.unwrap();
            }
            made
        }
        Real::Delete => {
            root.call(CreateUser { user_name: "old".into(), ..Default::default() }).await.unwrap();
            let gone = allowed(caller, DeleteUser { user_name: "old".into() }).await;
            if !gone {
                root.call(DeleteUser { user_name: "old".into() }).await.unwrap();
            }
            gone
        }
    }
}

#[tokio::test]
async fn the_simulation_says_what_real_calls_are_answered() {
    use ContextKeyTypeEnum::{String as Text, StringList};
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let boundary = policy(&root, "Bound", &allow("iam:*User*", "*")).await;
    let cost = |value: &'static str| {
        vec![entry("aws:RequestTag/cost", Text, &[value]), entry("aws:TagKeys", StringList, &["cost"])]
    };
    let mut cases = vec![
        Case { action: "iam:ListUsers", resource: user_arn(""), context: vec![], call: Real::List },
        Case { action: "iam:GetUser", resource: user_arn("ann"), context: vec![], call: Real::Get("ann") },
        Case { action: "iam:GetUser", resource: user_arn("bob"), context: vec![], call: Real::Get("bob") },
        Case { action: "iam:DeleteUser", resource: user_arn("old"), context: vec![], call: Real::Delete },
    ];
    user(&cloud, "bob", None).await;
    for value in ["1", "2"] {
        let context = cost(value);
        cases.push(Case {
            action: "iam:CreateUser",
            resource: user_arn("new"),
            context,
            call: Real::Create(value),
        });
    }
    let with = |condition: &str, effect: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"iam:*","Resource":"*"}},
               {{"Effect":"{effect}","Action":["iam:CreateUser","iam:GetUser"],"Resource":"*","Condition":{{{condition}}}}}]}}"#
        )
    };
    let policies = [
        allow("iam:*", "*"),
        allow("iam:Get*", &user_arn("${aws:username}")),
        allow("iam:?????User*", "*"),
        deny("iam:*", "*"),
        allow("*", "arn:aws:iam::444455556666:*"),
        with(r#""StringEquals":{"aws:RequestTag/cost":"1"}"#, "Deny"),
        with(r#""StringNotEquals":{"aws:RequestTag/cost":"1"}"#, "Deny"),
        with(r#""ForAllValues:StringEquals":{"aws:TagKeys":["cost"]}"#, "Deny"),
        with(r#""Null":{"aws:TagKeys":"true"}"#, "Deny"),
        with(r#""StringLike":{"aws:PrincipalArn":"*:user/ann"}"#, "Deny"),
        with(r#""StringLike":{"aws:userid":"AIDA*"}"#, "Deny"),
        allow("iam:CreateUser", "*").replace(
            r#""Resource""#,
            r#""Condition":{"StringEquals":{"aws:RequestTag/cost":"1"}},"Resource""#,
        ),
        allow("iam:ListUsers", "*").replace("Action", "NotAction"),
        allow("iam:*", &user_arn("ann")).replace("Resource", "NotResource"),
    ];
    let mut seen = [0, 0];
    for bounded in [false, true] {
        if bounded {
            let bind = PutUserPermissionsBoundary {
                user_name: "ann".into(),
                permissions_boundary: boundary.clone(),
            };
            root.call(bind).await.unwrap();
        }
        for document in &policies {
            crate::support::put_user_policy(&root, "ann", document).await;
            for case in &cases {
                // CreateUser with tags needs iam:TagUser on the same resource too.
                let actions = match case.action {
                    "iam:CreateUser" => vec!["iam:CreateUser".to_owned(), "iam:TagUser".to_owned()],
                    other => vec![other.to_owned()],
                };
                let answer = root
                    .call(SimulatePrincipalPolicy {
                        policy_source_arn: user_arn("ann"),
                        action_names: actions,
                        resource_arns: Some(vec![case.resource.clone()]),
                        context_entries: Some(case.context.clone()),
                        ..Default::default()
                    })
                    .await
                    .unwrap();
                let results = answer.evaluation_results.unwrap();
                let simulated = results.iter().all(|result| result.eval_decision == Decided::Allowed);
                let real = really(&cloud, &ann, case.call).await;
                assert_eq!(simulated, real, "{} on {} by {document}", case.action, case.resource);
                seen[usize::from(real)] += 1;
            }
        }
    }
    assert!(seen[0] > 20 && seen[1] > 20, "both answers occur: {seen:?}");
}

#[tokio::test]
async fn bad_questions_are_refused() {
    let cloud = cloud();
    let root = cloud.root();
    let good = || custom(&[&allow("s3:*", "*")], "s3:GetObject", &["arn:aws:s3:::b/k"]);
    for (input, sentence) in [
        (
            SimulateCustomPolicy { policy_input_list: vec!["{".into()], ..good() },
            "Invalid Input Policy PolicyInputList.1: line 1, column 2 ($): the document is not JSON that can be read: a field's name in \
             double quotes was expected",
        ),
        (
            SimulateCustomPolicy { action_names: vec!["s3:*".into()], ..good() },
            "Invalid action name: s3:*. An action is written as service:Action, and a simulation takes no wildcards in it.",
        ),
        (SimulateCustomPolicy { resource_arns: Some(vec!["b".into()]), ..good() }, "Invalid resource ARN: b"),
        (
            SimulateCustomPolicy { resource_owner: Some("me".into()), ..good() },
            "Invalid resource owner: me names no AWS account.",
        ),
        (
            SimulateCustomPolicy { caller_arn: Some(format!("arn:aws:iam::{ACCOUNT}:role/r")), ..good() },
            "Invalid Caller Arn: arn:aws:iam::111122223333:role/r is not the ARN of an IAM user.",
        ),
        (
            SimulateCustomPolicy {
                context_entries: Some(vec![entry(
                    "aws:MultiFactorAuthPresent",
                    ContextKeyTypeEnum::Boolean,
                    &["yes"],
                )]),
                ..good()
            },
            "Invalid value \"yes\" for the context key aws:MultiFactorAuthPresent of type boolean.",
        ),
        (
            SimulateCustomPolicy { resource_handling_option: Some("EC2-VPC-EBS".into()), ..good() },
            "The resource handling option EC2-VPC-EBS needs the ARN of a resource of type instance among the resources.",
        ),
        (
            SimulateCustomPolicy {
                resource_policy: Some(allow("s3:*", "*")),
                caller_arn: Some(user_arn("ann")),
                resource_arns: Some(vec![
                    "arn:aws:s3:::b".into(),
                    "arn:aws:sqs:us-east-1:111122223333:q".into(),
                ]),
                ..good()
            },
            "The ResourcePolicy must be applicable to all of the resources.",
        ),
    ] {
        fails(root.call(input).await, "InvalidInput", sentence);
    }
    let named = |arn: &str| SimulatePrincipalPolicy {
        policy_source_arn: arn.into(),
        action_names: vec!["s3:GetObject".into()],
        ..Default::default()
    };
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/s");
    fails(
        root.call(named(&session)).await,
        "InvalidInput",
        &format!("Invalid Entity Arn: {session} does not clearly define entity type and name."),
    );
    fails(
        root.call(named(&user_arn("nobody"))).await,
        "NoSuchEntity",
        "The user with name nobody cannot be found.",
    );
    fails(
        root.call(named(&format!("arn:aws:iam::{OTHER_ACCOUNT}:role/r"))).await,
        "InvalidInput",
        &format!(
            "Invalid Policy Source Arn: caller's account {ACCOUNT} does not have access to policies in account {OTHER_ACCOUNT}"
        ),
    );
}

#[tokio::test]
async fn results_come_in_pages() {
    let cloud = cloud();
    let input = |marker: Option<String>| SimulateCustomPolicy {
        action_names: ["s3:GetObject", "s3:PutObject", "s3:GetObject"].map(str::to_owned).to_vec(),
        max_items: Some(2),
        marker,
        ..custom(&[&allow("s3:Get*", "*")], "", &["*"])
    };
    let first = cloud.root().call(input(None)).await.unwrap();
    assert_eq!((first.evaluation_results.unwrap().len(), first.is_truncated), (2, Some(true)));
    let rest = cloud.root().call(input(first.marker)).await.unwrap();
    let rest_results = rest.evaluation_results.unwrap();
    assert_eq!((rest_results.len(), rest_results[0].eval_decision), (1, Decided::Allowed));
    assert_eq!((rest.is_truncated, rest.marker), (Some(false), None));
}

#[tokio::test]
async fn policies_tell_the_keys_that_they_need() {
    let cloud = cloud();
    let root = cloud.root();
    // The example of the CLI's reference.
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"}}}}"#;
    let keys = root
        .call(GetContextKeysForCustomPolicy {
            policy_input_list: vec![text.into(), text.to_lowercase().replace("version", "Version")],
        })
        .await;
    assert_eq!(keys.unwrap_err().code, "InvalidInput");
    let keys =
        root.call(GetContextKeysForCustomPolicy { policy_input_list: vec![text.into()] }).await.unwrap();
    assert_eq!(keys.context_key_names.unwrap(), ["aws:username", "aws:CurrentTime"]);
    let condition =
        r#""Condition":{"StringEquals":{"aws:SourceVpc":"${aws:PrincipalTag/vpc, 'none'}"}},"Resource""#;
    let ann = user(&cloud, "ann", Some(&allow("s3:*", "*").replace(r#""Resource""#, condition))).await;
    let ask = || GetContextKeysForPrincipalPolicy {
        policy_source_arn: user_arn("ann"),
        policy_input_list: Some(vec![text.into()]),
    };
    let keys = root.call(ask()).await.unwrap().context_key_names.unwrap();
    assert_eq!(keys, ["aws:SourceVpc", "aws:PrincipalTag/vpc", "aws:username", "aws:CurrentTime"]);
    assert!(!allowed(&ann, ask()).await);
    assert!(!allowed(&ann, custom(&[text], "s3:GetObject", &["*"])).await);
}

/// Who may simulate policies of his own does not learn by that who the account's users are.
#[tokio::test]
async fn a_caller_s_tags_are_not_found_out_by_conditions() {
    let cloud = cloud();
    let root = cloud.root();
    let tag = |key: &str, value: &str| api_iam::Tag { key: key.into(), value: value.into() };
    let create = CreateUser {
        user_name: "tagged".into(),
        tags: Some(vec![tag("team", "blue")]),
        ..Default::default()
    };
    root.call(create).await.unwrap();
    let guess = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/team":"b*"}}}]}"#;
    let asked = SimulateCustomPolicy {
        caller_arn: Some(user_arn("tagged")),
        ..custom(&[guess], "s3:GetObject", &["arn:aws:s3:::b/k"])
    };
    let result = one(&root, asked).await;
    assert_eq!(result.eval_decision, Decided::ImplicitDeny);
    // Of the user whose policies are asked about, which is a permission of its own, the tags count.
    let named = SimulatePrincipalPolicy {
        policy_source_arn: user_arn("tagged"),
        caller_arn: Some(user_arn("tagged")),
        action_names: vec!["s3:GetObject".into()],
        policy_input_list: Some(vec![guess.into()]),
        ..Default::default()
    };
    let results = root.call(named).await.unwrap().evaluation_results.unwrap();
    assert_eq!(results[0].eval_decision, Decided::Allowed);
}

#[tokio::test]
async fn a_simulation_s_work_is_bounded() {
    let cloud = cloud();
    let statements: Vec<String> = (0..1500)
        .map(|number| format!(r#"{{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::*{number}*"}}"#))
        .collect();
    let large = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let policies = [large.as_str(); 30];
    let asked = SimulateCustomPolicy {
        action_names: (0..1000).map(|number| format!("s3:Get{number}")).collect(),
        max_items: Some(1000),
        ..custom(&policies, "s3:GetObject", &["arn:aws:s3:::b/k"])
    };
    fails(
        cloud.root().call(asked).await,
        "InvalidInput",
        "A simulation reads at most 256 MB of policies, each once for each pair of an action and a resource; ask with fewer of them, or with MaxItems.",
    );
}
