//! `AWS::IAM::Group`.

use super::step::{Attributes, attributes, begin, gone, is_ours};
use super::target::{Kind, Target};
use api_iam::{CreateGroup, DeleteGroup, GetGroup, Group, UpdateGroup};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes groups.
pub(super) struct GroupHandler;

const LONGEST_NAME: usize = 128;

fn answer(group: Group) -> Attributes {
    attributes([("Arn", group.arn)])
}

async fn existing(name: &str, context: &HandlerContext) -> Result<Group, HandlerFailure> {
    let get = GetGroup { group_name: name.to_owned(), marker: None, max_items: None };
    Ok(context.caller.call(get).await?.group)
}

/// Groups carry no tags: one that is in the way is this step's where the step had begun before.
async fn create_group(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Group, HandlerFailure> {
    let begun = begin(context, Vec::new()).await?.is_some();
    let create = CreateGroup { path: properties.string("Path")?, group_name: name.to_owned() };
    match context.caller.call(create).await {
        Ok(made) => Ok(made.group),
        Err(error)
            if is_ours(&error, name, None, context) || (begun && error.code == "EntityAlreadyExists") =>
        {
            existing(name, context).await
        }
        Err(error) => Err(error.into()),
    }
}

#[async_trait::async_trait]
impl ResourceHandler for GroupHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Group"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["GroupName", "ManagedPolicyArns", "Path", "Policies"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["GroupName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = properties.string("GroupName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let group = create_group(&name, properties, context).await?;
        if let Err(failure) =
            Target::new(Kind::Group, &name).reconcile(&context.caller, None, properties).await
        {
            if let Err(left) = self.delete(&name, properties, context).await {
                tracing::warn!(group = name, %left, "a group that could not be given its policies could not be deleted either");
            }
            return Err(failure);
        }
        Ok(Created { physical_id: name, attributes: answer(group) })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let path = new.string("Path")?;
        if path != old.string("Path")? {
            let new_path = Some(path.unwrap_or_else(|| "/".into()));
            let group_name = physical_id.to_owned();
            context.caller.call(UpdateGroup { group_name, new_path, new_group_name: None }).await?;
        }
        Target::new(Kind::Group, physical_id).reconcile(&context.caller, Some(old), new).await?;
        Ok(Updated { attributes: answer(existing(physical_id, context).await?) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Target::new(Kind::Group, physical_id).strip(&context.caller, properties).await?;
        gone(context.caller.call(DeleteGroup { group_name: physical_id.to_owned() }).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let found = Target::new(Kind::Group, physical_id).read(properties, context).await?;
        Ok(found.map_or(Actual::Gone, |(_, actual)| Actual::Properties(actual)))
    }
}
