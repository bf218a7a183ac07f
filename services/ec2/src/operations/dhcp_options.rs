//! The operations on DHCP options.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{has_dependencies, invalid_value, missing, refuse};
use crate::filter::{Filters, one};
use crate::network;
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::{DhcpOptions, Noun, Vpc};
use crate::tags;
use api_ec2::{
    AssociateDhcpOptions, AssociateDhcpOptionsOutput, AttributeValue, CreateDhcpOptions,
    CreateDhcpOptionsOutput, DeleteDhcpOptions, DeleteDhcpOptionsOutput, DescribeDhcpOptions,
    DescribeDhcpOptionsOutput, DhcpConfiguration, Error, NewDhcpConfiguration,
};
use contract::{Access, Call, Transact};
use std::net::IpAddr;
use store::{Tx, View};

/// The most sets of options of an account in a region.
const MOST: usize = 1000;

impl Transact<CreateDhcpOptions> for Ec2 {
    fn access(input: &CreateDhcpOptions, call: &Call, view: &View) -> Access {
        Needs::of(call, view).making::<DhcpOptions>(input.tag_specifications.as_ref()).access()
    }

    fn run(input: CreateDhcpOptions, call: &Call, tx: &mut Tx) -> Result<CreateDhcpOptionsOutput, Error> {
        let scope = call.scope();
        let configurations = configurations(input.dhcp_configurations)?;
        let new = tags::for_new(call, input.tag_specifications, DhcpOptions::NOUN)?;
        if tx.scan::<DhcpOptions>(scope, ()).count()? >= MOST {
            let message = "The maximum number of DHCP options sets has been reached.";
            return Err(refuse("DhcpOptionsLimitExceeded", message));
        }
        let id = network::id(&call.entropy, DhcpOptions::PREFIX);
        Creation::remember_step(tx, scope, &new, &id)?;
        let options = DhcpOptions { scope, id, configurations, tags: new.tags };
        tx.insert(options.clone())?;
        answer(input.dry_run, CreateDhcpOptionsOutput { dhcp_options: Some(described(&options)) })
    }
}

/// The options of a request, each by its grammar.
fn configurations(asked: Vec<NewDhcpConfiguration>) -> Result<Vec<(String, Vec<String>)>, Error> {
    if asked.is_empty() {
        return Err(missing("dhcpConfiguration"));
    }
    let mut configurations: Vec<(String, Vec<String>)> = Vec::new();
    for NewDhcpConfiguration { key, values } in asked {
        let key = key.unwrap_or_default();
        let values = values.unwrap_or_default();
        let refused = |value: &str| {
            Err(invalid_value(format!(
                "Value ({value}) for parameter value is invalid. Invalid value for option '{key}'."
            )))
        };
        if values.is_empty() {
            return refused("");
        }
        let addresses =
            |most: usize| values.len() <= most && values.iter().all(|value| value.parse::<IpAddr>().is_ok());
        let number = || match values.as_slice() {
            [value] => value.parse::<u32>().ok(),
            _ => None,
        };
        let fits = match key.as_str() {
            "domain-name-servers" => {
                addresses(8)
                    || (values.len() <= 4
                        && values
                            .iter()
                            .all(|value| value == "AmazonProvidedDNS" || value.parse::<IpAddr>().is_ok()))
            }
            "domain-name" => values.iter().all(|value| !value.is_empty()),
            "ntp-servers" => addresses(8),
            "netbios-name-servers" => addresses(4),
            "netbios-node-type" => number().is_some_and(|kind| matches!(kind, 1 | 2 | 4 | 8)),
            "ipv6-address-preferred-lease-time" => {
                number().is_some_and(|seconds| (140..=2_147_483_647).contains(&seconds))
            }
            _ => {
                let message = format!("Value ({key}) for parameter key is invalid. Unknown DHCP option");
                return Err(invalid_value(message));
            }
        };
        if !fits {
            return refused(&values.join(","));
        }
        if configurations.iter().any(|(known, _)| *known == key) {
            return Err(invalid_value(format!(
                "Value ({key}) for parameter key is invalid. Duplicate DHCP option"
            )));
        }
        configurations.push((key, values));
    }
    Ok(configurations)
}

impl Transact<DeleteDhcpOptions> for Ec2 {
    fn access(input: &DeleteDhcpOptions, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<DhcpOptions>(&input.dhcp_options_id).access()
    }

    fn run(input: DeleteDhcpOptions, call: &Call, tx: &mut Tx) -> Result<DeleteDhcpOptionsOutput, Error> {
        let options: DhcpOptions = noun::find(tx, call.scope(), &input.dhcp_options_id)?;
        if tx.list::<Vpc>(call.scope())?.iter().any(|vpc| vpc.dhcp_options == options.id) {
            return Err(has_dependencies("dhcpOptions", &options.id));
        }
        tx.remove::<DhcpOptions>(call.scope(), options.id.as_str())?;
        answer(input.dry_run, DeleteDhcpOptionsOutput {})
    }
}

impl Transact<AssociateDhcpOptions> for Ec2 {
    fn access(input: &AssociateDhcpOptions, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<DhcpOptions>(&input.dhcp_options_id).on::<Vpc>(&input.vpc_id).access()
    }

    /// The id `default` takes the VPC's options away.
    fn run(
        input: AssociateDhcpOptions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AssociateDhcpOptionsOutput, Error> {
        let mut vpc: Vpc = noun::find(tx, call.scope(), &input.vpc_id)?;
        vpc.dhcp_options = match input.dhcp_options_id.as_str() {
            "default" => "default".into(),
            id => noun::find::<DhcpOptions>(tx, call.scope(), id)?.id,
        };
        tx.update(vpc)?;
        answer(input.dry_run, AssociateDhcpOptionsOutput {})
    }
}

const FILTERS: &[&str] = &["dhcp-options-id", "key", "owner-id", "value"];

impl Transact<DescribeDhcpOptions> for Ec2 {
    fn access(_: &DescribeDhcpOptions, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeDhcpOptions, call: &Call, tx: &mut Tx) -> Result<DescribeDhcpOptionsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.dhcp_options_ids.as_ref(), "dhcpOptionsIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut sets = noun::chosen::<DhcpOptions>(tx, call.scope(), input.dhcp_options_ids.as_ref())?;
        sets.retain(|options| {
            filters.pass(&options.tags, |filter| match filter {
                "dhcp-options-id" => one(&options.id),
                "key" => options.configurations.iter().map(|(key, _)| key.clone()).collect(),
                "owner-id" => one(options.scope.account),
                "value" => options.configurations.iter().flat_map(|(_, values)| values.clone()).collect(),
                _ => Vec::new(),
            })
        });
        let answered = sets.iter().map(|options| (options.id.clone(), described(options))).collect();
        let (sets, next_token) = paging.page("DescribeDhcpOptions", answered)?;
        answer(input.dry_run, DescribeDhcpOptionsOutput { next_token, dhcp_options: Some(sets) })
    }
}

/// As answers have it.
fn described(options: &DhcpOptions) -> api_ec2::DhcpOptions {
    let configuration = |(key, values): &(String, Vec<String>)| DhcpConfiguration {
        key: Some(key.clone()),
        values: Some(values.iter().map(|value| AttributeValue { value: Some(value.clone()) }).collect()),
    };
    api_ec2::DhcpOptions {
        owner_id: Some(options.scope.account.to_string()),
        tags: Some(tags::listed(&options.tags).unwrap_or_default()),
        dhcp_options_id: Some(options.id.clone()),
        dhcp_configurations: Some(options.configurations.iter().map(configuration).collect()),
    }
}
