//! Parameter Store with KMS, EventBridge and CloudFormation.

use cloudchamber::services::{Choices, registrations};
use contract::Caller;
use testkit::TestCloud;
use wire::{Document, document};

struct Lab {
    cloud: TestCloud,
    root: Caller,
    _work: workflow::Running,
}

impl Lab {
    fn start() -> Self {
        let cloud = TestCloud::new(registrations(&Choices::for_tests()));
        let (root, work) = (cloud.root(), cloud.start_work());
        Self { cloud, root, _work: work }
    }

    async fn call(&self, service: &str, operation: &str, input: Document) -> Document {
        let answer = self.root.call_document(service, operation, input).await;
        answer.unwrap_or_else(|error| panic!("{service}:{operation}: {error}"))
    }

    /// A user of IAM with one policy.
    async fn user(&self, name: &str, policy: &str) -> Caller {
        let made = self.call("iam", "CreateUser", document!({ "UserName": name })).await;
        let id = text(made.get("User").unwrap(), "UserId");
        let put = document!({ "UserName": name, "PolicyName": "p", "PolicyDocument": policy });
        self.call("iam", "PutUserPolicy", put).await;
        self.cloud.caller(contract::Principal::User(contract::UserIdentity {
            account: self.cloud.scope().account,
            id,
            name: name.to_owned(),
            path: "/".into(),
            session_issued: None,
        }))
    }

    async fn stack(&self, name: &str, status: &str) -> Document {
        self.cloud
            .until("the stack has the status", async || {
                let stacks =
                    self.call("cloudformation", "DescribeStacks", document!({ "StackName": name })).await;
                let stack = stacks.get("Stacks")?.as_array()?.first()?.clone();
                let now = text(&stack, "StackStatus");
                if now == status {
                    return Some(stack);
                }
                if !now.ends_with("IN_PROGRESS") {
                    let events = self
                        .call("cloudformation", "DescribeStackEvents", document!({ "StackName": name }))
                        .await;
                    panic!("{now}: {events}");
                }
                None
            })
            .await
    }
}

fn text(document: &Document, name: &str) -> String {
    document
        .get(name)
        .and_then(Document::as_str)
        .unwrap_or_else(|| panic!("no {name} in {document}"))
        .to_owned()
}

fn value(answer: &Document) -> String {
    text(answer.get("Parameter").unwrap(), "Value")
}

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:PutParameter","ssm:GetParameter"],"Resource":"*"}]}"#;

#[tokio::test]
async fn secrets_are_encrypted_by_the_account_s_key_or_one_s_own() {
    let lab = Lab::start();
    let put = |name: &str, more: Document| {
        let mut input = document!({ "Name": name, "Value": "hush", "Type": "SecureString" });
        for (member, value) in more.as_object().unwrap() {
            input.set(member.clone(), value.clone());
        }
        input
    };
    let get = |name: &str, decrypt: bool| document!({ "Name": name, "WithDecryption": decrypt });
    // The account's own key lets in who may use Systems Manager.
    let ann = lab.user("ann", READ).await;
    ann.call_document("ssm", "PutParameter", put("/mine", document!({}))).await.unwrap();
    assert_eq!(value(&ann.call_document("ssm", "GetParameter", get("/mine", true)).await.unwrap()), "hush");
    let sealed = value(&ann.call_document("ssm", "GetParameter", get("/mine", false)).await.unwrap());
    assert!(!sealed.contains("hush") && sealed.len() > 40, "{sealed}");
    // Another key needs permission for itself.
    let key = lab.call("kms", "CreateKey", Document::object()).await;
    let key = text(key.get("KeyMetadata").unwrap(), "Arn");
    let with_key = |name: &str| put(name, document!({ "KeyId": (key.as_str()) }));
    let denied = ann.call_document("ssm", "PutParameter", with_key("/k")).await.unwrap_err();
    assert_eq!(denied.code, "AccessDeniedException");
    assert!(denied.message.contains("is not authorized to perform: kms:Encrypt"), "{denied}");
    assert_eq!(
        lab.root.call_document("ssm", "GetParameter", get("/k", false)).await.unwrap_err().code,
        "ParameterNotFound"
    );
    lab.call("ssm", "PutParameter", with_key("/k")).await;
    let denied = ann.call_document("ssm", "GetParameter", get("/k", true)).await.unwrap_err();
    assert!(denied.message.contains("is not authorized to perform: kms:Decrypt"), "{denied}");
    ann.call_document("ssm", "GetParameter", get("/k", false)).await.unwrap();
    assert_eq!(value(&lab.call("ssm", "GetParameter", get("/k", true)).await), "hush");
    let described = lab.call("ssm", "DescribeParameters", Document::object()).await;
    let keys: Vec<String> =
        described.get("Parameters").unwrap().as_array().unwrap().iter().map(|it| text(it, "KeyId")).collect();
    assert_eq!(keys, [key.as_str(), "alias/aws/ssm"]);
    // A large value is sealed by a data key.
    let long = "x".repeat(5000);
    lab.call(
        "ssm",
        "PutParameter",
        put("/long", document!({ "Value": (long.as_str()), "Tier": "Advanced" })),
    )
    .await;
    assert_eq!(value(&lab.call("ssm", "GetParameter", get("/long", true)).await), long);
    // A key that is disabled decrypts nothing.
    lab.call("kms", "DisableKey", document!({ "KeyId": (key.as_str()) })).await;
    let disabled = lab.root.call_document("ssm", "GetParameter", get("/k", true)).await.unwrap_err();
    assert_eq!(disabled.code, "InvalidKeyId");
    assert!(
        disabled.message.contains("(Service: AWSKMS; Status Code: 400; Error Code: DisabledException)"),
        "{disabled}"
    );
    let gone = lab
        .root
        .call_document("ssm", "PutParameter", put("/n", document!({ "KeyId": "alias/none" })))
        .await
        .unwrap_err();
    assert_eq!(gone.code, "InvalidKeyId");
    let history = lab.call("ssm", "GetParameterHistory", document!({ "Name": "/k" })).await;
    assert!(!history.to_string().contains("hush"), "{history}");
}

#[tokio::test]
async fn eventbridge_is_told_of_changes() {
    let lab = Lab::start();
    let queue =
        text(&lab.call("sqs", "CreateQueue", document!({ "QueueName": "changes" })).await, "QueueUrl");
    let arn = "arn:aws:sqs:us-east-1:111122223333:changes";
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"events.amazonaws.com"}},"Action":"sqs:SendMessage","Resource":"{arn}"}}]}}"#
    );
    let attributes = document!({ "QueueUrl": (queue.as_str()), "Attributes": { "Policy": policy } });
    lab.call("sqs", "SetQueueAttributes", attributes).await;
    let pattern = r#"{"source":["aws.ssm"],"detail-type":["Parameter Store Change"]}"#;
    lab.call("events", "PutRule", document!({ "Name": "changes", "EventPattern": pattern })).await;
    lab.call(
        "events",
        "PutTargets",
        document!({ "Rule": "changes", "Targets": [{ "Id": "q", "Arn": arn }] }),
    )
    .await;
    lab.call(
        "ssm",
        "PutParameter",
        document!({ "Name": "/told", "Value": "1", "Type": "String", "Description": "d" }),
    )
    .await;
    let body = lab
        .cloud
        .until("the event has come", async || {
            let messages =
                lab.call("sqs", "ReceiveMessage", document!({ "QueueUrl": (queue.as_str()) })).await;
            Some(text(messages.get("Messages")?.as_array()?.first()?, "Body"))
        })
        .await;
    let event = Document::parse(&body).unwrap();
    assert_eq!(
        event.get("detail").unwrap(),
        &document!({ "operation": "Create", "name": "/told", "type": "String", "description": "d" })
    );
    assert_eq!(
        event.get("resources").unwrap(),
        &document!(["arn:aws:ssm:us-east-1:111122223333:parameter/told"])
    );
}

const TEMPLATE: &str = r#"
Parameters:
  Name: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /topic/name}
  Zones: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /zones}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Ref Name, DisplayName: '{{resolve:ssm:/topic/title:1}}'}
  Kept:
    Type: AWS::SSM::Parameter
    Properties: {Name: /kept, Type: String, Value: !Join ['-', !Ref Zones], Description: first, Tags: {team: red}}
  User:
    Type: AWS::IAM::User
    Properties: {UserName: bob, LoginProfile: {Password: '{{resolve:ssm-secure:/password}}'}}
  Runbook:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Automation
      UpdateMethod: NewVersion
      Content:
        schemaVersion: '0.3'
        mainSteps: [{name: Wait, action: 'aws:sleep', inputs: {Duration: PT1S}}]
Outputs:
  Value: {Value: !GetAtt Kept.Value}
"#;

#[tokio::test]
async fn stacks_read_parameters_and_make_them() {
    let lab = Lab::start();
    let put = |name: &str, value: &str, kind: &str| document!({ "Name": name, "Value": value, "Type": kind });
    let create =
        document!({ "StackName": "s", "TemplateBody": TEMPLATE, "Capabilities": ["CAPABILITY_NAMED_IAM"] });
    let missing = lab.root.call_document("cloudformation", "CreateStack", create.clone()).await.unwrap_err();
    assert_eq!(
        missing.message,
        "Unable to fetch parameters [/topic/name,/zones] from parameter store for this account."
    );
    lab.call("ssm", "PutParameter", put("/topic/name", "news", "String")).await;
    lab.call("ssm", "PutParameter", put("/topic/title", "News", "String")).await;
    lab.call("ssm", "PutParameter", put("/zones", "a,b", "StringList")).await;
    lab.call("ssm", "PutParameter", put("/password", "Tr0ub4dor&3xyz!", "SecureString")).await;
    lab.call("cloudformation", "CreateStack", create).await;
    let stack = lab.stack("s", "CREATE_COMPLETE").await;
    assert_eq!(
        stack.at(&["Outputs"]).unwrap().as_array().unwrap()[0].get("OutputValue"),
        Some(&"a-b".into())
    );
    let parameters = stack.get("Parameters").unwrap().as_array().unwrap();
    assert_eq!(
        (text(&parameters[0], "ParameterValue"), text(&parameters[0], "ResolvedValue")),
        ("/topic/name".into(), "news".into())
    );
    let topic = document!({ "TopicArn": "arn:aws:sns:us-east-1:111122223333:news" });
    let topic = lab.call("sns", "GetTopicAttributes", topic).await;
    assert_eq!(topic.at(&["Attributes", "DisplayName"]), Some(&"News".into()));
    lab.call("iam", "GetLoginProfile", document!({ "UserName": "bob" })).await;
    let tags = lab
        .call("ssm", "ListTagsForResource", document!({ "ResourceType": "Parameter", "ResourceId": "/kept" }))
        .await;
    assert!(
        tags.to_string().contains(r#"{"Key":"team","Value":"red"}"#)
            && tags.to_string().contains("aws:cloudformation:stack-name"),
        "{tags}"
    );
    // Neither the stack's events nor its rows hold the secret.
    for operation in ["DescribeStackEvents", "DescribeStackResources", "GetTemplate"] {
        let told = lab.call("cloudformation", operation, document!({ "StackName": "s" })).await;
        assert!(!told.to_string().contains("Tr0ub4dor"), "{operation}");
    }
    // An update reads parameters again, and makes versions.
    let mut zones = put("/zones", "a,b,c", "StringList");
    zones.set("Overwrite", true);
    lab.call("ssm", "PutParameter", zones).await;
    let template = TEMPLATE.replace("PT1S", "PT2S").replace(", Description: first, Tags: {team: red}", "");
    let update =
        document!({ "StackName": "s", "TemplateBody": template, "Capabilities": ["CAPABILITY_NAMED_IAM"] });
    lab.call("cloudformation", "UpdateStack", update).await;
    lab.stack("s", "UPDATE_COMPLETE").await;
    let kept = lab.call("ssm", "GetParameter", document!({ "Name": "/kept" })).await;
    assert_eq!((value(&kept), kept.at(&["Parameter", "Version"])), ("a-b-c".into(), Some(&2.into())));
    let documents = lab
        .call("ssm", "ListDocuments", document!({ "Filters": [{ "Key": "Owner", "Values": ["Self"] }] }))
        .await;
    assert_eq!(
        documents.get("DocumentIdentifiers").unwrap().as_array().unwrap()[0].get("DocumentVersion"),
        Some(&"2".into())
    );
    lab.call("cloudformation", "DeleteStack", document!({ "StackName": "s" })).await;
    lab.cloud
        .until("the parameter is gone", async || {
            lab.root
                .call_document("ssm", "GetParameter", document!({ "Name": "/kept" }))
                .await
                .is_err()
                .then_some(())
        })
        .await;
}

#[tokio::test]
async fn stacks_get_no_secret_where_it_could_be_read() {
    let lab = Lab::start();
    let create = |template: &str| document!({ "StackName": "s", "TemplateBody": template });
    let refused = async |template: &str| {
        lab.root.call_document("cloudformation", "CreateStack", create(template)).await.unwrap_err().message
    };
    let named =
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: '{{resolve:ssm-secure:/b}}'}}}";
    assert_eq!(
        refused(named).await,
        "SSM Secure reference is not supported in: [AWS::S3::Bucket/Properties/BucketName]"
    );
    let parameter = "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /secret}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref P}}}";
    lab.call(
        "ssm",
        "PutParameter",
        document!({ "Name": "/secret", "Value": "hush", "Type": "SecureString" }),
    )
    .await;
    assert_eq!(
        refused(parameter).await,
        "Parameters [/secret] referenced by template have types not supported by CloudFormation."
    );
    let ann = lab
        .user("ann", r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudformation:*","sns:*"],"Resource":"*"}]}"#)
        .await;
    let denied = ann.call_document("cloudformation", "CreateStack", create(parameter)).await.unwrap_err();
    assert!(denied.message.contains("not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:111122223333:parameter/secret"), "{denied}");
}
