//! GetManagedPrefixListEntries and ModifyManagedPrefixList.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{combination, invalid_value, missing, refuse, unsupported};
use crate::operations::managed_prefix_list::{checked_name, checked_size, described, own};
use crate::operations::permission;
use crate::page::Paging;
use crate::state::noun;
use crate::state::prefix_list::{Entry, PrefixList};
use crate::state::security_group::{Peer, SecurityGroup};
use api_ec2::{
    AddPrefixListEntry, Error, GetManagedPrefixListEntries, GetManagedPrefixListEntriesOutput,
    ManagedPrefixList, ModifyManagedPrefixList, ModifyManagedPrefixListOutput, PrefixListEntry,
    PrefixListState,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most entries that one request adds or removes.
const MOST: usize = 100;

/// A block of a family, without bits of the host.
fn block(family: &str, text: &str) -> Result<String, Error> {
    let block = if family == "IPv6" {
        Ipv6Block::parse(text).map(|block| block.to_string())
    } else {
        Ipv4Block::parse(text).map(|block| block.to_string())
    };
    block.ok_or_else(|| invalid_value(format!("The CIDR block {text} is not a valid {family} CIDR block.")))
}

/// The entries of a list with further ones; a block that is there already gets the new description.
pub(crate) fn checked(
    family: &str,
    mut entries: Vec<Entry>,
    add: Vec<AddPrefixListEntry>,
) -> Result<Vec<Entry>, Error> {
    if add.len() > MOST {
        let message = format!("You can't add more than {MOST} entries in a single request.");
        return Err(refuse("InvalidParameterValue", message));
    }
    let mut seen: Vec<String> = Vec::new();
    for AddPrefixListEntry { cidr, description } in add {
        let cidr = block(family, &cidr)?;
        if seen.contains(&cidr) {
            return Err(invalid_value(format!(
                "The CIDR block {cidr} appears more than once in the request."
            )));
        }
        seen.push(cidr.clone());
        if description.as_ref().is_some_and(|text| text.chars().count() > 255) {
            return Err(invalid_value("The description of an entry cannot exceed 255 characters."));
        }
        match entries.iter_mut().find(|entry| entry.cidr == cidr) {
            Some(entry) => entry.description = description,
            None => entries.push(Entry { cidr, description }),
        }
    }
    entries.sort_by(|left, right| left.cidr.cmp(&right.cidr));
    Ok(entries)
}

/// Refuses more entries than a list may have.
pub(crate) fn within(entries: &[Entry], most: i32) -> Result<(), Error> {
    if entries.len() > usize::try_from(most).unwrap_or_default() {
        let message = "The number of entries exceeds the maximum number of entries of the prefix list.";
        return Err(refuse("PrefixListMaxEntriesExceeded", message));
    }
    Ok(())
}

impl Transact<GetManagedPrefixListEntries> for Ec2 {
    fn access(input: &GetManagedPrefixListEntries, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<PrefixList>(&input.prefix_list_id).access()
    }

    fn run(
        input: GetManagedPrefixListEntries,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetManagedPrefixListEntriesOutput, Error> {
        let id = &input.prefix_list_id;
        let list = PrefixList::any(tx, call.scope(), id)?.ok_or_else(|| noun::not_found::<PrefixList>(id))?;
        let entries = match input.target_version {
            None => list.entries(),
            Some(version) => {
                let index = version.checked_sub(1).and_then(|index| usize::try_from(index).ok());
                let entries = index.and_then(|index| list.versions.get(index));
                let unknown = || {
                    let message = format!("The prefix list version {version} of '{id}' does not exist");
                    refuse("InvalidPrefixListVersion.NotFound", message)
                };
                entries.map(Vec::as_slice).ok_or_else(unknown)?
            }
        };
        let paging = Paging { token: input.next_token, most: input.max_results, limit: 100 };
        let answered = entries.iter().map(|entry| {
            let described =
                PrefixListEntry { cidr: Some(entry.cidr.clone()), description: entry.description.clone() };
            (entry.cidr.clone(), described)
        });
        let (entries, next_token) = paging.page(&format!("{id} entries"), answered.collect())?;
        answer(input.dry_run, GetManagedPrefixListEntriesOutput { entries: Some(entries), next_token })
    }
}

impl Transact<ModifyManagedPrefixList> for Ec2 {
    fn access(input: &ModifyManagedPrefixList, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<PrefixList>(&input.prefix_list_id).access()
    }

    fn run(
        input: ModifyManagedPrefixList,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ModifyManagedPrefixListOutput, Error> {
        let mut list = own(tx, call.scope(), &input.prefix_list_id)?;
        if input.ipam_prefix_list_resolver_sync_enabled.is_some() {
            return Err(unsupported("The prefix list is not the target of an IPAM prefix list resolver."));
        }
        let add = input.add_entries.unwrap_or_default();
        let remove = input.remove_entries.unwrap_or_default();
        let changes_entries = !add.is_empty() || !remove.is_empty();
        if input.max_entries.is_some() && changes_entries {
            return Err(combination(
                "You cannot modify the entries of a prefix list and modify the size of a prefix list at the same time.",
            ));
        }
        if let Some(version) = input.current_version
            && version != list.version()
        {
            let message = "The prefix list has the incorrect version number.";
            return Err(refuse("PrefixListVersionMismatch", message));
        }
        if changes_entries {
            if input.current_version.is_none() {
                return Err(missing("CurrentVersion"));
            }
            if remove.len() > MOST {
                let message = format!("You can't remove more than {MOST} entries in a single request.");
                return Err(invalid_value(message));
            }
            let mut entries = list.entries().to_vec();
            for gone in remove {
                let cidr = block(&list.family, &gone.cidr)?;
                let position = entries.iter().position(|entry| entry.cidr == cidr);
                let position = position.ok_or_else(|| {
                    invalid_value(format!(
                        "The CIDR block {cidr} is not an entry of the prefix list '{}'.",
                        list.id
                    ))
                })?;
                entries.remove(position);
            }
            let entries = checked(&list.family, entries, add)?;
            within(&entries, list.most)?;
            list.versions.push(entries);
        }
        if let Some(name) = &input.prefix_list_name {
            list.name = checked_name(name)?;
        }
        if let Some(most) = input.max_entries {
            list.most = checked_size(most)?;
            within(list.entries(), list.most)?;
        }
        list.state = PrefixListState::ModifyComplete.as_str().to_owned();
        tx.update(list.clone())?;
        check_users(tx, &list)?;
        let answered =
            ManagedPrefixList { state: Some(PrefixListState::ModifyInProgress), ..described(&list) };
        answer(input.dry_run, ModifyManagedPrefixListOutput { prefix_list: Some(answered) })
    }
}

/// A list counts in its groups' limits with its size, so that a larger one may be too large for them.
fn check_users(view: &View, list: &PrefixList) -> Result<(), Error> {
    let peer = Peer::PrefixList(list.id.clone());
    for group in view.list::<SecurityGroup>(list.scope)? {
        if group.rules.iter().any(|rule| rule.peer == peer) {
            permission::within_limit(view, &group)?;
        }
    }
    Ok(())
}
