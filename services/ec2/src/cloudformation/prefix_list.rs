use super::step::{Attributes, Step, attributes, deleted, given, number};
use crate::state;
use api_ec2::{
    AddPrefixListEntry, CreateManagedPrefixList, DeleteManagedPrefixList, DescribeManagedPrefixLists,
    ManagedPrefixList, ModifyManagedPrefixList, RemovePrefixListEntry,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// `AWS::EC2::PrefixList`.
pub(crate) struct PrefixList;

#[async_trait::async_trait]
impl ResourceHandler for PrefixList {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::PrefixList"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["AddressFamily", "Entries", "MaxEntries", "PrefixListName", "Tags"]
    }

    /// A list cannot change its family.
    fn create_only(&self) -> &'static [&'static str] {
        &["AddressFamily"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "OwnerId", "PrefixListId", "Version"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let step = Step::of(context);
        let physical_id = match step.made::<state::PrefixList>()? {
            Some(id) => id,
            None => {
                let create = CreateManagedPrefixList {
                    dry_run: None,
                    prefix_list_name: properties.required_string("PrefixListName")?,
                    entries: Some(entries(properties)?),
                    max_entries: number(properties, "MaxEntries")?
                        .ok_or_else(|| properties.missing("MaxEntries"))?,
                    tag_specifications: step.tag_specifications("prefix-list", properties)?,
                    address_family: properties.required_string("AddressFamily")?,
                    client_token: None,
                };
                let output = context.caller.call(create).await?;
                given(output.prefix_list.and_then(|list| list.prefix_list_id))?
            }
        };
        let attributes = answered(described(&physical_id, context).await?);
        Ok(Created { physical_id, attributes })
    }

    /// The size and the entries take a call each, the larger size first: EC2 changes them one at a time.
    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Step::of(context).update_tags::<state::PrefixList>(physical_id, old, new).await?;
        let list = described(physical_id, context).await?;
        let size = number(new, "MaxEntries")?.filter(|size| list.max_entries != Some(*size));
        let grows = size > list.max_entries;
        let base =
            || ModifyManagedPrefixList { prefix_list_id: physical_id.to_owned(), ..Default::default() };
        let name = new.required_string("PrefixListName")?;
        if list.prefix_list_name.as_ref() != Some(&name) {
            context.caller.call(ModifyManagedPrefixList { prefix_list_name: Some(name), ..base() }).await?;
        }
        if grows {
            context.caller.call(ModifyManagedPrefixList { max_entries: size, ..base() }).await?;
        }
        let (before, after) = (entries(old)?, entries(new)?);
        let remove: Vec<RemovePrefixListEntry> = before
            .iter()
            .filter(|entry| !after.iter().any(|other| other.cidr == entry.cidr))
            .map(|entry| RemovePrefixListEntry { cidr: entry.cidr.clone() })
            .collect();
        let add: Vec<AddPrefixListEntry> =
            after.into_iter().filter(|entry| !before.contains(entry)).collect();
        if !add.is_empty() || !remove.is_empty() {
            let call = ModifyManagedPrefixList {
                current_version: list.version,
                add_entries: Some(add),
                remove_entries: Some(remove),
                ..base()
            };
            context.caller.call(call).await?;
        }
        if size.is_some() && !grows {
            context.caller.call(ModifyManagedPrefixList { max_entries: size, ..base() }).await?;
        }
        Ok(Updated { attributes: answered(described(physical_id, context).await?) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteManagedPrefixList { prefix_list_id: physical_id.to_owned(), dry_run: None };
        deleted(context.caller.call(delete).await)
    }
}

fn entries(properties: &Properties) -> Result<Vec<AddPrefixListEntry>, HandlerFailure> {
    let entry = |entry: &Properties| {
        entry.only(&["Cidr", "Description"])?;
        Ok(AddPrefixListEntry {
            cidr: entry.required_string("Cidr")?,
            description: entry.string("Description")?,
        })
    };
    properties.objects("Entries")?.iter().map(entry).collect()
}

async fn described(id: &str, context: &HandlerContext) -> Result<ManagedPrefixList, HandlerFailure> {
    let describe =
        DescribeManagedPrefixLists { prefix_list_ids: Some(vec![id.to_owned()]), ..Default::default() };
    let lists = context.caller.call(describe).await?.prefix_lists.unwrap_or_default();
    Ok(lists.into_iter().next().unwrap_or_default())
}

fn answered(list: ManagedPrefixList) -> Attributes {
    attributes([
        ("Arn", list.prefix_list_arn.into()),
        ("OwnerId", list.owner_id.into()),
        ("PrefixListId", list.prefix_list_id.into()),
        ("Version", list.version.into()),
    ])
}
