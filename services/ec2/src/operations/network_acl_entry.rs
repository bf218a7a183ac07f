//! CreateNetworkAclEntry, DeleteNetworkAclEntry, ReplaceNetworkAclEntry.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{combination, invalid_parameter, invalid_value, missing, not_a_cidr, refuse};
use crate::state::NetworkAcl;
use crate::state::network_acl::{Entry, LAST_RULE};
use crate::state::noun;
use api_ec2::{
    CreateNetworkAclEntry, CreateNetworkAclEntryOutput, DeleteNetworkAclEntry, DeleteNetworkAclEntryOutput,
    Error, IcmpTypeCode, PortRange, ReplaceNetworkAclEntry, ReplaceNetworkAclEntryOutput, RuleAction,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The most entries of a direction; the last one, which denies, is not counted.
const MOST: usize = 20;

/// An entry as a request writes it.
struct Requested {
    egress: bool,
    number: i32,
    protocol: String,
    action: RuleAction,
    cidr: Option<String>,
    ipv6_cidr: Option<String>,
    icmp: Option<IcmpTypeCode>,
    ports: Option<PortRange>,
}

impl Requested {
    fn entry(self) -> Result<Entry, Error> {
        check_number(self.number)?;
        let protocol = protocol(&self.protocol)?;
        let (cidr, ipv6_cidr) = match (self.cidr, self.ipv6_cidr) {
            (Some(text), None) => {
                let block = Ipv4Block::parse(&text).ok_or_else(|| not_a_cidr(&text, "cidrBlock"))?;
                (Some(block.to_string()), None)
            }
            (None, Some(text)) => {
                let block = Ipv6Block::parse(&text).ok_or_else(|| not_a_cidr(&text, "ipv6CidrBlock"))?;
                (None, Some(block.to_string()))
            }
            (None, None) => return Err(missing("cidrBlock")),
            (Some(_), Some(_)) => {
                return Err(combination(
                    "The parameter ipv6CidrBlock cannot be used with the parameter cidrBlock",
                ));
            }
        };
        let ports = if matches!(protocol.as_str(), "6" | "17") { Some(ports(self.ports)?) } else { None };
        let icmp = match protocol.as_str() {
            "1" | "58" => {
                let icmp = self.icmp.ok_or_else(|| missing("icmpTypeCode.type"))?;
                let kind = icmp.r#type.ok_or_else(|| missing("icmpTypeCode.type"))?;
                let code = icmp.code.ok_or_else(|| missing("icmpTypeCode.code"))?;
                if ![kind, code].iter().all(|value| (-1..=255).contains(value)) {
                    return Err(invalid_value(format!("ICMP type ({kind}) or code ({code}) out of range")));
                }
                Some((kind, code))
            }
            _ => None,
        };
        let allow = self.action == RuleAction::Allow;
        Ok(Entry { egress: self.egress, number: self.number, protocol, allow, cidr, ipv6_cidr, icmp, ports })
    }
}

/// A protocol's number, also for the names that AWS takes.
fn protocol(text: &str) -> Result<String, Error> {
    let number = match text.to_ascii_lowercase().as_str() {
        "-1" | "all" => return Ok("-1".into()),
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmpv6" => 58,
        other => {
            let digits = !other.is_empty() && other.bytes().all(|byte| byte.is_ascii_digit());
            let number = other.parse::<u8>().ok().filter(|_| digits);
            number.ok_or_else(|| {
                invalid_value(format!("Invalid value '{text}' for IP protocol. Unknown protocol."))
            })?
        }
    };
    Ok(number.to_string())
}

fn ports(range: Option<PortRange>) -> Result<(i32, i32), Error> {
    let range = range.ok_or_else(|| missing("portRange.from"))?;
    let from = range.from.ok_or_else(|| missing("portRange.from"))?;
    let to = range.to.ok_or_else(|| missing("portRange.to"))?;
    if let Some(port) = [from, to].into_iter().find(|port| !(0..=65535).contains(port)) {
        return Err(invalid_value(format!("TCP/UDP port ({port}) out of range")));
    }
    if from > to {
        return Err(invalid_value(format!("Invalid TCP/UDP port range ({from}:{to})")));
    }
    Ok((from, to))
}

fn check_number(number: i32) -> Result<(), Error> {
    if (1..LAST_RULE).contains(&number) {
        return Ok(());
    }
    Err(invalid_parameter(number, "ruleNumber", "The rule number must be between 1 and 32766."))
}

impl Transact<CreateNetworkAclEntry> for Ec2 {
    fn access(input: &CreateNetworkAclEntry, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<NetworkAcl>(&input.network_acl_id).access()
    }

    fn run(
        input: CreateNetworkAclEntry,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CreateNetworkAclEntryOutput, Error> {
        let mut acl: NetworkAcl = noun::find(tx, call.scope(), &input.network_acl_id)?;
        let requested = Requested {
            egress: input.egress,
            number: input.rule_number,
            protocol: input.protocol,
            action: input.rule_action,
            cidr: input.cidr_block,
            ipv6_cidr: input.ipv6_cidr_block,
            icmp: input.icmp_type_code,
            ports: input.port_range,
        };
        let entry = requested.entry()?;
        if acl.entries.iter().any(|other| other.egress == entry.egress && other.number == entry.number) {
            let message = format!("The network acl entry identified by {} already exists.", entry.number);
            return Err(refuse("NetworkAclEntryAlreadyExists", message));
        }
        let alike = |other: &&Entry| other.egress == entry.egress && other.number != LAST_RULE;
        if acl.entries.iter().filter(alike).count() >= MOST {
            let message = "The maximum number of network acl entries has been reached.";
            return Err(refuse("NetworkAclEntryLimitExceeded", message));
        }
        acl.entries.push(entry);
        acl.sort();
        tx.update(acl)?;
        answer(input.dry_run, CreateNetworkAclEntryOutput {})
    }
}

fn no_entry(number: i32) -> Error {
    let message = format!("The network acl entry identified by {number} does not exist.");
    refuse("InvalidNetworkAclEntry.NotFound", message)
}

impl Transact<DeleteNetworkAclEntry> for Ec2 {
    fn access(input: &DeleteNetworkAclEntry, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<NetworkAcl>(&input.network_acl_id).access()
    }

    fn run(
        input: DeleteNetworkAclEntry,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteNetworkAclEntryOutput, Error> {
        let mut acl: NetworkAcl = noun::find(tx, call.scope(), &input.network_acl_id)?;
        check_number(input.rule_number)?;
        let before = acl.entries.len();
        acl.entries.retain(|entry| (entry.egress, entry.number) != (input.egress, input.rule_number));
        if acl.entries.len() == before {
            return Err(no_entry(input.rule_number));
        }
        tx.update(acl)?;
        answer(input.dry_run, DeleteNetworkAclEntryOutput {})
    }
}

impl Transact<ReplaceNetworkAclEntry> for Ec2 {
    fn access(input: &ReplaceNetworkAclEntry, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<NetworkAcl>(&input.network_acl_id).access()
    }

    fn run(
        input: ReplaceNetworkAclEntry,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ReplaceNetworkAclEntryOutput, Error> {
        let mut acl: NetworkAcl = noun::find(tx, call.scope(), &input.network_acl_id)?;
        let requested = Requested {
            egress: input.egress,
            number: input.rule_number,
            protocol: input.protocol,
            action: input.rule_action,
            cidr: input.cidr_block,
            ipv6_cidr: input.ipv6_cidr_block,
            icmp: input.icmp_type_code,
            ports: input.port_range,
        };
        let new = requested.entry()?;
        let same = |entry: &&mut Entry| (entry.egress, entry.number) == (new.egress, new.number);
        let old = acl.entries.iter_mut().find(same).ok_or_else(|| no_entry(new.number))?;
        *old = new;
        tx.update(acl)?;
        answer(input.dry_run, ReplaceNetworkAclEntryOutput {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_numbers() {
        for (text, number) in [("tcp", "6"), ("17", "17"), ("-1", "-1"), ("ICMP", "1"), ("58", "58")] {
            assert_eq!(protocol(text).unwrap(), number);
        }
        for bad in ["", "256", "tpc", "+6", "-2"] {
            assert!(protocol(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_rule_cannot_be_named() {
        assert!(check_number(100).is_ok());
        for number in [0, -1, 32767, 40000] {
            assert!(check_number(number).is_err(), "{number}");
        }
    }
}
