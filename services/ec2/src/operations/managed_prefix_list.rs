//! CreateManagedPrefixList, DeleteManagedPrefixList, DescribeManagedPrefixLists, DescribePrefixLists.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, invalid_value, refuse};
use crate::filter::{Filters, one};
use crate::network;
use crate::operations::prefix_list_entries::{self, checked};
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::route_table::Destination;
use crate::state::security_group::Peer;
use crate::state::{Noun, PrefixList, RouteTable, SecurityGroup};
use crate::tags;
use api_ec2::{
    CreateManagedPrefixList, CreateManagedPrefixListOutput, DeleteManagedPrefixList,
    DeleteManagedPrefixListOutput, DescribeManagedPrefixLists, DescribeManagedPrefixListsOutput,
    DescribePrefixLists, DescribePrefixListsOutput, Error, ManagedPrefixList, PrefixListState,
};
use contract::{Access, Call, Transact};
use names::Scope;
use store::{Tx, View};

/// The most lists of an account in a region.
const MOST: usize = 100;

impl Transact<CreateManagedPrefixList> for Ec2 {
    fn access(input: &CreateManagedPrefixList, call: &Call, view: &View) -> Access {
        Needs::of(call, view).making::<PrefixList>(input.tag_specifications.as_ref()).access()
    }

    fn run(
        input: CreateManagedPrefixList,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CreateManagedPrefixListOutput, Error> {
        let scope = call.scope();
        let (token, asked) = (input.client_token.clone(), format!("{input:?}"));
        let known =
            Creation::before::<PrefixList>(tx, scope, "CreateManagedPrefixList", token.as_deref(), &asked)?;
        if let Some(list) = known {
            return answer(
                input.dry_run,
                CreateManagedPrefixListOutput { prefix_list: Some(described(&list)) },
            );
        }
        let new = tags::for_new(call, input.tag_specifications, PrefixList::NOUN)?;
        let name = checked_name(&input.prefix_list_name)?;
        if !matches!(input.address_family.as_str(), "IPv4" | "IPv6") {
            let message = format!(
                "Value ({}) for parameter addressFamily is invalid. Use IPv4 or IPv6.",
                input.address_family
            );
            return Err(invalid_value(message));
        }
        let most = checked_size(input.max_entries)?;
        let entries = checked(&input.address_family, Vec::new(), input.entries.unwrap_or_default())?;
        prefix_list_entries::within(&entries, most)?;
        if tx.scan::<PrefixList>(scope, ()).count()? >= MOST {
            let message = "You've reached the limit on the number of prefix lists.";
            return Err(refuse("PrefixListLimitExceeded", message));
        }
        let id = network::id(&call.entropy, PrefixList::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        Creation::remember(tx, scope, "CreateManagedPrefixList", token.as_deref(), asked, &id)?;
        let list = PrefixList {
            scope,
            id,
            name,
            family: input.address_family,
            most,
            of_aws: false,
            state: PrefixListState::CreateComplete.as_str().to_owned(),
            versions: vec![entries],
            tags: new.tags,
        };
        tx.insert(list.clone())?;
        // AWS answers before it is done.
        let in_progress =
            ManagedPrefixList { state: Some(PrefixListState::CreateInProgress), ..described(&list) };
        answer(input.dry_run, CreateManagedPrefixListOutput { prefix_list: Some(in_progress) })
    }
}

/// A name of at most 255 characters that is not one of AWS's.
pub(crate) fn checked_name(name: &str) -> Result<String, Error> {
    if name.is_empty() || name.chars().count() > 255 || name.starts_with("com.amazonaws") {
        let message = format!(
            "Value ({name}) for parameter prefixListName is invalid. A name is up to 255 characters long and does not start with com.amazonaws."
        );
        return Err(invalid_value(message));
    }
    Ok(name.to_owned())
}

/// The size of a list: 1 to 1000 entries.
pub(crate) fn checked_size(most: i32) -> Result<i32, Error> {
    if (1..=1000).contains(&most) {
        return Ok(most);
    }
    Err(invalid_value(format!("Value ({most}) for parameter maxEntries is invalid. Expecting 1 to 1000.")))
}

/// Refuses to change AWS's own lists.
pub(crate) fn own(view: &View, scope: Scope, id: &str) -> Result<PrefixList, Error> {
    if PrefixList::of_services(scope).iter().any(|list| list.id == id) {
        return Err(combination(format!("The prefix list '{id}' is managed by AWS and cannot be changed")));
    }
    noun::find(view, scope, id)
}

impl Transact<DeleteManagedPrefixList> for Ec2 {
    fn access(input: &DeleteManagedPrefixList, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<PrefixList>(&input.prefix_list_id).access()
    }

    fn run(
        input: DeleteManagedPrefixList,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteManagedPrefixListOutput, Error> {
        let scope = call.scope();
        let list = own(tx, scope, &input.prefix_list_id)?;
        let peer = Peer::PrefixList(list.id.clone());
        let destination = Destination::PrefixList(list.id.clone());
        let in_rules = tx
            .list::<SecurityGroup>(scope)?
            .iter()
            .any(|group| group.rules.iter().any(|rule| rule.peer == peer));
        let in_routes = tx
            .list::<RouteTable>(scope)?
            .iter()
            .any(|table| table.routes.iter().any(|route| route.destination == destination));
        if in_rules || in_routes {
            let message = format!("The prefix list '{}' is in use and cannot be deleted.", list.id);
            return Err(refuse("DependencyViolation", message));
        }
        tx.remove::<PrefixList>(scope, list.id.as_str())?;
        let gone = ManagedPrefixList { state: Some(PrefixListState::DeleteInProgress), ..described(&list) };
        answer(input.dry_run, DeleteManagedPrefixListOutput { prefix_list: Some(gone) })
    }
}

/// The account's lists and AWS's, those with the given ids or all.
fn chosen(view: &View, scope: Scope, ids: Option<&Vec<String>>) -> Result<Vec<PrefixList>, Error> {
    match ids.filter(|ids| !ids.is_empty()) {
        Some(ids) => {
            let find = |id: &String| {
                PrefixList::any(view, scope, id)?.ok_or_else(|| noun::not_found::<PrefixList>(id))
            };
            ids.iter().map(find).collect()
        }
        None => {
            let mut lists = view.list::<PrefixList>(scope)?;
            lists.extend(PrefixList::of_services(scope));
            Ok(lists)
        }
    }
}

impl Transact<DescribeManagedPrefixLists> for Ec2 {
    fn access(_: &DescribeManagedPrefixLists, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeManagedPrefixLists,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeManagedPrefixListsOutput, Error> {
        let paging = Paging { token: input.next_token, most: input.max_results, limit: 100 };
        let filters =
            Filters::parse(input.filters, &["owner-id", "prefix-list-id", "prefix-list-name"], true)?;
        let mut lists = chosen(tx, call.scope(), input.prefix_list_ids.as_ref())?;
        lists.retain(|list| {
            filters.pass(&list.tags, |filter| match filter {
                "owner-id" => one(list.owner()),
                "prefix-list-id" => one(&list.id),
                _ => one(&list.name),
            })
        });
        let answered = lists.iter().map(|list| (list.id.clone(), described(list))).collect();
        let (lists, next_token) = paging.page("DescribeManagedPrefixLists", answered)?;
        answer(input.dry_run, DescribeManagedPrefixListsOutput { next_token, prefix_lists: Some(lists) })
    }
}

impl Transact<DescribePrefixLists> for Ec2 {
    fn access(_: &DescribePrefixLists, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    /// AWS's lists only, each with its blocks.
    fn run(input: DescribePrefixLists, call: &Call, tx: &mut Tx) -> Result<DescribePrefixListsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        let filters = Filters::parse(input.filters, &["prefix-list-id", "prefix-list-name"], false)?;
        let mut lists = chosen(tx, call.scope(), input.prefix_list_ids.as_ref())?;
        lists.retain(|list| {
            let pass = filters.pass(&list.tags, |filter| {
                one(if filter == "prefix-list-id" { &list.id } else { &list.name })
            });
            list.of_aws && pass
        });
        let answered = lists.iter().map(|list| {
            let blocks = list.entries().iter().map(|entry| entry.cidr.clone()).collect();
            let described = api_ec2::PrefixList {
                cidrs: Some(blocks),
                prefix_list_id: Some(list.id.clone()),
                prefix_list_name: Some(list.name.clone()),
            };
            (list.id.clone(), described)
        });
        let (lists, next_token) = paging.page("DescribePrefixLists", answered.collect())?;
        answer(input.dry_run, DescribePrefixListsOutput { next_token, prefix_lists: Some(lists) })
    }
}

/// As answers have it.
pub(crate) fn described(list: &PrefixList) -> ManagedPrefixList {
    ManagedPrefixList {
        prefix_list_id: Some(list.id.clone()),
        address_family: Some(list.family.clone()),
        state: list.state.parse().ok(),
        state_message: None,
        prefix_list_arn: Some(list.arn()),
        prefix_list_name: Some(list.name.clone()),
        max_entries: (!list.of_aws).then_some(list.most),
        version: (!list.of_aws).then(|| list.version()),
        tags: Some(tags::listed(&list.tags).unwrap_or_default()),
        owner_id: Some(list.owner().to_owned()),
        ipam_prefix_list_resolver_target_id: None,
        ipam_prefix_list_resolver_sync_enabled: None,
    }
}
