//! The sentences that AWS prints, quoted exactly.

use policy::{
    Attached, Authority, Context, Decision, Denial, Flavour, Kind, Policies, Principal, Request,
    ResourcePolicy, denial, evaluate, explain, parse,
};

const ACCOUNT: &str = "123456789012";

fn session() -> Principal {
    Principal::session(&format!("arn:aws:iam::{ACCOUNT}:role/Role").parse().unwrap(), "session").unwrap()
}

fn attached(statement: &str, kind: Kind) -> Attached {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    Attached::inline("inline", parse(&text, kind).unwrap())
}

fn identity(effect: &str, action: &str) -> Attached {
    attached(&format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}"#), Kind::Identity)
}

fn managed(mut policy: Attached, arn: &str) -> Attached {
    policy.arn = Some(arn.into());
    policy
}

struct Case {
    principal: Principal,
    action: &'static str,
    resource: String,
    policies: Policies,
}

impl Case {
    fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self { principal: session(), action, resource: resource.into(), policies: Policies::default() }
    }

    fn with(mut self, change: impl FnOnce(&mut Policies)) -> Self {
        change(&mut self.policies);
        self
    }

    fn by(mut self, principal: Principal) -> Self {
        self.principal = principal;
        self
    }

    fn decide<T>(&self, owner: &str, then: impl FnOnce(&Decision, &Request<'_>) -> T) -> T {
        let context = Context::new();
        let request = Request {
            principal: &self.principal,
            action: self.action,
            resource: &self.resource,
            resource_account: Some(owner.parse().unwrap()),
            context: &context,
            canonical_user: None,
        };
        let decision = evaluate(&request, &self.policies);
        assert!(!decision.is_allowed());
        then(&decision, &request)
    }

    fn denial(&self) -> Denial {
        let service = self.action.split(':').next().unwrap().to_owned();
        self.decide(ACCOUNT, |decision, request| denial(&service, decision, request))
    }

    fn says(&self, code: &str, status: u16, message: &str) {
        let denial = self.denial();
        assert_eq!((denial.code, denial.status, denial.message.as_str()), (code, status, message));
    }
}

fn table() -> Case {
    Case::new("dynamodb:PutItem", format!("arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/T"))
}

const START: &str =
    "User: arn:aws:sts::123456789012:assumed-role/Role/session is not authorized to perform: ";

#[test]
fn implicit_denials_name_the_type_of_policy_that_does_not_allow() {
    let put = format!(
        "{START}dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/T because no "
    );
    let (allow, other) = (identity("Allow", "*"), identity("Allow", "s3:*"));
    for (case, end) in [
        (table(), "identity-based policy allows the dynamodb:PutItem action"),
        (
            table().with(|p| (p.identity, p.boundary) = (vec![allow.clone()], Some(other.clone()))),
            "permissions boundary allows the dynamodb:PutItem action",
        ),
        (
            table().with(|p| (p.identity, p.session) = (vec![allow.clone()], Some(vec![other.clone()]))),
            "session policy allows the dynamodb:PutItem action",
        ),
        (
            table().with(|p| {
                (p.identity, p.service_control) = (vec![allow.clone()], Some(vec![vec![other.clone()]]))
            }),
            "service control policy allows the dynamodb:PutItem action",
        ),
        (
            table().with(|p| {
                (p.identity, p.resource_control) = (vec![allow.clone()], Some(vec![vec![other.clone()]]))
            }),
            "resource control policy allows the dynamodb:PutItem action",
        ),
    ] {
        case.says("AccessDeniedException", 400, &format!("{put}{end}"));
    }
    let text = table().decide("999999999999", explain);
    assert_eq!(text, format!("{put}resource-based policy allows the dynamodb:PutItem action"));
}

#[test]
fn explicit_denials_name_the_policy_where_it_has_an_arn() {
    let put = format!(
        "{START}dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/T with an explicit deny in "
    );
    let deny = identity("Deny", "dynamodb:*");
    let named = managed(deny.clone(), "arn:aws:iam::123456789012:policy/Guard");
    let scp = managed(deny.clone(), "arn:aws:organizations::1:policy/o-1/service_control_policy/p-1");
    let resource = r#"{"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*"}"#;
    let resource = ResourcePolicy::new("T", attached(resource, Kind::Resource(Flavour::Other)).document);
    for (case, end) in [
        (table().with(|p| p.identity = vec![deny.clone()]), "an identity-based policy"),
        (
            table().with(|p| p.identity = vec![named.clone()]),
            "an identity-based policy: arn:aws:iam::123456789012:policy/Guard",
        ),
        (table().with(|p| p.boundary = Some(deny.clone())), "a permissions boundary"),
        (table().with(|p| p.session = Some(vec![deny.clone()])), "a session policy"),
        (table().with(|p| p.resource = Some(resource)), "a resource-based policy"),
        (
            table().with(|p| p.service_control = Some(vec![vec![scp]])),
            "a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1",
        ),
        (table().with(|p| p.resource_control = Some(vec![vec![deny.clone()]])), "a resource control policy"),
    ] {
        case.says("AccessDeniedException", 400, &format!("{put}{end}"));
    }
}

#[test]
fn ec2_has_its_own_code_and_preface() {
    let preface = "You are not authorized to perform this operation. ";
    Case::new("ec2:DescribeInstances", "*").says(
        "UnauthorizedOperation",
        403,
        &format!("{preface}{START}ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action"),
    );
    let run = Case::new("ec2:RunInstances", "arn:aws:ec2:us-east-1:123456789012:instance/*");
    assert_eq!(
        run.denial().with_encoded_message("AbC-1").message,
        format!(
            "{preface}{START}ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* because no \
             identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: AbC-1"
        )
    );
}

#[test]
fn s3_quotes_the_resource_and_is_silent_across_accounts() {
    let get = Case::new("s3:GetObject", "arn:aws:s3:::bucket/key");
    get.says(
        "AccessDenied",
        403,
        &format!("{START}s3:GetObject on resource: \"arn:aws:s3:::bucket/key\" because no identity-based policy allows the s3:GetObject action"),
    );
    let foreign = get.decide("999999999999", |decision, request| denial("s3", decision, request));
    assert_eq!((foreign.code, foreign.message.as_str()), ("AccessDenied", "Access Denied"));
    get.by(Principal::Anonymous).says("AccessDenied", 403, "Access Denied");
    Case::new("s3:ListAllMyBuckets", "*").says(
        "AccessDenied",
        403,
        &format!("{START}s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action"),
    );
}

#[test]
fn kms_is_silent_on_keys_of_other_accounts() {
    let decrypt = Case::new("kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/k");
    let foreign = decrypt.decide("999999999999", |decision, request| denial("kms", decision, request));
    let end = "on this resource because the resource does not exist in this Region, no resource-based policies allow access, \
               or a resource-based policy explicitly denies access";
    assert_eq!(
        (foreign.code, foreign.message),
        ("AccessDeniedException", format!("{START}kms:Decrypt {end}"))
    );
    decrypt.says(
        "AccessDeniedException",
        400,
        &format!("{START}kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k because no identity-based policy allows the kms:Decrypt action"),
    );
}

#[test]
fn codes_statuses_and_spellings_of_services() {
    for (action, resource, code, status, printed) in [
        ("sns:Publish", "arn:aws:sns:us-east-1:123456789012:t", "AuthorizationError", 403, "SNS:Publish"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:q", "AccessDenied", 403, "sqs:sendmessage"),
        ("iam:CreateUser", "arn:aws:iam::123456789012:user/x", "AccessDenied", 403, "iam:CreateUser"),
        (
            "cloudformation:CreateStack",
            "arn:aws:cloudformation:us-east-1:123456789012:stack/s/*",
            "AccessDenied",
            403,
            "cloudformation:CreateStack",
        ),
        ("lambda:ListFunctions", "*", "AccessDeniedException", 403, "lambda:ListFunctions"),
        (
            "logs:CreateLogGroup",
            "arn:aws:logs:us-east-1:123456789012:log-group:g",
            "AccessDeniedException",
            400,
            "logs:CreateLogGroup",
        ),
        (
            "config:PutConfigRule",
            "arn:aws:config:us-east-1:123456789012:config-rule/r",
            "AccessDeniedException",
            400,
            "config:PutConfigRule",
        ),
    ] {
        Case::new(action, resource).says(
            code,
            status,
            &format!("{START}{printed} on resource: {resource} because no identity-based policy allows the {printed} action"),
        );
    }
    Case::new("config:PutEvaluations", "*").says(
        "AccessDeniedException",
        400,
        &format!("{START}config:PutEvaluations because no identity-based policy allows the config:PutEvaluations action"),
    );
}

#[test]
fn sts_does_not_say_why_a_role_is_refused() {
    let assume = || Case::new("sts:AssumeRole", "arn:aws:iam::123456789012:role/R");
    let plain = format!("{START}sts:AssumeRole on resource: arn:aws:iam::123456789012:role/R");
    assume().with(|p| p.no_resource_policy = Some(Authority::Trust)).says("AccessDenied", 403, &plain);
    let deny = r#"{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#;
    let trust = ResourcePolicy::new("R", attached(deny, Kind::Trust).document);
    assume().with(|p| p.resource = Some(trust)).says(
        "AccessDenied",
        403,
        &format!("{plain} with an explicit deny in the role trust policy"),
    );
}

#[test]
fn other_principals() {
    let queue = "arn:aws:sqs:us-east-1:123456789012:q";
    let text = |principal: Principal| {
        Case::new("sqs:SendMessage", queue)
            .by(principal)
            .with(|p| p.no_resource_policy = Some(Authority::Key))
            .denial()
            .message
    };
    let end =
        format!(" on resource: {queue} because no resource-based policy allows the sqs:sendmessage action");
    for (principal, name) in [
        (Principal::Anonymous, "anonymous"),
        (Principal::service("s3.amazonaws.com"), "s3.amazonaws.com"),
        (Principal::root(ACCOUNT.parse().unwrap()), "arn:aws:iam::123456789012:root"),
    ] {
        assert_eq!(
            text(principal),
            format!("User: {name} is not authorized to perform: sqs:sendmessage{end}")
        );
    }
}
