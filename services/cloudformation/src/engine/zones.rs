//! The zones of regions, for `Fn::GetAZs`.

use crate::template::{Plan, Template};
use contract::Caller;
use names::Region;
use std::collections::{BTreeMap, BTreeSet};
use wire::Document;

/// Zones by region.
pub(super) type Zones = BTreeMap<String, Vec<String>>;

/// The zones of the regions that a template's `Fn::GetAZs` may name; nothing is asked where there is none. A region whose zones the principal
/// may not ask for has none, as on AWS.
pub(super) async fn zones(plan: &Plan, caller: &Caller) -> Zones {
    let mut zones = Zones::new();
    for region in regions(plan, caller.scope().region) {
        match caller.in_region(region).call(api_ec2::DescribeAvailabilityZones::default()).await {
            Ok(answer) => {
                let names = answer.availability_zones.into_iter().flatten().filter_map(|zone| zone.zone_name);
                zones.insert(region.to_string(), names.collect());
            }
            Err(error) => tracing::debug!(%error, %region, "the zones for Fn::GetAZs are not to be had"),
        }
    }
    zones
}

fn regions(plan: &Plan, own: Region) -> BTreeSet<Region> {
    let template: &Template = plan.template();
    let mut arguments = Vec::new();
    collect(&template.document, &mut arguments);
    if arguments.is_empty() {
        return BTreeSet::new();
    }
    let mut regions = BTreeSet::from([own]);
    regions.extend(arguments.iter().filter_map(|argument| argument.as_str()?.parse::<Region>().ok()));
    // `Fn::GetAZs: !Ref Somewhere`
    let named = arguments.iter().filter_map(|argument| plan.parameters().get(argument.get("Ref")?.as_str()?));
    regions.extend(named.filter_map(|value| value.text.parse::<Region>().ok()));
    regions
}

fn collect<'a>(document: &'a Document, found: &mut Vec<&'a Document>) {
    match document {
        Document::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        Document::Object(members) => {
            for (name, member) in members {
                if name == "Fn::GetAZs" {
                    found.push(member);
                }
                collect(member, found);
            }
        }
        _ => {}
    }
}
