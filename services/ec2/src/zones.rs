//! Regions and their availability zones: AWS's published facts.

use names::Region;

/// A region.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RegionFacts {
    /// Such as `us-east-1`.
    pub(crate) name: &'static str,
    /// Such as `US East (N. Virginia)`.
    pub(crate) long_name: &'static str,
    /// Where it is.
    pub(crate) geography: &'static str,
    /// The account has to opt in before AWS lets it use the region.
    pub(crate) opt_in: bool,
    /// The letters of its zones and the numbers of their ids.
    zones: &'static [(char, u8)],
}

/// An availability zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Such as `us-east-1a`.
    pub(crate) name: String,
    /// Such as `use1-az1`. On AWS, which letter stands for which id differs from account to account.
    pub(crate) id: String,
}

const THREE: &[(char, u8)] = &[('a', 1), ('b', 2), ('c', 3)];
const FOUR: &[(char, u8)] = &[('a', 1), ('b', 2), ('c', 3), ('d', 4)];
const SIX: &[(char, u8)] = &[('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5), ('f', 6)];

const fn region(
    name: &'static str,
    long_name: &'static str,
    geography: &'static str,
    opt_in: bool,
    zones: &'static [(char, u8)],
) -> RegionFacts {
    RegionFacts { name, long_name, geography, opt_in, zones }
}

/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
pub(crate) const REGIONS: &[RegionFacts] = &[
    region("af-south-1", "Africa (Cape Town)", "South Africa", true, THREE),
    region("ap-east-1", "Asia Pacific (Hong Kong)", "Hong Kong", true, THREE),
    region("ap-east-2", "Asia Pacific (Taipei)", "Taiwan", true, THREE),
    region("ap-northeast-1", "Asia Pacific (Tokyo)", "Japan", false, &[('a', 4), ('c', 1), ('d', 2)]),
    region("ap-northeast-2", "Asia Pacific (Seoul)", "South Korea", false, FOUR),
    region("ap-northeast-3", "Asia Pacific (Osaka)", "Japan", false, THREE),
    region("ap-south-1", "Asia Pacific (Mumbai)", "India", false, THREE),
    region("ap-south-2", "Asia Pacific (Hyderabad)", "India", true, THREE),
    region("ap-southeast-1", "Asia Pacific (Singapore)", "Singapore", false, THREE),
    region("ap-southeast-2", "Asia Pacific (Sydney)", "Australia", false, THREE),
    region("ap-southeast-3", "Asia Pacific (Jakarta)", "Indonesia", true, THREE),
    region("ap-southeast-4", "Asia Pacific (Melbourne)", "Australia", true, THREE),
    region("ap-southeast-5", "Asia Pacific (Malaysia)", "Malaysia", true, THREE),
    region("ap-southeast-6", "Asia Pacific (New Zealand)", "New Zealand", true, THREE),
    region("ap-southeast-7", "Asia Pacific (Thailand)", "Thailand", true, THREE),
    region("ca-central-1", "Canada (Central)", "Canada", false, &[('a', 1), ('b', 2), ('d', 4)]),
    region("ca-west-1", "Canada West (Calgary)", "Canada", true, THREE),
    region("eu-central-1", "Europe (Frankfurt)", "Germany", false, THREE),
    region("eu-central-2", "Europe (Zurich)", "Switzerland", true, THREE),
    region("eu-north-1", "Europe (Stockholm)", "Sweden", false, THREE),
    region("eu-south-1", "Europe (Milan)", "Italy", true, THREE),
    region("eu-south-2", "Europe (Spain)", "Spain", true, THREE),
    region("eu-west-1", "Europe (Ireland)", "Ireland", false, THREE),
    region("eu-west-2", "Europe (London)", "United Kingdom", false, THREE),
    region("eu-west-3", "Europe (Paris)", "France", false, THREE),
    region("il-central-1", "Israel (Tel Aviv)", "Israel", true, THREE),
    region("me-central-1", "Middle East (UAE)", "United Arab Emirates", true, THREE),
    region("me-south-1", "Middle East (Bahrain)", "Bahrain", true, THREE),
    region("mx-central-1", "Mexico (Central)", "Mexico", true, THREE),
    region("sa-east-1", "South America (Sao Paulo)", "Brazil", false, THREE),
    region("us-east-1", "US East (N. Virginia)", "United States of America", false, SIX),
    region("us-east-2", "US East (Ohio)", "United States of America", false, THREE),
    region("us-west-1", "US West (N. California)", "United States of America", false, &[('a', 3), ('b', 1)]),
    region("us-west-2", "US West (Oregon)", "United States of America", false, FOUR),
];

/// What is known of a region; None for names that AWS has not given.
pub(crate) fn facts(region: Region) -> Option<&'static RegionFacts> {
    REGIONS.iter().find(|facts| facts.name == region.as_str())
}

/// The zones of a region; three for one that AWS does not have.
pub(crate) fn zones(region: Region) -> Vec<Zone> {
    let letters = facts(region).map_or(THREE, |facts| facts.zones);
    let short = abbreviation(region.as_str());
    let zone = |(letter, number): &(char, u8)| Zone {
        name: format!("{region}{letter}"),
        id: format!("{short}-az{number}"),
    };
    letters.iter().map(zone).collect()
}

/// `ap-southeast-2` is `apse2` in ids of zones.
fn abbreviation(region: &str) -> String {
    region
        .split('-')
        .map(|part| match part {
            "north" => "n",
            "south" => "s",
            "east" => "e",
            "west" => "w",
            "central" => "c",
            "northeast" => "ne",
            "southeast" => "se",
            "northwest" => "nw",
            "southwest" => "sw",
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_aws_names_and_ids() {
        let virginia = zones(Region::US_EAST_1);
        assert_eq!(virginia.len(), 6);
        assert_eq!((virginia[0].name.as_str(), virginia[5].id.as_str()), ("us-east-1a", "use1-az6"));
        let tokyo = zones("ap-northeast-1".parse().unwrap());
        assert_eq!(
            tokyo.iter().map(|zone| zone.name.as_str()).collect::<Vec<_>>(),
            ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]
        );
        assert_eq!(tokyo[0].id, "apne1-az4");
        assert_eq!(zones("xx-nowhere-9".parse().unwrap()).len(), 3);
    }
}
