use super::*;
use contract::{RoleSession, UserIdentity};
use names::{AccountId, RequestId, Scope, Timestamp};
use resources::Named;

const ACCOUNT: &str = "111122223333";

fn account() -> AccountId {
    ACCOUNT.parse().unwrap()
}

fn record(service: &str, operation: &str, parameters: &str) -> CallRecord {
    CallRecord {
        scope: Scope::new(account(), "eu-west-1".parse().unwrap()),
        at: Timestamp::from_seconds(1_795_253_400),
        recorded: Timestamp::from_seconds(1_795_253_401),
        id: RequestId([7; 16]),
        service: service.into(),
        operation: operation.into(),
        caller: Principal::User(UserIdentity {
            account: account(),
            id: "AIDAALICE".into(),
            name: "alice".into(),
            path: "/".into(),
            session_issued: None,
        }),
        access_key_id: Some("AKIAALICE".into()),
        source_ip: Some("203.0.113.7".into()),
        user_agent: "aws-cli/2".into(),
        secure_transport: false,
        data: false,
        via: Vec::new(),
        parameters: Some(parameters.into()),
        response: None,
        outcome: CallOutcome::Allowed,
    }
}

#[test]
fn a_call_on_a_security_group_is_told_as_ec2_does() {
    let given = r#"{"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}],"UserIdGroupPairs":[]}]}"#;
    let mut call = record("ec2", "AuthorizeSecurityGroupIngress", given);
    call.response = Some(
        r#"{"Return":true,"SecurityGroupRules":[{"SecurityGroupRuleId":"sgr-1","GroupId":"sg-1"}]}"#.into(),
    );
    let told = document(&call);
    let expected = format!(
        concat!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","principalId":"AIDAALICE","arn":"arn:aws:iam::111122223333:user/alice","#,
            r#""accountId":"111122223333","accessKeyId":"AKIAALICE","userName":"alice"}},"eventTime":"2026-11-21T09:30:00Z","#,
            r#""eventSource":"ec2.amazonaws.com","eventName":"AuthorizeSecurityGroupIngress","awsRegion":"eu-west-1","#,
            r#""sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2","requestParameters":{{"groupId":"sg-1","ipPermissions":{{"items":"#,
            r#"[{{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":{{"items":[{{"cidrIp":"0.0.0.0/0"}}]}},"groups":{{}}}}]}}}},"#,
            r#""responseElements":{{"requestId":"{0}","_return":true,"securityGroupRuleSet":{{"items":[{{"securityGroupRuleId":"sgr-1","groupId":"sg-1"}}]}}}},"#,
            r#""requestID":"{0}","eventID":"{1}","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"#,
            r#""recipientAccountId":"111122223333","eventCategory":"Management"}}"#
        ),
        call.id,
        event_id(&call)
    );
    assert_eq!(told.to_string(), expected);
    assert_eq!(named(&call), [Named { resource_type: "AWS::EC2::SecurityGroup", name: "sg-1".into() }]);
}

#[test]
fn identities_are_told_by_their_type() {
    let told = |caller: Principal, via: &[&str]| {
        let call = CallRecord {
            caller,
            access_key_id: None,
            via: via.iter().map(|service| (*service).to_owned()).collect(),
            ..record("sns", "ListTopics", "{}")
        };
        let told = document(&call);
        (told.get("userIdentity").unwrap().to_string(), told.get("sourceIPAddress").unwrap().to_string())
    };
    let root = r#"{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}"#;
    assert_eq!(told(Principal::Root(account()), &[]).0, root);
    let session = RoleSession {
        account: account(),
        role_id: "AROAX".into(),
        role_name: "Fix".into(),
        role_path: "/".into(),
        session_name: "now".into(),
        issued: Timestamp::from_seconds(1_795_253_000),
        session_policies: Vec::new(),
        session_policy_arns: Vec::new(),
        tags: names::Tags::new(),
        source_identity: None,
    };
    let role = concat!(
        r#"{"type":"AssumedRole","principalId":"AROAX:now","arn":"arn:aws:sts::111122223333:assumed-role/Fix/now","accountId":"111122223333","#,
        r#""sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAX","arn":"arn:aws:iam::111122223333:role/Fix","accountId":"111122223333","userName":"Fix"},"#,
        r#""attributes":{"creationDate":"2026-11-21T09:23:20Z","mfaAuthenticated":"false"}},"invokedBy":"cloudformation.amazonaws.com"}"#
    );
    let (identity, address) = told(Principal::Role(session), &["cloudformation.amazonaws.com"]);
    assert_eq!((identity.as_str(), address.as_str()), (role, "\"cloudformation.amazonaws.com\""));
    let service = Principal::service("config.amazonaws.com", account(), None);
    assert_eq!(told(service, &[]).0, r#"{"type":"AWSService","invokedBy":"config.amazonaws.com"}"#);
    let nobody = r#"{"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"}"#;
    assert_eq!(told(Principal::Anonymous, &[]).0, nobody);
}

#[test]
fn names_are_cloudtrail_s() {
    assert_eq!(event_name("lambda", "CreateFunction"), "CreateFunction20150331");
    assert_eq!(event_name("s3", "ListObjectsV2"), "ListObjects");
    assert_eq!(event_name("s3control", "PutPublicAccessBlock"), "PutAccountPublicAccessBlock");
    assert_eq!(event_name("ec2", "CreateVpc"), "CreateVpc");
    assert_eq!(event_source("dynamodbstreams"), "dynamodb.amazonaws.com");
    assert_eq!(event_source("logs"), "logs.amazonaws.com");
}

#[test]
fn members_begin_small_and_keys_of_maps_stay() {
    let call = record(
        "sns",
        "CreateTopic",
        r#"{"Name":"t","Attributes":{"DisplayName":"T"},"Tags":[{"Key":"A","Value":"b"}]}"#,
    );
    let given = document(&call).get("requestParameters").unwrap().to_string();
    assert_eq!(given, r#"{"name":"t","attributes":{"DisplayName":"T"},"tags":[{"key":"A","value":"b"}]}"#);
    let call = record("s3", "PutBucketAcl", r#"{"Bucket":"b","ACL":"private"}"#);
    let told = document(&call);
    assert_eq!(
        told.get("requestParameters").unwrap().to_string(),
        r#"{"bucketName":"b","x-amz-acl":"private"}"#
    );
    assert_eq!(
        told.get("resources").unwrap().to_string(),
        r#"[{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b"}]"#
    );
}

#[test]
fn a_denial_has_code_and_sentence_and_no_answer() {
    let mut call = record("ec2", "CreateVpc", r#"{"CidrBlock":"10.0.0.0/16"}"#);
    call.outcome = CallOutcome::Denied("UnauthorizedOperation".into(), "You are not authorized.".into());
    let told = document(&call);
    assert_eq!(told.get("errorCode").unwrap().as_str(), Some("Client.UnauthorizedOperation"));
    assert_eq!(told.get("errorMessage").unwrap().as_str(), Some("You are not authorized."));
    assert!(told.get("responseElements").unwrap().is_null());
    call.service = "sns".into();
    call.outcome = CallOutcome::Denied("AuthorizationError".into(), "no".into());
    assert_eq!(document(&call).get("errorCode").unwrap().as_str(), Some("AuthorizationError"));
}

#[test]
fn iam_is_told_in_us_east_1() {
    assert_eq!(region(&record("iam", "CreateUser", "{}")), Region::US_EAST_1);
    assert_eq!(region(&record("sts", "GetCallerIdentity", "{}")).as_str(), "eu-west-1");
}

#[test]
fn an_event_s_id_is_a_uuid_and_the_same_each_time() {
    let call = record("ec2", "CreateVpc", "{}");
    let id = event_id(&call);
    assert_eq!(id, event_id(&call));
    let shape: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(shape, [8, 4, 4, 4, 12]);
    assert_eq!(id.as_bytes()[14], b'4');
}

fn sign_in(caller: Principal, outcome: CallOutcome) -> Document {
    let place = r#"{"LoginTo":"http://127.0.0.1:4566/console/"}"#;
    let mut call = record("signin", "ConsoleLogin", place);
    call.access_key_id = None;
    call.scope.region = Region::US_EAST_1;
    (call.caller, call.outcome) = (caller, outcome);
    document(&call)
}

fn identity(told: &Document) -> String {
    told.get("userIdentity").unwrap().to_string()
}

#[test]
fn a_sign_in_is_told_as_the_console_does() {
    let user = record("", "", "").caller;
    let told = sign_in(user.clone(), CallOutcome::Allowed);
    let id = told.get("eventID").and_then(Document::as_str).unwrap();
    let expected = format!(
        concat!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","principalId":"AIDAALICE","arn":"arn:aws:iam::111122223333:user/alice","#,
            r#""accountId":"111122223333","userName":"alice"}},"eventTime":"2026-11-21T09:30:00Z","#,
            r#""eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","#,
            r#""sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2","requestParameters":null,"responseElements":{{"ConsoleLogin":"Success"}},"#,
            r#""additionalEventData":{{"LoginTo":"http://127.0.0.1:4566/console/","MobileVersion":"No","MFAUsed":"No"}},"#,
            r#""eventID":"{}","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"#,
            r#""recipientAccountId":"111122223333","eventCategory":"Management"}}"#
        ),
        id
    );
    assert_eq!(told.to_string(), expected);
    let root = sign_in(Principal::Root(account()), CallOutcome::Allowed);
    assert_eq!(
        identity(&root),
        r#"{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333","accessKeyId":""}"#
    );

    let failed = |sentence: &str| CallOutcome::Failed("AuthenticationFailed".into(), sentence.into());
    let told = sign_in(user, failed("Failed authentication"));
    assert_eq!(
        identity(&told),
        r#"{"type":"IAMUser","accountId":"111122223333","accessKeyId":"","userName":"alice"}"#
    );
    assert_eq!(told.get("errorMessage").and_then(Document::as_str), Some("Failed authentication"));
    assert_eq!(told.get("errorCode"), None);
    assert_eq!(told.get("responseElements").unwrap().to_string(), r#"{"ConsoleLogin":"Failure"}"#);
    let told = sign_in(Principal::Anonymous, failed("No username found in supplied account"));
    assert_eq!(
        identity(&told),
        r#"{"type":"IAMUser","accountId":"111122223333","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#
    );
}

#[test]
fn a_call_from_the_console_says_so() {
    let mut call = record("iam", "CreateUser", "{}");
    let Principal::User(user) = &mut call.caller else { panic!("a user") };
    user.session_issued = Some(UserSession::Console { console: Timestamp::from_seconds(1_795_253_000) });
    let told = document(&call);
    assert_eq!(told.get("sessionCredentialFromConsole").and_then(Document::as_str), Some("true"));
    let context = told.at(&["userIdentity", "sessionContext", "attributes"]).unwrap();
    assert_eq!(context.to_string(), r#"{"creationDate":"2026-11-21T09:23:20Z","mfaAuthenticated":"false"}"#);
}
