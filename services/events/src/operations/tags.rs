//! Tags of buses and rules.

use crate::access::on_tagged;
use crate::reference::{self, Tagged};
use crate::{Events, tags};
use api_events::{
    Error, ListTagsForResource, ListTagsForResourceOutput, TagResource, TagResourceOutput, UntagResource,
    UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use names::Tags;
use store::{Tx, View};

impl Transact<TagResource> for Events {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_tagged("TagResource", &input.resource_arn, call, view)
            .with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        change(&input.resource_arn, call, tx, |known| tags::add(known, input.tags.clone(), call))?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for Events {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_tagged("UntagResource", &input.resource_arn, call, view)
            .with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        change(&input.resource_arn, call, tx, |known| tags::remove(known, &input.tag_keys, call))?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for Events {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        on_tagged("ListTagsForResource", &input.resource_arn, call, view)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let found = match Tagged::read(&input.resource_arn, call)? {
            Tagged::Bus(bus) => reference::bus(tx, &bus)?.tags,
            Tagged::Rule(bus, rule) => reference::rule(tx, &bus, &rule)?.tags,
        };
        Ok(ListTagsForResourceOutput { tags: Some(tags::list(found)) })
    }
}

fn change(
    arn: &str,
    call: &Call,
    tx: &mut Tx,
    change: impl Fn(&mut Tags) -> Result<(), Error>,
) -> Result<(), Error> {
    match Tagged::read(arn, call)? {
        Tagged::Bus(bus) => {
            let mut bus = reference::bus(tx, &bus)?;
            change(&mut bus.tags)?;
            Ok(tx.put(bus)?)
        }
        Tagged::Rule(bus, rule) => {
            let mut rule = reference::rule(tx, &bus, &rule)?;
            change(&mut rule.tags)?;
            Ok(tx.put(rule)?)
        }
    }
}
