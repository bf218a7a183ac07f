//! Tags of users, roles and managed policies.

use super::{Iam, Result, entities, policies};
use crate::managed::{self, Managed};
use crate::page::{Page, page};
use crate::state::{Role, User};
use crate::{authority, refusal, tags};
use api_iam::{
    ListPolicyTags, ListPolicyTagsOutput, ListRoleTags, ListRoleTagsOutput, ListUserTags, ListUserTagsOutput,
    Tag, TagPolicy, TagPolicyOutput, TagRole, TagRoleOutput, TagUser, TagUserOutput, UntagPolicy,
    UntagPolicyOutput, UntagRole, UntagRoleOutput, UntagUser, UntagUserOutput,
};
use contract::{Access, Call, Registration, Transact};
use names::Tags;
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, TagUser>()
        .transact::<Iam, UntagUser>()
        .transact::<Iam, ListUserTags>()
        .transact::<Iam, TagRole>()
        .transact::<Iam, UntagRole>()
        .transact::<Iam, ListRoleTags>()
        .transact::<Iam, TagPolicy>()
        .transact::<Iam, UntagPolicy>()
        .transact::<Iam, ListPolicyTags>()
}

fn list(all: &Tags, marker: Option<&str>, max_items: Option<i32>) -> Result<Page<Tag>> {
    page(tags::list(all), |tag| tag.key.clone(), marker, max_items)
}

macro_rules! tagging {
    ($row:ty, $field:ident, $on:path, $changed:expr, $listed:expr, $tag:ident $tag_output:ident, $untag:ident $untag_output:ident, $list:ident $list_output:ident) => {
        impl Transact<$tag> for Iam {
            fn access(input: &$tag, call: &Call, view: &View) -> Access {
                $on(concat!("iam:", stringify!($tag)), &input.$field, call, view)
                    .with_request_tags(tags::pairs(Some(&input.tags)))
            }
            fn run(input: $tag, call: &Call, tx: &mut Tx) -> Result<$tag_output> {
                let mut row: $row = $changed(tx, call, &input.$field)?;
                tags::add(&mut row.tags, Some(input.tags), call)?;
                tx.update(row)?;
                Ok($tag_output {})
            }
        }

        impl Transact<$untag> for Iam {
            fn access(input: &$untag, call: &Call, view: &View) -> Access {
                $on(concat!("iam:", stringify!($untag)), &input.$field, call, view)
                    .with("aws:TagKeys", input.tag_keys.iter().map(String::as_str))
            }
            fn run(input: $untag, call: &Call, tx: &mut Tx) -> Result<$untag_output> {
                let mut row: $row = $changed(tx, call, &input.$field)?;
                tags::remove(&mut row.tags, &input.tag_keys, call)?;
                tx.update(row)?;
                Ok($untag_output {})
            }
        }

        impl Transact<$list> for Iam {
            fn access(input: &$list, call: &Call, view: &View) -> Access {
                $on(concat!("iam:", stringify!($list)), &input.$field, call, view)
            }
            fn run(input: $list, call: &Call, tx: &mut Tx) -> Result<$list_output> {
                let all: Tags = $listed(tx, call, &input.$field)?;
                let page = list(&all, input.marker.as_deref(), input.max_items)?;
                let is_truncated = page.truncated();
                Ok($list_output { tags: page.items, is_truncated, marker: page.marker })
            }
        }
    };
}

fn user_tags(view: &View, call: &Call, name: &str) -> Result<Tags> {
    Ok(entities::existing::<User>(view, call, name)?.tags)
}

/// Tags may be put on a service-linked role too.
fn role_tags(view: &View, call: &Call, name: &str) -> Result<Tags> {
    Ok(entities::existing::<Role>(view, call, name)?.tags)
}

fn policy_tags(view: &View, call: &Call, arn: &str) -> Result<Tags> {
    managed::check_arn(arn)?;
    match managed::find(view, call.account, arn)? {
        Some(Managed::Own(policy)) => Ok(policy.tags),
        Some(Managed::Aws(_)) => Ok(Tags::new()),
        None => Err(refusal::no_policy(arn)),
    }
}

tagging!(
    User, user_name, authority::on::<User>, entities::existing, user_tags,
    TagUser TagUserOutput, UntagUser UntagUserOutput, ListUserTags ListUserTagsOutput
);
tagging!(
    Role, role_name, authority::on::<Role>, entities::existing, role_tags,
    TagRole TagRoleOutput, UntagRole UntagRoleOutput, ListRoleTags ListRoleTagsOutput
);
tagging!(
    crate::state::ManagedPolicy, policy_arn, authority::on_policy, policies::own, policy_tags,
    TagPolicy TagPolicyOutput, UntagPolicy UntagPolicyOutput, ListPolicyTags ListPolicyTagsOutput
);
