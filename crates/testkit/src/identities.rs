use contract::{
    AnyInput, AnyOutput, Credential, Identities, Principal, PrincipalPolicies, RoleSession, UserIdentity,
};
use names::{AccountId, Arn, Timestamp};
use parking_lot::RwLock;
use policy::{Attached, Kind};
use std::collections::HashMap;
use store::{StoreError, View};
use wire::{
    ErrorResponse, Kind as ShapeKind, Operation, OperationSchema, Reader, Schema, ServiceError, Shape,
    ShapeError, Writer,
};

/// A principal and its policies, as a test gives them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Who.
    pub principal: Principal,
    /// Its identity policies.
    pub policies: Vec<Attached>,
}

impl Identity {
    /// A user with policies (JSON text).
    ///
    /// # Panics
    /// Where a policy cannot be parsed.
    #[must_use]
    pub fn user(account: AccountId, name: &str, policies: &[&str]) -> Self {
        let principal = Principal::User(UserIdentity {
            account,
            id: format!("AIDA{}", name.to_ascii_uppercase()),
            name: name.into(),
            path: "/".into(),
            session_issued: None,
        });
        Self { principal, policies: parse(policies) }
    }

    /// A session of a role with policies (JSON text).
    ///
    /// # Panics
    /// Where a policy cannot be parsed.
    #[must_use]
    pub fn role(account: AccountId, name: &str, policies: &[&str]) -> Self {
        Self { principal: session(account, name, "test"), policies: parse(policies) }
    }
}

#[expect(clippy::panic, reason = "a test with a wrong policy has failed")]
fn parse(policies: &[&str]) -> Vec<Attached> {
    policies
        .iter()
        .enumerate()
        .map(|(index, text)| match policy::parse(text, Kind::Identity) {
            Ok(document) => Attached::inline(&format!("policy-{index}"), document),
            Err(error) => panic!("the test's policy {index} cannot be parsed: {error}"),
        })
        .collect()
}

fn session(account: AccountId, name: &str, session_name: &str) -> Principal {
    Principal::Role(RoleSession {
        account,
        role_id: format!("AROA{}", name.to_ascii_uppercase()),
        role_name: name.into(),
        role_path: "/".into(),
        session_name: session_name.into(),
        issued: Timestamp::default(),
        session_policies: Vec::new(),
        session_policy_arns: Vec::new(),
        tags: names::Tags::new(),
        source_identity: None,
    })
}

/// Identities that a test keeps.
#[derive(Default)]
pub struct TestIdentities {
    known: RwLock<HashMap<String, Vec<Attached>>>,
}

impl TestIdentities {
    /// Adds an identity, or replaces its policies. Sessions of one role share them.
    pub fn put(&self, identity: Identity) {
        self.known.write().insert(name(&identity.principal), identity.policies);
    }
}

fn name(principal: &Principal) -> String {
    match principal {
        Principal::Role(session) => session.role_arn().to_string(),
        other => other.arn(),
    }
}

impl Identities for TestIdentities {
    fn credential(&self, _: &View, _: &str) -> Result<Option<Credential>, StoreError> {
        Ok(None)
    }

    fn policies(&self, _: &View, principal: &Principal) -> Result<PrincipalPolicies, StoreError> {
        let identity = self.known.read().get(&name(principal)).cloned().unwrap_or_default();
        Ok(PrincipalPolicies { identity, ..PrincipalPolicies::default() })
    }

    fn assume_role(&self, role: &Arn, session_name: &str) -> (&'static OperationSchema, AnyInput) {
        // Answered by `TestCloud`'s own sts, where the test registers none.
        (
            AssumeForTest::SCHEMA,
            Box::new(AssumeForTest { role: role.to_string(), session: session_name.to_owned() }),
        )
    }

    fn assumed(&self, _: &View, output: &AnyOutput) -> Result<Option<Principal>, StoreError> {
        let Some(assumed) = output.downcast_ref::<AssumeForTest>() else { return Ok(None) };
        let arn: Option<Arn> = assumed.role.parse().ok();
        Ok(arn.and_then(|arn| {
            let name = arn.resource_after("role/")?.rsplit('/').next()?;
            Some(session(arn.account?, name, &assumed.session))
        }))
    }
}

/// The operation by which tests assume roles without IAM: any known role, by anyone.
#[derive(Debug, Clone, Default)]
pub(crate) struct AssumeForTest {
    pub(crate) role: String,
    pub(crate) session: String,
}

static EMPTY: Schema = Schema {
    name: "AssumeForTest",
    kind: ShapeKind::Structure { members: &[], union: false },
    constraints: wire::Constraints::NONE,
    sensitive: false,
};

static SERVICE: wire::ServiceSchema = wire::ServiceSchema {
    name: "testkit",
    endpoint_prefix: "testkit",
    signing_name: "testkit",
    action_prefix: "testkit",
    service_id: "testkit",
    version: "",
    target_prefix: None,
    protocols: &[],
    xml_namespace: None,
    global: false,
    constraint_code: None,
    all_operations: &["AssumeForTest"],
};

static ASSUME: OperationSchema = OperationSchema {
    name: "AssumeForTest",
    service: &SERVICE,
    http: wire::HttpBinding { method: "POST", uri: "/", status: 200 },
    input: &EMPTY,
    output: &EMPTY,
    result_wrapper: None,
    input_element: None,
    checksum_required: false,
    unsigned: false,
};

impl Shape for AssumeForTest {
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        writer.structure(schema, &mut |_| Ok(()))
    }
    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError> {
        reader.structure(schema, &mut |_, _, _| Ok(()))?;
        Ok(Self::default())
    }
}

#[derive(Debug)]
pub(crate) struct TestError(ErrorResponse);

impl ServiceError for TestError {
    fn from_response(response: ErrorResponse) -> Self {
        Self(response)
    }
    fn into_response(self) -> ErrorResponse {
        self.0
    }
    fn fault(&self) -> Option<&dyn names::Fault> {
        None
    }
}

impl Operation for AssumeForTest {
    type Output = Self;
    type Error = TestError;
    const SCHEMA: &'static OperationSchema = &ASSUME;
}

/// The tests' own stand-in for STS.
pub(crate) struct TestSts;

impl contract::Transact<AssumeForTest> for TestSts {
    fn access(_: &AssumeForTest, _: &contract::Call, _: &View) -> contract::Access {
        contract::Access::unconditional()
    }
    fn run(input: AssumeForTest, _: &contract::Call, _: &mut store::Tx) -> Result<AssumeForTest, TestError> {
        Ok(input)
    }
}

/// The registration of that stand-in.
pub(crate) fn registration() -> contract::Registration {
    contract::Registration::new(&SERVICE).transact::<TestSts, AssumeForTest>()
}
