//! What entities and policies are, in the form of a template.

use super::target::{Kind, Target};
use contract::{Actual, HandlerContext, HandlerFailure, Properties};
use wire::{Document, ErrorResponse, document};

pub(super) fn gone(error: &ErrorResponse) -> bool {
    error.code == "NoSuchEntity"
}

/// A document that IAM answers: percent-encoded JSON.
pub(super) fn decoded(document: Option<&Document>) -> Document {
    let text = document.and_then(Document::as_str).unwrap_or_default();
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    Document::parse(&text).unwrap_or_default()
}

/// What a list operation answers, of all its pages.
async fn listed(
    operation: &str,
    input: &Document,
    list: &str,
    context: &HandlerContext,
) -> Result<Vec<Document>, HandlerFailure> {
    let mut all = Vec::new();
    let mut ask = input.clone();
    loop {
        let page = context.ask("iam", operation, ask, gone).await?.unwrap_or_default();
        all.extend(page.get(list).and_then(Document::as_array).unwrap_or_default().iter().cloned());
        let Some(marker) = page.get("Marker").and_then(Document::as_str) else { return Ok(all) };
        ask = input.clone().with("Marker", marker);
    }
}

impl Target {
    fn noun(&self) -> &'static str {
        match self.kind {
            Kind::User => "User",
            Kind::Group => "Group",
            Kind::Role => "Role",
        }
    }

    fn named(&self) -> Document {
        Document::object().with(format!("{}Name", self.noun()), Document::from(self.name.as_str()))
    }

    /// The entity, with `Policies` and `ManagedPolicyArns` where a template gave them. None where it is gone.
    pub(super) async fn read(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Option<(Document, Document)>, HandlerFailure> {
        let noun = self.noun();
        let Some(answer) = context.ask("iam", &format!("Get{noun}"), self.named(), gone).await? else {
            return Ok(None);
        };
        let entity = answer.get(noun).cloned().unwrap_or_default();
        let mut actual = Actual::picked(&entity, &["Path", "Tags"]);
        actual.set(format!("{noun}Name"), Document::from(self.name.as_str()));
        let boundary = entity.at(&["PermissionsBoundary", "PermissionsBoundaryArn"]).cloned();
        actual.set("PermissionsBoundary", boundary.unwrap_or_default());
        if properties.get("ManagedPolicyArns").is_some() {
            let operation = format!("ListAttached{noun}Policies");
            let attached = listed(&operation, &self.named(), "AttachedPolicies", context).await?;
            let arns = attached.iter().filter_map(|policy| policy.get("PolicyArn").cloned());
            actual.set("ManagedPolicyArns", arns.collect::<Document>());
        }
        if properties.get("Policies").is_some() {
            let mut policies = Vec::new();
            for name in listed(&format!("List{noun}Policies"), &self.named(), "PolicyNames", context).await? {
                let name = name.as_str().unwrap_or_default();
                let document = self.policy(name, context).await?.unwrap_or_default();
                policies.push(document!({ "PolicyName": name, "PolicyDocument": document }));
            }
            actual.set("Policies", Document::Array(policies));
        }
        Ok(Some((entity, actual)))
    }

    /// The document of an inline policy; None where there is none of that name.
    pub(super) async fn policy(
        &self,
        name: &str,
        context: &HandlerContext,
    ) -> Result<Option<Document>, HandlerFailure> {
        let ask = self.named().with("PolicyName", name);
        let answer = context.ask("iam", &format!("Get{}Policy", self.noun()), ask, gone).await?;
        Ok(answer.map(|answer| decoded(answer.get("PolicyDocument"))))
    }
}

/// An inline policy that is a resource of its own: of those who have another document under its name, where there are such.
pub(super) async fn inline_policy(
    name: &str,
    targets: &[Target],
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let wanted = properties.json("PolicyDocument")?;
    let mut document = None;
    let (mut users, mut groups, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for target in targets {
        let Some(found) = target.policy(name, context).await? else { continue };
        let named = Document::from(target.name.as_str());
        match target.kind {
            Kind::User => users.push(named),
            Kind::Group => groups.push(named),
            Kind::Role => roles.push(named),
        }
        if document.is_none() || Some(&found) != wanted.as_ref() {
            document = Some(found);
        }
    }
    let Some(document) = document else { return Ok(Actual::Gone) };
    Ok(Actual::Properties(document!({
        "PolicyName": name,
        "PolicyDocument": document,
        "Users": (Document::Array(users)),
        "Groups": (Document::Array(groups)),
        "Roles": (Document::Array(roles))
    })))
}

/// A managed policy: its default version, and those that have it.
pub(super) async fn managed_policy(
    arn: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let ask = || document!({ "PolicyArn": arn });
    let Some(answer) = context.ask("iam", "GetPolicy", ask(), gone).await? else {
        return Ok(Actual::Gone);
    };
    let policy = answer.get("Policy").cloned().unwrap_or_default();
    let mut actual = Actual::picked(&policy, &["Description", "Path"]);
    actual.set("ManagedPolicyName", policy.get("PolicyName").cloned().unwrap_or_default());
    let version = policy.get("DefaultVersionId").cloned().unwrap_or_default();
    let version = context.ask("iam", "GetPolicyVersion", ask().with("VersionId", version), gone).await?;
    actual.set("PolicyDocument", decoded(version.unwrap_or_default().at(&["PolicyVersion", "Document"])));
    for (property, list, name) in [
        ("Users", "PolicyUsers", "UserName"),
        ("Groups", "PolicyGroups", "GroupName"),
        ("Roles", "PolicyRoles", "RoleName"),
    ] {
        if properties.get(property).is_some() {
            let found = listed("ListEntitiesForPolicy", &ask(), list, context).await?;
            let names = found.iter().filter_map(|entity| entity.get(name).cloned());
            actual.set(property, names.collect::<Document>());
        }
    }
    Ok(Actual::Properties(actual))
}
