//! CreateTags, DeleteTags, DescribeTags: on every noun that has an id, and on rules of security groups.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{invalid_value, missing, refuse};
use crate::filter::{Filters, one};
use crate::operations::revoke::no_rule;
use crate::page::Paging;
use crate::state::noun::{self, Noun};
use crate::state::{
    DhcpOptions, InternetGateway, NetworkAcl, NetworkInterface, PrefixList, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
use crate::tags;
use api_ec2::{
    CreateTags, CreateTagsOutput, DeleteTags, DeleteTagsOutput, DescribeTags, DescribeTagsOutput, Error, Tag,
    TagDescription,
};
use contract::{Access, Call, Transact};
use names::{Scope, Tags};
use store::{Tx, View};

/// Calls a generic function for the noun that an id's prefix stands for.
macro_rules! by_prefix {
    ($id:expr, $noun:ident => $body:expr, $rule:expr, $other:expr) => {
        match $id.split_once('-').map_or($id, |(prefix, _)| prefix) {
            "vpc" => {
                type $noun = Vpc;
                $body
            }
            "subnet" => {
                type $noun = Subnet;
                $body
            }
            "igw" => {
                type $noun = InternetGateway;
                $body
            }
            "rtb" => {
                type $noun = RouteTable;
                $body
            }
            "acl" => {
                type $noun = NetworkAcl;
                $body
            }
            "dopt" => {
                type $noun = DhcpOptions;
                $body
            }
            "eni" => {
                type $noun = NetworkInterface;
                $body
            }
            "pl" => {
                type $noun = PrefixList;
                $body
            }
            "sg" => {
                type $noun = SecurityGroup;
                $body
            }
            "sgr" => $rule,
            _ => $other,
        }
    };
}

/// What is done to the tags of a thing.
type Change<'a> = &'a dyn Fn(&mut Tags) -> Result<(), Error>;

fn change_thing<T: Noun>(tx: &mut Tx, scope: Scope, id: &str, change: Change<'_>) -> Result<(), Error> {
    let mut thing: T = noun::find(tx, scope, id)?;
    change(thing.tags_mut())?;
    Ok(tx.update(thing)?)
}

fn change_rule(tx: &mut Tx, scope: Scope, id: &str, change: Change<'_>) -> Result<(), Error> {
    let mut group = tx.first_by_index::<SecurityGroup>(scope, "rule", id)?.ok_or_else(|| no_rule(id))?;
    let rule = group.rules.iter_mut().find(|rule| rule.id == id).ok_or_else(|| no_rule(id))?;
    change(&mut rule.tags)?;
    Ok(tx.update(group)?)
}

fn change(tx: &mut Tx, scope: Scope, ids: &[String], change: Change<'_>) -> Result<(), Error> {
    if ids.is_empty() {
        return Err(missing("resourceIdSet"));
    }
    if ids.len() > 1000 {
        return Err(invalid_value("At most 1000 resources can be tagged in one request."));
    }
    for id in ids {
        by_prefix!(id.as_str(), N => change_thing::<N>(tx, scope, id, change), change_rule(tx, scope, id, change), {
            Err(refuse("InvalidID", format!("The ID '{id}' is not valid")))
        })?;
    }
    Ok(())
}

/// Every resource is checked with its own ARN, tags and keys.
fn needs<'a>(call: &'a Call, view: &'a View, ids: &[String]) -> Needs<'a> {
    let mut needs = Needs::of(call, view);
    for id in ids {
        needs = by_prefix!(id.as_str(), N => needs.on::<N>(id), {
            let group = view.first_by_index::<SecurityGroup>(call.scope(), "rule", id.as_str()).ok().flatten();
            let rule = group.as_ref().and_then(|group| group.rules.iter().find(|rule| rule.id == *id));
            needs.on_arn("security-group-rule", id, rule.map(|rule| &rule.tags))
        }, needs.on_arn("*", id, None));
    }
    // A request that names none is refused for that; who may tag nothing at all is told so first.
    if ids.is_empty() { needs.on_arn("*", "*", None) } else { needs }
}

impl Transact<CreateTags> for Ec2 {
    fn access(input: &CreateTags, call: &Call, view: &View) -> Access {
        needs(call, view, &input.resources).with_tags(Some(&input.tags)).access()
    }

    fn run(input: CreateTags, call: &Call, tx: &mut Tx) -> Result<CreateTagsOutput, Error> {
        if input.tags.is_empty() {
            return Err(missing("tagSet"));
        }
        let new = tags::checked(call, input.tags)?;
        let add = |tags: &mut Tags| {
            tags.extend(new.iter().map(|(key, value)| (key.clone(), value.clone())));
            tags::within_limit(tags)
        };
        change(tx, call.scope(), &input.resources, &add)?;
        answer(input.dry_run, CreateTagsOutput {})
    }
}

impl Transact<DeleteTags> for Ec2 {
    fn access(input: &DeleteTags, call: &Call, view: &View) -> Access {
        needs(call, view, &input.resources).with_tags(input.tags.as_ref()).access()
    }

    /// A key without a value removes the tag whatever its value is; no tags at all remove all but AWS's own.
    fn run(input: DeleteTags, call: &Call, tx: &mut Tx) -> Result<DeleteTagsOutput, Error> {
        let asked = input.tags.filter(|tags| !tags.is_empty());
        let keys = asked.iter().flatten().map(|tag| Tag { key: tag.key.clone(), value: None }).collect();
        tags::checked(call, keys)?;
        let remove = |tags: &mut Tags| {
            match &asked {
                None => tags.retain(|key, _| tags::is_reserved(key)),
                Some(asked) => tags.retain(|key, value| {
                    let named = |tag: &Tag| {
                        tag.key.as_ref() == Some(key)
                            && tag.value.as_ref().is_none_or(|wanted| wanted == value)
                    };
                    !asked.iter().any(named)
                }),
            }
            Ok(())
        };
        change(tx, call.scope(), &input.resources, &remove)?;
        answer(input.dry_run, DeleteTagsOutput {})
    }
}

const FILTERS: &[&str] = &["key", "resource-id", "resource-type", "value"];

impl Transact<DescribeTags> for Ec2 {
    fn access(_: &DescribeTags, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeTags, call: &Call, tx: &mut Tx) -> Result<DescribeTagsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let scope = call.scope();
        let mut all: Vec<TagDescription> = Vec::new();
        collect::<Vpc>(tx, scope, &mut all)?;
        collect::<Subnet>(tx, scope, &mut all)?;
        collect::<InternetGateway>(tx, scope, &mut all)?;
        collect::<RouteTable>(tx, scope, &mut all)?;
        collect::<NetworkAcl>(tx, scope, &mut all)?;
        collect::<DhcpOptions>(tx, scope, &mut all)?;
        collect::<NetworkInterface>(tx, scope, &mut all)?;
        collect::<PrefixList>(tx, scope, &mut all)?;
        collect::<SecurityGroup>(tx, scope, &mut all)?;
        for group in tx.list::<SecurityGroup>(scope)? {
            for rule in &group.rules {
                describe(&rule.id, "security-group-rule", &rule.tags, &mut all);
            }
        }
        all.retain(|tag| {
            let (key, value) = (tag.key.clone().unwrap_or_default(), tag.value.clone().unwrap_or_default());
            let itself = Tags::from([(key.clone(), value.clone())]);
            filters.pass(&itself, |filter| match filter {
                "key" => one(&key),
                "resource-id" => tag.resource_id.clone().into_iter().collect(),
                "resource-type" => tag.resource_type.clone().into_iter().collect(),
                _ => one(&value),
            })
        });
        let keyed = |tag: TagDescription| {
            let key = format!(
                "{} {}",
                tag.resource_id.as_deref().unwrap_or_default(),
                tag.key.as_deref().unwrap_or_default()
            );
            (key, tag)
        };
        let (tags, next_token) = paging.page("DescribeTags", all.into_iter().map(keyed).collect())?;
        answer(input.dry_run, DescribeTagsOutput { next_token, tags: Some(tags) })
    }
}

fn collect<T: Noun>(view: &View, scope: Scope, all: &mut Vec<TagDescription>) -> Result<(), Error> {
    for thing in view.list::<T>(scope)? {
        describe(thing.id(), T::NOUN, thing.tags(), all);
    }
    Ok(())
}

fn describe(id: &str, noun: &str, tags: &Tags, all: &mut Vec<TagDescription>) {
    all.extend(tags.iter().map(|(key, value)| TagDescription {
        key: Some(key.clone()),
        resource_id: Some(id.to_owned()),
        resource_type: Some(noun.to_owned()),
        value: Some(value.clone()),
    }));
}
