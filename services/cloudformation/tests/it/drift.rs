//! Drift of real resources: what a stack made is in sync, and what somebody changed is told.

use crate::support::said;
use api_cloudformation::{
    CreateStack, DescribeStackDriftDetectionStatus, DescribeStackDriftDetectionStatusOutput,
    DescribeStackResource, DescribeStackResourceDrifts, DescribeStacks, DetectStackDrift,
    DetectStackResourceDrift, ListStackResources, ListStacks, StackResourceDrift, StackResourceDriftStatus,
    UpdateStack,
};
use contract::Caller;
use testkit::TestCloud;
use wire::document;

struct Cloud {
    cloud: TestCloud,
    root: Caller,
    _work: workflow::Running,
}

/// Every type whose drift is detected, as the real services make them.
const TEMPLATE: &str = r#"
Parameters:
  Secret: {Type: String, NoEcho: true, Default: quiet-please}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true, Tags: [{Key: own, Value: v}]}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8, Description: inside}
        - {IpProtocol: tcp, FromPort: "80", ToPort: "80", CidrIp: 10.0.0.0/8}
      SecurityGroupEgress:
        - {IpProtocol: -1, CidrIp: 10.0.0.0/8}
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: !Ref Group}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      Tags: [{Key: own, Value: v}]
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "${Bucket.Arn}/*", Condition: {Bool: {"aws:SecureTransport": false}}}
  Dead:
    Type: AWS::SQS::Queue
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: 20
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 10}
      Tags: [{Key: own, Value: v}]
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: ["sqs:SendMessage"], Resource: "*"}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref Secret, FifoTopic: false, Subscription: [{Protocol: sqs, Endpoint: !GetAtt Dead.Arn}]}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: a role
      MaxSessionDuration: 7200
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      Policies:
        - PolicyName: own
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: beside
      Roles: [!Ref Role]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["s3:ListBucket"], Resource: "*"}]}
  Inline:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref Role
      PolicyName: inline
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: managed
      Roles: [!Ref Role]
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["sqs:*"], Resource: !GetAtt Queue.Arn}]}
  User:
    Type: AWS::IAM::User
    Properties: {Path: /staff/}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: p, AttributeType: S}, {AttributeName: g, AttributeType: S}]
      KeySchema: [{AttributeName: p, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      GlobalSecondaryIndexes: [{IndexName: by-g, KeySchema: [{AttributeName: g, KeyType: HASH}], Projection: {ProjectionType: ALL}}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
      Tags: [{Key: own, Value: v}]
  LogGroup:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 7, Tags: [{Key: own, Value: v}]}
  Gateway:
    Type: AWS::EC2::InternetGateway
"#;

impl Cloud {
    async fn start() -> Self {
        let cloud = TestCloud::new(vec![
            cloudformation::registration(),
            dynamodb::registration(),
            ec2::registration(),
            iam::registration(),
            logs::registration(),
            s3::registration(s3::Settings::default()),
            sns::registration(sns::Settings::default()),
            sqs::registration(),
        ]);
        let root = cloud.root();
        let work = cloud.start_work();
        let started = Self { cloud, root, _work: work };
        let create = CreateStack {
            stack_name: "s".into(),
            template_body: Some(TEMPLATE.into()),
            capabilities: Some(vec!["CAPABILITY_IAM".parse().unwrap()]),
            tags: Some(vec![api_cloudformation::Tag { key: "team".into(), value: "blue".into() }]),
            ..Default::default()
        };
        started.root.call(create).await.unwrap();
        started.rests("CREATE_COMPLETE").await;
        started
    }

    async fn rests(&self, status: &str) {
        let found = self
            .cloud
            .until("the stack rests", async || {
                let describe = DescribeStacks { stack_name: Some("s".into()), ..Default::default() };
                let stack = self.root.call(describe).await.unwrap().stacks.unwrap().remove(0);
                (!stack.stack_status.as_str().ends_with("IN_PROGRESS")).then_some(stack)
            })
            .await;
        assert_eq!(found.stack_status.as_str(), status, "{:?}", found.stack_status_reason);
    }

    async fn detect(&self, by: &Caller) -> DescribeStackDriftDetectionStatusOutput {
        let detect = DetectStackDrift { stack_name: "s".into(), logical_resource_ids: None };
        let id = by.call(detect).await.unwrap().stack_drift_detection_id;
        self.cloud
            .until("the detection is over", async || {
                let describe = DescribeStackDriftDetectionStatus { stack_drift_detection_id: id.clone() };
                let status = self.root.call(describe).await.unwrap();
                (status.detection_status.as_str() != "DETECTION_IN_PROGRESS").then_some(status)
            })
            .await
    }

    async fn drifts(&self, filter: &[StackResourceDriftStatus]) -> Vec<StackResourceDrift> {
        let mut found = Vec::new();
        let mut next_token = None;
        loop {
            let describe = DescribeStackResourceDrifts {
                stack_name: "s".into(),
                stack_resource_drift_status_filters: (!filter.is_empty()).then(|| filter.to_vec()),
                max_results: Some(7),
                next_token,
            };
            let page = self.root.call(describe).await.unwrap();
            assert!(page.stack_resource_drifts.len() <= 7);
            found.extend(page.stack_resource_drifts);
            next_token = page.next_token;
            if next_token.is_none() {
                return found;
            }
        }
    }

    async fn physical(&self, logical: &str) -> String {
        let describe = DescribeStackResource { stack_name: "s".into(), logical_resource_id: logical.into() };
        let detail = self.root.call(describe).await.unwrap().stack_resource_detail.unwrap();
        detail.physical_resource_id.unwrap()
    }

    async fn done(&self, service: &str, operation: &str, input: wire::Document) {
        self.root.call_document(service, operation, input).await.unwrap();
    }
}

/// `LOGICAL KIND PATH EXPECTED -> ACTUAL` of each difference, and `LOGICAL STATUS` where there is none.
fn told(drifts: Vec<StackResourceDrift>) -> Vec<String> {
    let mut lines = Vec::new();
    for drift in drifts {
        let differences = drift.property_differences.unwrap_or_default();
        if differences.is_empty() {
            let reason = drift.drift_status_reason.map(|it| format!(" ({it})")).unwrap_or_default();
            lines.push(format!(
                "{} {}{reason}",
                drift.logical_resource_id,
                drift.stack_resource_drift_status.as_str()
            ));
        }
        for it in differences {
            lines.push(format!(
                "{} {} {} {} -> {}",
                drift.logical_resource_id,
                it.difference_type.as_str(),
                it.property_path,
                it.expected_value,
                it.actual_value
            ));
        }
    }
    lines
}

#[tokio::test]
async fn what_a_stack_made_is_in_sync() {
    let cloud = Cloud::start().await;
    let status = cloud.detect(&cloud.root).await;
    let drifted = [StackResourceDriftStatus::Modified, StackResourceDriftStatus::Deleted];
    assert_eq!(told(cloud.drifts(&drifted).await), [] as [&str; 0]);
    assert_eq!(told(cloud.drifts(&[StackResourceDriftStatus::Unknown]).await), [] as [&str; 0]);
    assert_eq!(status.detection_status.as_str(), "DETECTION_COMPLETE");
    assert_eq!(status.stack_drift_status.unwrap().as_str(), "IN_SYNC");
    assert_eq!(status.drifted_stack_resource_count, Some(0));
    // All but the types that cannot be read: those are never told of.
    let all = cloud.drifts(&[]).await;
    let checked: Vec<&str> = all.iter().map(|drift| drift.logical_resource_id.as_str()).collect();
    assert_eq!(
        checked,
        [
            "Bucket",
            "BucketPolicy",
            "Dead",
            "Group",
            "Inline",
            "LogGroup",
            "Managed",
            "Policy",
            "Queue",
            "QueuePolicy",
            "Role",
            "Rule",
            "Subnet",
            "Table",
            "Topic",
            "User",
            "Vpc"
        ]
    );
    let topic = all.iter().find(|drift| drift.logical_resource_id == "Topic").unwrap();
    for shown in [&topic.expected_properties, &topic.actual_properties] {
        let shown = shown.as_deref().unwrap();
        assert!(shown.contains(r#""DisplayName":"****""#) && !shown.contains("quiet-please"), "{shown}");
    }
    let vpc = all.iter().find(|drift| drift.logical_resource_id == "Vpc").unwrap();
    assert_eq!(
        vpc.actual_properties.as_deref(),
        Some(r#"{"CidrBlock":"10.0.0.0/16","EnableDnsHostnames":true,"Tags":[{"Key":"own","Value":"v"}]}"#)
    );
    let listed = cloud.root.call(ListStackResources { stack_name: "s".into(), next_token: None }).await;
    for resource in listed.unwrap().stack_resource_summaries.unwrap() {
        let drift = resource.drift_information.unwrap().stack_resource_drift_status;
        let is_checked = checked.contains(&resource.logical_resource_id.as_str());
        assert_eq!(drift.as_str(), if is_checked { "IN_SYNC" } else { "NOT_CHECKED" });
    }
}

#[tokio::test]
async fn what_was_changed_is_told_by_path_and_kind() {
    let cloud = Cloud::start().await;
    let (group, queue, bucket) =
        (cloud.physical("Group").await, cloud.physical("Queue").await, cloud.physical("Bucket").await);
    let ssh = document!([{
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }]
    }]);
    let opened = document!({ "GroupId": (group.as_str()), "IpPermissions": ssh });
    cloud.done("ec2", "AuthorizeSecurityGroupIngress", opened).await;
    let http = document!([{
        "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{ "CidrIp": "10.0.0.0/8" }]
    }]);
    let closed = document!({ "GroupId": (group.as_str()), "IpPermissions": http });
    cloud.done("ec2", "RevokeSecurityGroupIngress", closed).await;
    let set = document!({ "QueueUrl": (queue.as_str()), "Attributes": {
        "DelaySeconds": "120",
        "RedrivePolicy": ""
    } });
    cloud.done("sqs", "SetQueueAttributes", set).await;
    let tags = document!({ "QueueUrl": (queue.as_str()), "Tags": { "own": "other", "more": "x" } });
    cloud.done("sqs", "TagQueue", tags).await;
    let block = document!({ "Bucket": (bucket.as_str()), "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": true, "BlockPublicPolicy": false, "IgnorePublicAcls": true, "RestrictPublicBuckets": true
    } });
    cloud.done("s3", "PutPublicAccessBlock", block).await;
    cloud.done("s3", "DeleteBucketPolicy", document!({ "Bucket": (bucket.as_str()) })).await;
    let role = cloud.physical("Role").await;
    let attach = document!({ "RoleName": (role.as_str()), "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess" });
    cloud.done("iam", "AttachRolePolicy", attach).await;
    let wider = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let put = document!({ "RoleName": (role.as_str()), "PolicyName": "own", "PolicyDocument": wider });
    cloud.done("iam", "PutRolePolicy", put).await;
    let retention = document!({ "logGroupName": (cloud.physical("LogGroup").await) });
    cloud.done("logs", "DeleteRetentionPolicy", retention).await;

    let status = cloud.detect(&cloud.root).await;
    assert_eq!(status.detection_status.as_str(), "DETECTION_COMPLETE");
    assert_eq!(status.stack_drift_status.unwrap().as_str(), "DRIFTED");
    assert_eq!(status.drifted_stack_resource_count, Some(6));
    let drifted = [StackResourceDriftStatus::Modified, StackResourceDriftStatus::Deleted];
    let dead = cloud.physical("Dead").await.rsplit('/').next().unwrap().to_owned();
    let redrive = format!(
        r#"{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:{dead}","maxReceiveCount":10}}"#
    );
    assert_eq!(
        told(cloud.drifts(&drifted).await),
        [
            "Bucket NOT_EQUAL /PublicAccessBlockConfiguration/BlockPublicPolicy true -> false".to_owned(),
            "BucketPolicy DELETED".to_owned(),
            r#"Group REMOVE /SecurityGroupIngress/1 {"IpProtocol":"tcp","FromPort":"80","ToPort":"80","CidrIp":"10.0.0.0/8"} -> null"#.to_owned(),
            r#"Group ADD /SecurityGroupIngress/1 null -> {"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIp":"0.0.0.0/0"}"#.to_owned(),
            "LogGroup REMOVE /RetentionInDays 7 -> null".to_owned(),
            "Queue NOT_EQUAL /DelaySeconds 20 -> 120".to_owned(),
            format!("Queue REMOVE /RedrivePolicy {redrive} -> null"),
            "Queue NOT_EQUAL /Tags/0/Value v -> other".to_owned(),
            r#"Queue ADD /Tags/0 null -> {"Key":"more","Value":"x"}"#.to_owned(),
            "Role ADD /ManagedPolicyArns/0 null -> arn:aws:iam::aws:policy/AdministratorAccess".to_owned(),
            r#"Role NOT_EQUAL /Policies/0/PolicyDocument/Statement/0/Action s3:GetObject -> s3:*"#.to_owned(),
        ]
    );
    let stacks = cloud.root.call(ListStacks::default()).await.unwrap().stack_summaries.unwrap();
    assert_eq!(stacks[0].drift_information.as_ref().unwrap().stack_drift_status.as_str(), "DRIFTED");

    // An update of the stack puts nothing right by itself, but what it changed is no longer known.
    let template = TEMPLATE.replace("RetentionInDays: 7", "RetentionInDays: 14");
    let update = UpdateStack {
        stack_name: "s".into(),
        template_body: Some(template),
        capabilities: Some(vec!["CAPABILITY_IAM".parse().unwrap()]),
        tags: Some(vec![api_cloudformation::Tag { key: "team".into(), value: "blue".into() }]),
        ..Default::default()
    };
    cloud.cloud.clock.advance(std::time::Duration::from_secs(1));
    cloud.root.call(update).await.unwrap();
    cloud.rests("UPDATE_COMPLETE").await;
    let described = DescribeStacks { stack_name: Some("s".into()), ..Default::default() };
    let stack = cloud.root.call(described).await.unwrap().stacks.unwrap().remove(0);
    assert_eq!(stack.drift_information.unwrap().stack_drift_status.as_str(), "NOT_CHECKED");
    let now = told(cloud.drifts(&drifted).await);
    assert!(now.iter().all(|line| !line.starts_with("LogGroup")), "{now:?}");
}

#[tokio::test]
async fn one_resource_is_checked_at_once_and_types_that_cannot_be_are_refused() {
    let cloud = Cloud::start().await;
    let detect = |logical: &str| DetectStackResourceDrift {
        stack_name: "s".into(),
        logical_resource_id: logical.into(),
    };
    let vpc = cloud.root.call(detect("Vpc")).await.unwrap().stack_resource_drift;
    assert_eq!(vpc.stack_resource_drift_status.as_str(), "IN_SYNC");
    let describe = DescribeStackResource { stack_name: "s".into(), logical_resource_id: "Vpc".into() };
    let detail = cloud.root.call(describe).await.unwrap().stack_resource_detail.unwrap();
    assert_eq!(detail.drift_information.unwrap().stack_resource_drift_status.as_str(), "IN_SYNC");
    cloud
        .done("logs", "DeleteLogGroup", document!({ "logGroupName": (cloud.physical("LogGroup").await) }))
        .await;
    let gone = cloud.root.call(detect("LogGroup")).await.unwrap().stack_resource_drift;
    assert_eq!(gone.stack_resource_drift_status.as_str(), "DELETED");
    assert_eq!(gone.actual_properties, None);
    assert_eq!(
        said(cloud.root.call(detect("Gateway")).await.map(|_| ()).unwrap_err()),
        "ValidationError: Drift detection is not supported for resource type AWS::EC2::InternetGateway"
    );
    assert_eq!(
        said(cloud.root.call(detect("Nothing")).await.map(|_| ()).unwrap_err()),
        "ValidationError: Resource Nothing does not exist for stack s"
    );
    let none = DetectStackDrift { stack_name: "none".into(), logical_resource_ids: None };
    assert_eq!(
        said(cloud.root.call(none).await.map(|_| ()).unwrap_err()),
        "ValidationError: Stack [none] does not exist"
    );
    let unknown = DescribeStackDriftDetectionStatus { stack_drift_detection_id: "x".repeat(36) };
    assert!(said(cloud.root.call(unknown).await.map(|_| ()).unwrap_err()).starts_with("ValidationError: "));
}

#[tokio::test]
async fn who_may_not_read_learns_nothing_and_the_detection_says_so() {
    let cloud = Cloud::start().await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudformation:*","ec2:*"],"Resource":"*"}]}"#;
    cloud.done("iam", "CreateUser", document!({ "UserName": "auditor" })).await;
    let put = document!({ "UserName": "auditor", "PolicyName": "p", "PolicyDocument": policy });
    cloud.done("iam", "PutUserPolicy", put).await;
    let found =
        cloud.root.call_document("iam", "GetUser", document!({ "UserName": "auditor" })).await.unwrap();
    let user = cloud.cloud.caller(contract::Principal::User(contract::UserIdentity {
        account: cloud.cloud.scope().account,
        id: found.at(&["User", "UserId"]).unwrap().as_str().unwrap().into(),
        name: "auditor".into(),
        path: "/".into(),
        session_issued: None,
    }));
    let status = cloud.detect(&user).await;
    assert_eq!(status.detection_status.as_str(), "DETECTION_FAILED");
    assert_eq!(status.stack_drift_status.unwrap().as_str(), "UNKNOWN");
    let reason = status.detection_status_reason.unwrap();
    assert!(reason.contains("Bucket") && !reason.contains("Vpc"), "{reason}");
    let unknown = cloud.drifts(&[StackResourceDriftStatus::Unknown]).await;
    let bucket = unknown.iter().find(|drift| drift.logical_resource_id == "Bucket").unwrap();
    assert_eq!(bucket.actual_properties, None);
    assert!(bucket.drift_status_reason.as_deref().unwrap().contains("403"));
    let synced = cloud.drifts(&[StackResourceDriftStatus::InSync]).await;
    assert_eq!(told(synced), ["Group IN_SYNC", "Rule IN_SYNC", "Subnet IN_SYNC", "Vpc IN_SYNC"]);
}
