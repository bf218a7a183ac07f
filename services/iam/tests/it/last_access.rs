use crate::support::{
    OTHER_ACCOUNT, allow, allowed, assume, caller_of, cloud, deny, fails, policy, put_role_policy, role,
    role_arn, trust, user,
};
use api_iam::{
    AccessAdvisorUsageGranularityType as Granularity, AddUserToGroup, AttachUserPolicy, CreateAccessKey,
    CreateGroup, CreateLoginProfile, GenerateCredentialReport, GenerateServiceLastAccessedDetails,
    GetCredentialReport, GetRole, GetServiceLastAccessedDetails, GetServiceLastAccessedDetailsOutput,
    GetServiceLastAccessedDetailsWithEntities, JobStatusType, ListPoliciesGrantingServiceAccess, ListRoles,
    ListUsers, PutGroupPolicy, ReportStateType,
};
use contract::Caller;
use std::time::Duration;
use testkit::{ACCOUNT, TestCloud};

fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

async fn job(cloud: &TestCloud, arn: &str, granularity: Granularity) -> String {
    let _ = cloud.records();
    let input = GenerateServiceLastAccessedDetails { arn: arn.into(), granularity: Some(granularity) };
    cloud.root().call(input).await.unwrap().job_id.unwrap()
}

async fn details(root: &Caller, job_id: &str) -> GetServiceLastAccessedDetailsOutput {
    root.call(GetServiceLastAccessedDetails { job_id: job_id.into(), ..Default::default() }).await.unwrap()
}

#[tokio::test]
async fn attempts_count_also_those_that_are_denied() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", Some(&allow("iam:ListUsers", "*"))).await;
    cloud.advance(Duration::from_secs(60)).await;
    let first = cloud.now();
    assert!(allowed(&ann, ListUsers::default()).await);
    cloud.advance(Duration::from_secs(60)).await;
    let second = cloud.now();
    assert!(!allowed(&ann, ListRoles::default()).await);
    let found = details(&root, &job(&cloud, &arn("user/ann"), Granularity::ActionLevel).await).await;
    assert_eq!(
        (found.job_status, found.job_type),
        (JobStatusType::Completed, Some(Granularity::ActionLevel))
    );
    let [service] = found.services_last_accessed.as_slice() else { panic!("iam alone is allowed") };
    assert_eq!(service.service_namespace, "iam");
    assert!(service.service_name.contains("Identity and Access Management"), "{}", service.service_name);
    assert_eq!((service.last_authenticated, service.total_authenticated_entities), (Some(second), Some(1)));
    assert_eq!(service.last_authenticated_entity, Some(arn("user/ann")));
    assert_eq!(service.last_authenticated_region.as_deref(), Some("us-east-1"));
    let actions: Vec<_> = service
        .tracked_actions_last_accessed
        .iter()
        .flatten()
        .map(|action| (action.action_name.clone().unwrap(), action.last_accessed_time.unwrap()))
        .collect();
    assert_eq!(actions, [("ListRoles".to_owned(), second), ("ListUsers".to_owned(), first)]);
    // A later use is another report's.
    let found = details(&root, &job(&cloud, &arn("user/ann"), Granularity::ServiceLevel).await).await;
    assert!(found.services_last_accessed[0].tracked_actions_last_accessed.is_none());
}

#[tokio::test]
async fn services_that_are_allowed_and_never_used_are_listed() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("s3:Get*", "*"))).await;
    let found = details(&root, &job(&cloud, &arn("user/ann"), Granularity::ServiceLevel).await).await;
    let [service] = found.services_last_accessed.as_slice() else { panic!("s3 alone is allowed") };
    assert_eq!((service.service_name.as_str(), service.service_namespace.as_str()), ("Amazon S3", "s3"));
    assert_eq!((service.last_authenticated, service.total_authenticated_entities), (None, Some(0)));
}

#[tokio::test]
async fn groups_and_policies_tell_of_all_who_have_them() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    user(&cloud, "bob", None).await;
    root.call(CreateGroup { group_name: "devs".into(), ..Default::default() }).await.unwrap();
    for name in ["ann", "bob"] {
        root.call(AddUserToGroup { group_name: "devs".into(), user_name: name.into() }).await.unwrap();
    }
    let policy_arn = policy(&root, "Reader", &allow("iam:List*", "*")).await;
    let attach = api_iam::AttachGroupPolicy { group_name: "devs".into(), policy_arn: policy_arn.clone() };
    root.call(attach).await.unwrap();
    assert!(allowed(&ann, ListUsers::default()).await);
    for about in [arn("group/devs"), policy_arn] {
        let id = job(&cloud, &about, Granularity::ServiceLevel).await;
        let found = details(&root, &id).await;
        let service = &found.services_last_accessed[0];
        assert_eq!(
            (service.service_namespace.as_str(), service.total_authenticated_entities),
            ("iam", Some(1))
        );
        let entities = root
            .call(GetServiceLastAccessedDetailsWithEntities {
                job_id: id.clone(),
                service_namespace: "iam".into(),
                ..Default::default()
            })
            .await
            .unwrap();
        let mut told: Vec<(String, bool)> = entities
            .entity_details_list
            .iter()
            .map(|details| (details.entity_info.name.clone(), details.last_authenticated.is_some()))
            .collect();
        told.sort();
        assert_eq!(told, [("ann".to_owned(), true), ("bob".to_owned(), false)]);
        let other = GetServiceLastAccessedDetailsWithEntities {
            job_id: id,
            service_namespace: "s3".into(),
            ..Default::default()
        };
        fails(root.call(other).await, "InvalidInput", "The service s3 is not one that the report is about.");
    }
}

#[tokio::test]
async fn a_role_s_last_use_follows_its_calls() {
    let cloud = cloud();
    let work = cloud.start_work();
    let root = cloud.root();
    let trusted = trust(&format!(r#"{{"AWS":"{ACCOUNT}"}}"#));
    role(&root, "worker", &trusted).await;
    put_role_policy(&root, "worker", &allow("iam:ListUsers", "*")).await;
    let ann = user(&cloud, "ann", Some(&allow("sts:AssumeRole", &role_arn("worker")))).await;
    let session = caller_of(&cloud, ann.call(assume("worker")).await.unwrap());
    cloud.advance(Duration::from_secs(600)).await;
    let used = cloud.now();
    assert!(allowed(&session, ListUsers::default()).await);
    let _ = cloud.records();
    let last = cloud
        .until("the last use is told", async || {
            cloud.advance(Duration::from_secs(10)).await;
            let role = cloud.root().call(GetRole { role_name: "worker".into() }).await.unwrap().role;
            role.role_last_used.unwrap().last_used_date.filter(|at| *at >= used)
        })
        .await;
    assert_eq!(last, used);
    drop(work);
}

#[tokio::test]
async fn reports_of_nobody_and_of_others_are_refused() {
    let cloud = cloud();
    let root = cloud.root();
    let generate = |arn: &str| GenerateServiceLastAccessedDetails { arn: arn.into(), granularity: None };
    fails(
        root.call(generate(&arn("user/eve"))).await,
        "NoSuchEntity",
        "The user with name eve cannot be found.",
    );
    let other = format!("arn:aws:iam::{OTHER_ACCOUNT}:user/eve");
    fails(root.call(generate(&other)).await, "NoSuchEntity", "The user with name eve cannot be found.");
    let bucket = "arn:aws:s3:::some-bucket-of-mine";
    fails(root.call(generate(bucket)).await, "InvalidInput", &format!("Invalid ARN: {bucket}"));
    let id = "00000000-0000-4000-8000-000000000000";
    let get = GetServiceLastAccessedDetails { job_id: id.into(), ..Default::default() };
    fails(root.call(get).await, "NoSuchEntity", &format!("Job {id} cannot be found."));
    let ann = user(&cloud, "ann", None).await;
    assert!(!allowed(&ann, generate(&arn("user/ann"))).await);
}

#[tokio::test]
async fn policies_that_let_into_a_service() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("s3:GetObject", "*"))).await;
    let policy_arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess".to_owned();
    root.call(AttachUserPolicy { user_name: "ann".into(), policy_arn: policy_arn.clone() }).await.unwrap();
    root.call(CreateGroup { group_name: "devs".into(), ..Default::default() }).await.unwrap();
    root.call(AddUserToGroup { group_name: "devs".into(), user_name: "ann".into() }).await.unwrap();
    for (name, document) in [("All", allow("*", "*")), ("None", deny("*", "*"))] {
        root.call(PutGroupPolicy {
            group_name: "devs".into(),
            policy_name: name.into(),
            policy_document: document,
        })
        .await
        .unwrap();
    }
    let ask = |prefixes: &[&str]| ListPoliciesGrantingServiceAccess {
        arn: arn("user/ann"),
        service_namespaces: prefixes.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let found = root.call(ask(&["s3", "sqs"])).await.unwrap().policies_granting_service_access;
    let told: Vec<(String, Vec<_>)> = found
        .into_iter()
        .map(|entry| {
            let policies = entry.policies.unwrap().into_iter();
            let each = policies.map(|policy| (policy.policy_name, policy.entity_name, policy.policy_arn));
            (entry.service_namespace.unwrap(), each.collect())
        })
        .collect();
    let all = || ("All".to_owned(), Some("devs".to_owned()), None);
    assert_eq!(
        told,
        [
            ("s3".to_owned(), vec![("inline".to_owned(), Some("ann".to_owned()), None), all()]),
            ("sqs".to_owned(), vec![("AmazonSQSReadOnlyAccess".to_owned(), None, Some(policy_arn)), all()]),
        ]
    );
    fails(root.call(ask(&["s4"])).await, "InvalidInput", "Invalid service namespace: s4");
}

#[tokio::test]
async fn the_credential_report() {
    let cloud = cloud();
    let root = cloud.root();
    let get = || GetCredentialReport {};
    assert_eq!(root.call(get()).await.unwrap_err().code, "ReportNotPresent");
    let ann = user(&cloud, "ann", None).await;
    root.call(CreateLoginProfile {
        user_name: Some("ann".into()),
        password: Some("Corr3ct-horse".into()),
        ..Default::default()
    })
    .await
    .unwrap();
    root.call(CreateAccessKey { user_name: Some("ann".into()) }).await.unwrap();
    let begun = root.call(GenerateCredentialReport {}).await.unwrap();
    assert_eq!(begun.state, Some(ReportStateType::Started));
    assert_eq!(begun.description.as_deref(), Some("No report exists. Starting a new report generation task"));
    let again = root.call(GenerateCredentialReport {}).await.unwrap();
    assert_eq!(again.state, Some(ReportStateType::Complete));
    let report = root.call(get()).await.unwrap();
    let text = String::from_utf8(report.content.unwrap().to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("user,arn,user_creation_time,password_enabled,"), "{}", lines[0]);
    assert!(lines.iter().all(|line| line.split(',').count() == 22), "{text}");
    let at = "2026-11-21T09:30:00+00:00";
    assert_eq!(
        lines[1],
        format!(
            "<root_account>,arn:aws:iam::{ACCOUNT}:root,{at},not_supported,no_information,not_supported,not_supported,false,true,{at},N/A,N/A,\
             N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        )
    );
    assert_eq!(
        lines[2],
        format!(
            "ann,arn:aws:iam::{ACCOUNT}:user/ann,{at},true,no_information,{at},N/A,false,true,{at},N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,\
             false,N/A"
        )
    );
    cloud.advance(Duration::from_secs(4 * 60 * 60)).await;
    assert_eq!(root.call(get()).await.unwrap_err().code, "ReportExpired");
    assert_eq!(root.call(GenerateCredentialReport {}).await.unwrap().state, Some(ReportStateType::Started));
    assert!(root.call(get()).await.is_ok());
    assert!(!allowed(&ann, get()).await);
}
