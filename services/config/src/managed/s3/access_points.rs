//! Access points.

use super::ACCESS_POINT;
use crate::managed::parameters::list;
use crate::managed::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;

pub(in crate::managed) const RULES: &[ManagedRule] = &[
    ManagedRule::item("S3_ACCESS_POINT_IN_VPC_ONLY", &[ACCESS_POINT], in_vpc_only),
    ManagedRule::item("S3_ACCESS_POINT_PUBLIC_ACCESS_BLOCKS", &[ACCESS_POINT], blocks)
        .with(&[list("excludedAccessPoints")]),
];

fn in_vpc_only(item: &Item, _: &Parameters) -> Verdict {
    let origin = read::text(item, &["NetworkOrigin"]);
    let in_vpc = origin.is_some_and(|origin| origin.eq_ignore_ascii_case("VPC"))
        || (origin.is_none() && read::text(item, &["VpcConfiguration", "VpcId"]).is_some());
    Verdict::require(in_vpc, "The access point takes requests from the Internet.")
}

fn blocks(item: &Item, parameters: &Parameters) -> Verdict {
    let excluded = parameters.list("excludedAccessPoints").unwrap_or_default();
    let is_excluded = |name: &str| excluded.contains(&name);
    if is_excluded(&item.resource_id) || item.name.as_deref().is_some_and(is_excluded) {
        return Verdict::NotApplicable;
    }
    let off = super::blocks_off(read::setting(item, &["PublicAccessBlockConfiguration"]));
    Verdict::require(
        off.is_empty(),
        format!("The access point's public access block does not have: {}.", off.join(", ")),
    )
}
