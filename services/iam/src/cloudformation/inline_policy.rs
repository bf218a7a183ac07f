//! `AWS::IAM::RolePolicy`, `AWS::IAM::UserPolicy` and `AWS::IAM::GroupPolicy`: one inline policy each.

use super::step::{Attributes, document};
use super::target::{Kind, Target};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Puts one inline policy.
pub(super) struct InlinePolicyHandler {
    kind: Kind,
    resource_type: &'static str,
    /// The property that names the entity.
    owner: &'static str,
    properties: &'static [&'static str],
    create_only: &'static [&'static str],
}

impl InlinePolicyHandler {
    pub(super) const ROLE: Self = Self {
        kind: Kind::Role,
        resource_type: "AWS::IAM::RolePolicy",
        owner: "RoleName",
        properties: &["PolicyDocument", "PolicyName", "RoleName"],
        create_only: &["PolicyName", "RoleName"],
    };
    pub(super) const USER: Self = Self {
        kind: Kind::User,
        resource_type: "AWS::IAM::UserPolicy",
        owner: "UserName",
        properties: &["PolicyDocument", "PolicyName", "UserName"],
        create_only: &["PolicyName", "UserName"],
    };
    pub(super) const GROUP: Self = Self {
        kind: Kind::Group,
        resource_type: "AWS::IAM::GroupPolicy",
        owner: "GroupName",
        properties: &["PolicyDocument", "PolicyName", "GroupName"],
        create_only: &["PolicyName", "GroupName"],
    };

    fn target(&self, properties: &Properties) -> Result<(Target, String), HandlerFailure> {
        let target = Target::new(self.kind, properties.required_string(self.owner)?);
        Ok((target, properties.required_string("PolicyName")?))
    }

    async fn put(&self, properties: &Properties, context: &HandlerContext) -> Result<String, HandlerFailure> {
        let (target, policy) = self.target(properties)?;
        target.put(&context.caller, &policy, &document(properties, "PolicyDocument")?).await?;
        Ok(format!("{policy}|{}", target.name))
    }
}

#[async_trait::async_trait]
impl ResourceHandler for InlinePolicyHandler {
    fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    fn properties(&self) -> &'static [&'static str] {
        self.properties
    }

    fn create_only(&self) -> &'static [&'static str] {
        self.create_only
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let physical_id = self.put(properties, context).await?;
        Ok(Created { physical_id, attributes: Attributes::new() })
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        self.put(new, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (target, policy) = self.target(properties)?;
        target.delete(&context.caller, &policy).await
    }

    async fn read(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let (target, name) = self.target(properties)?;
        let Some(policy) = target.policy(&name, context).await? else { return Ok(Actual::Gone) };
        let mut actual = wire::document!({ "PolicyName": (name.as_str()), "PolicyDocument": policy });
        actual.set(self.owner, target.name.as_str());
        Ok(Actual::Properties(actual))
    }
}
