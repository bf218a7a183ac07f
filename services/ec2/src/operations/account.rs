//! What an account may use: its attributes, regions and availability zones.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{invalid_parameter, refuse};
use crate::filter::{Filters, one};
use crate::state::Vpc;
use crate::zones::{self, RegionFacts};
use api_ec2::{
    AccountAttribute, AccountAttributeName, AccountAttributeValue, AvailabilityZone,
    AvailabilityZoneGeography, AvailabilityZoneOptInStatus, AvailabilityZoneState, DescribeAccountAttributes,
    DescribeAccountAttributesOutput, DescribeAvailabilityZones, DescribeAvailabilityZonesOutput,
    DescribeRegions, DescribeRegionsOutput, Error, Region, RegionGeography,
};
use contract::{Access, Call, Transact};
use names::Tags;
use store::{Tx, View};

impl Transact<DescribeAccountAttributes> for Ec2 {
    fn access(_: &DescribeAccountAttributes, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeAccountAttributes,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeAccountAttributesOutput, Error> {
        let default = Vpc::default_of(tx, call.scope())?.map_or_else(|| "none".to_owned(), |vpc| vpc.id);
        // The older limits are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html
        let all = [
            ("supported-platforms", "VPC".to_owned()),
            ("vpc-max-security-groups-per-interface", "5".to_owned()),
            ("max-elastic-ips", "5".to_owned()),
            ("max-instances", "20".to_owned()),
            ("vpc-max-elastic-ips", "5".to_owned()),
            ("default-vpc", default),
        ];
        let names = input.attribute_names.unwrap_or_default();
        let named = |name: &str| {
            names.is_empty() || names.iter().any(|wanted: &AccountAttributeName| wanted.as_str() == name)
        };
        let attributes =
            all.into_iter().filter(|(name, _)| named(name)).map(|(name, value)| AccountAttribute {
                attribute_name: Some(name.to_owned()),
                attribute_values: Some(vec![AccountAttributeValue { attribute_value: Some(value) }]),
            });
        let output = DescribeAccountAttributesOutput { account_attributes: Some(attributes.collect()) };
        answer(input.dry_run, output)
    }
}

fn opt_in_status(facts: &RegionFacts) -> &'static str {
    if facts.opt_in { "not-opted-in" } else { "opt-in-not-required" }
}

impl Transact<DescribeRegions> for Ec2 {
    fn access(_: &DescribeRegions, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeRegions, _: &Call, _: &mut Tx) -> Result<DescribeRegionsOutput, Error> {
        let filters = Filters::parse(input.filters, &["endpoint", "opt-in-status", "region-name"], false)?;
        let names = input.region_names.unwrap_or_default();
        let unknown: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| !zones::REGIONS.iter().any(|facts| facts.name == *name))
            .collect();
        if !unknown.is_empty() {
            return Err(refuse(
                "InvalidParameterValue",
                format!("Invalid region provided: {}", unknown.join(",")),
            ));
        }
        let all = input.all_regions.unwrap_or_default() || !names.is_empty();
        let endpoint = |facts: &RegionFacts| format!("ec2.{}.amazonaws.com", facts.name);
        let chosen = zones::REGIONS.iter().filter(|facts| {
            (all || !facts.opt_in)
                && (names.is_empty() || names.iter().any(|name| name == facts.name))
                && filters.pass(&Tags::new(), |filter| match filter {
                    "endpoint" => one(endpoint(facts)),
                    "opt-in-status" => one(opt_in_status(facts)),
                    _ => one(facts.name),
                })
        });
        let regions = chosen.map(|facts| Region {
            opt_in_status: Some(opt_in_status(facts).to_owned()),
            geography: Some(vec![RegionGeography { name: Some(facts.geography.to_owned()) }]),
            region_name: Some(facts.name.to_owned()),
            endpoint: Some(endpoint(facts)),
        });
        answer(input.dry_run, DescribeRegionsOutput { regions: Some(regions.collect()) })
    }
}

const ZONE_FILTERS: &[&str] = &[
    "group-long-name",
    "group-name",
    "message",
    "opt-in-status",
    "parent-zone-id",
    "parent-zone-name",
    "region-name",
    "state",
    "zone-id",
    "zone-name",
    "zone-type",
];

impl Transact<DescribeAvailabilityZones> for Ec2 {
    fn access(_: &DescribeAvailabilityZones, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    /// Local and Wavelength Zones are not modelled, so that AllAvailabilityZones adds none.
    fn run(
        input: DescribeAvailabilityZones,
        call: &Call,
        _: &mut Tx,
    ) -> Result<DescribeAvailabilityZonesOutput, Error> {
        let filters = Filters::parse(input.filters, ZONE_FILTERS, false)?;
        let all: Vec<AvailabilityZone> = described_zones(call.region);
        let (names, ids) = (input.zone_names.unwrap_or_default(), input.zone_ids.unwrap_or_default());
        let known = |text: &String, member: fn(&AvailabilityZone) -> &Option<String>| {
            all.iter().any(|zone| member(zone).as_ref() == Some(text))
        };
        if let Some(name) = names.iter().find(|name| !known(name, |zone| &zone.zone_name)) {
            return Err(invalid_parameter(name, "ZoneName", "The zone does not exist in this Region."));
        }
        if let Some(id) = ids.iter().find(|id| !known(id, |zone| &zone.zone_id)) {
            return Err(invalid_parameter(id, "ZoneId", "The zone does not exist in this Region."));
        }
        let wanted = |zone: &AvailabilityZone| {
            let by_name = zone.zone_name.as_ref().is_some_and(|name| names.contains(name));
            let by_id = zone.zone_id.as_ref().is_some_and(|id| ids.contains(id));
            (names.is_empty() && ids.is_empty()) || by_name || by_id
        };
        let passes = |zone: &AvailabilityZone| {
            filters.pass(&Tags::new(), |filter| match filter {
                "group-long-name" => crate::filter::maybe(zone.group_long_name.as_ref()),
                "group-name" => crate::filter::maybe(zone.group_name.as_ref()),
                "opt-in-status" => one("opt-in-not-required"),
                "region-name" => one(call.region),
                "state" => one("available"),
                "zone-id" => crate::filter::maybe(zone.zone_id.as_ref()),
                "zone-name" => crate::filter::maybe(zone.zone_name.as_ref()),
                "zone-type" => one("availability-zone"),
                _ => Vec::new(),
            })
        };
        let zones = all.iter().filter(|zone| wanted(zone) && passes(zone)).cloned().collect();
        answer(input.dry_run, DescribeAvailabilityZonesOutput { availability_zones: Some(zones) })
    }
}

fn described_zones(region: names::Region) -> Vec<AvailabilityZone> {
    let facts = zones::facts(region);
    let long_name = facts.map_or(region.as_str(), |facts| facts.long_name);
    let described = |zone: zones::Zone| AvailabilityZone {
        opt_in_status: Some(AvailabilityZoneOptInStatus::OptInNotRequired),
        messages: Some(Vec::new()),
        region_name: Some(region.to_string()),
        zone_name: Some(zone.name),
        zone_id: Some(zone.id),
        group_name: Some(format!("{region}-zg-1")),
        network_border_group: Some(region.to_string()),
        zone_type: Some("availability-zone".into()),
        parent_zone_name: None,
        parent_zone_id: None,
        group_long_name: Some(format!("{long_name} 1")),
        geography: facts
            .map(|facts| vec![AvailabilityZoneGeography { name: Some(facts.geography.to_owned()) }]),
        sub_geography: None,
        state: Some(AvailabilityZoneState::Available),
    };
    zones::zones(region).into_iter().map(described).collect()
}
