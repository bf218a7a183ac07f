//! What other resources of a stack attached to one: "CloudFormation analyzes the stack template for attachments before performing the drift
//! comparison." Those of other stacks show as additions, as on AWS.

use super::compare::same;
use crate::state::resource::StackResource;
use wire::Document;

/// Takes out of the lists of a resource what its siblings put there.
pub(super) fn without(actual: &mut Document, resource: &StackResource, siblings: &[StackResource]) {
    let attached = siblings.iter().filter(|sibling| !sibling.is_gone() && sibling.physical_id.is_some());
    for sibling in attached {
        for (property, element) in attachments(resource, sibling) {
            let Some(Document::Array(list)) = actual.get(property).cloned() else { continue };
            let mut rest = list;
            if let Some(place) = rest.iter().position(|it| same(&element, it, false)) {
                rest.remove(place);
            }
            actual.set(property, Document::Array(rest));
        }
    }
}

/// The elements that a sibling adds to lists of a resource, as far as it says what they are.
fn attachments(resource: &StackResource, sibling: &StackResource) -> Vec<(&'static str, Document)> {
    let Some(id) = resource.physical_id.as_deref() else { return Vec::new() };
    let given = &sibling.properties;
    let is_it = |name: &str| given.get(name).and_then(Document::as_str) == Some(id);
    let names_it = |list: &str| {
        let names = given.get(list).and_then(Document::as_array).unwrap_or_default();
        names.iter().any(|name| name.as_str() == Some(id))
    };
    let rule = |property| {
        // In the default VPC groups are known by their names.
        let by_id =
            resource.attributes.get("GroupId").is_some_and(|group| given.get("GroupId") == Some(group));
        let mut rule = given.clone();
        if let Document::Object(members) = &mut rule {
            members.retain(|name, _| !matches!(name.as_str(), "GroupId" | "GroupName"));
        }
        if by_id || is_it("GroupId") || is_it("GroupName") { vec![(property, rule)] } else { Vec::new() }
    };
    let holder = match resource.resource_type.as_str() {
        "AWS::IAM::User" => "Users",
        "AWS::IAM::Group" => "Groups",
        "AWS::IAM::Role" => "Roles",
        "AWS::SNS::Topic" if sibling.resource_type == "AWS::SNS::Subscription" && is_it("TopicArn") => {
            let mut element = Document::object();
            for name in ["Protocol", "Endpoint"] {
                element.set(name, given.get(name).cloned().unwrap_or_default());
            }
            return vec![("Subscription", element)];
        }
        "AWS::EC2::SecurityGroup" => {
            return match sibling.resource_type.as_str() {
                "AWS::EC2::SecurityGroupIngress" => rule("SecurityGroupIngress"),
                "AWS::EC2::SecurityGroupEgress" => rule("SecurityGroupEgress"),
                _ => Vec::new(),
            };
        }
        _ => return Vec::new(),
    };
    match sibling.resource_type.as_str() {
        "AWS::IAM::Policy" if names_it(holder) => {
            let name = given.get("PolicyName").cloned().unwrap_or_default();
            vec![("Policies", Document::object().with("PolicyName", name))]
        }
        "AWS::IAM::ManagedPolicy" if names_it(holder) => {
            vec![("ManagedPolicyArns", Document::from(sibling.physical_id.clone()))]
        }
        "AWS::IAM::RolePolicy" | "AWS::IAM::UserPolicy" | "AWS::IAM::GroupPolicy"
            if is_it("RoleName") || is_it("UserName") || is_it("GroupName") =>
        {
            let name = given.get("PolicyName").cloned().unwrap_or_default();
            vec![("Policies", Document::object().with("PolicyName", name))]
        }
        _ => Vec::new(),
    }
}
