//! Which addresses a new network interface gets.

use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{combination, invalid_value, refuse};
use crate::state::{NetworkInterface, Subnet};
use api_ec2::{CreateNetworkInterface, Error};
use clock::Entropy;
use std::net::{Ipv4Addr, Ipv6Addr};
use store::View;

/// The addresses of an interface.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    /// The first is the primary one.
    pub(crate) ipv4: Vec<String>,
    pub(crate) ipv6: Vec<String>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) ipv6_prefixes: Vec<String>,
}

/// The most addresses or prefixes that a request may ask for.
const MOST: usize = 50;

/// What is taken in a subnet.
struct Taken {
    addresses: Vec<u32>,
    blocks: Vec<Ipv4Block>,
    ipv6: Vec<Ipv6Addr>,
    ipv6_blocks: Vec<Ipv6Block>,
}

impl Taken {
    fn of(interfaces: &[NetworkInterface]) -> Self {
        let addresses = interfaces.iter().flat_map(|interface| &interface.addresses);
        let blocks = interfaces.iter().flat_map(|interface| &interface.prefixes);
        let ipv6 = interfaces.iter().flat_map(|interface| &interface.ipv6);
        let ipv6_blocks = interfaces.iter().flat_map(|interface| &interface.ipv6_prefixes);
        Self {
            addresses: addresses.filter_map(|text| text.parse::<Ipv4Addr>().ok()).map(u32::from).collect(),
            blocks: blocks.filter_map(|text| Ipv4Block::parse(text)).collect(),
            ipv6: ipv6.filter_map(|text| text.parse().ok()).collect(),
            ipv6_blocks: ipv6_blocks.filter_map(|text| Ipv6Block::parse(text)).collect(),
        }
    }

    fn has(&self, address: u32) -> bool {
        self.addresses.contains(&address)
            || self.blocks.iter().any(|block| block.holds(Ipv4Addr::from(address)))
    }
}

/// Chooses or checks the addresses that a request asks for.
pub(crate) fn choose(
    view: &View,
    subnet: &Subnet,
    entropy: &Entropy,
    input: &CreateNetworkInterface,
) -> Result<Addresses, Error> {
    let mut taken = Taken::of(&subnet.interfaces(view)?);
    let mut addresses = Addresses::default();
    let secondary = count(input.secondary_private_ip_address_count, "secondaryPrivateIpAddressCount")?;
    let prefix_count = count(input.ipv4_prefix_count, "ipv4PrefixCount")?;
    match subnet.block() {
        Some(block) => {
            let (primary, mut wanted) = asked(input)?;
            if secondary > 0 && !wanted.is_empty() {
                let message = "The parameter secondaryPrivateIpAddressCount cannot be used with secondary addresses in \
                               the parameter privateIpAddresses";
                return Err(combination(message));
            }
            if let Some(primary) = primary {
                wanted.insert(0, primary);
            } else {
                let free = free(subnet, block, &mut taken)?;
                addresses.ipv4.push(Ipv4Addr::from(free).to_string());
            }
            for text in wanted {
                addresses.ipv4.push(reserve(block, &mut taken, &text)?);
            }
            for _ in 0..secondary {
                addresses.ipv4.push(Ipv4Addr::from(free(subnet, block, &mut taken)?).to_string());
            }
            let given: Vec<&str> = input
                .ipv4_prefixes
                .iter()
                .flatten()
                .filter_map(|prefix| prefix.ipv4_prefix.as_deref())
                .collect();
            if prefix_count > 0 && !given.is_empty() {
                return Err(combination(
                    "The parameter ipv4PrefixCount cannot be used with the parameter ipv4Prefixes",
                ));
            }
            addresses.prefixes = prefixes(subnet, block, &mut taken, &given, prefix_count)?;
        }
        None if input.private_ip_address.is_some()
            || input.private_ip_addresses.as_ref().is_some_and(|list| !list.is_empty())
            || input.ipv4_prefixes.as_ref().is_some_and(|list| !list.is_empty())
            || secondary > 0
            || prefix_count > 0 =>
        {
            return Err(invalid_value(format!("The subnet '{}' has no IPv4 CIDR block", subnet.id)));
        }
        None => {}
    }
    ipv6(subnet, entropy, &mut taken, input, &mut addresses)?;
    Ok(addresses)
}

fn count(asked: Option<i32>, parameter: &str) -> Result<usize, Error> {
    let asked = asked.unwrap_or_default();
    usize::try_from(asked).ok().filter(|count| *count <= MOST).ok_or_else(|| {
        invalid_value(format!("Value ({asked}) for parameter {parameter} is invalid. Expecting 0 to {MOST}."))
    })
}

/// The primary address that a request names, and the others.
fn asked(input: &CreateNetworkInterface) -> Result<(Option<String>, Vec<String>), Error> {
    let mut primary = input.private_ip_address.clone();
    let mut others = Vec::new();
    for specification in input.private_ip_addresses.iter().flatten() {
        let Some(address) = specification.private_ip_address.clone() else { continue };
        if specification.primary != Some(true) {
            others.push(address);
        } else if primary.as_ref().is_some_and(|known| *known != address) {
            return Err(invalid_value("Only one primary private IP address can be specified."));
        } else {
            primary = Some(address);
        }
    }
    if others.len() > MOST {
        return Err(invalid_value(format!("At most {MOST} private IP addresses can be specified.")));
    }
    Ok((primary, others))
}

/// The lowest free address of a subnet, taken.
fn free(subnet: &Subnet, block: Ipv4Block, taken: &mut Taken) -> Result<u32, Error> {
    let usable = block.first().saturating_add(4)..block.last();
    let address =
        usable.into_iter().find(|address| !taken.has(*address)).ok_or_else(|| insufficient(subnet))?;
    taken.addresses.push(address);
    Ok(address)
}

fn insufficient(subnet: &Subnet) -> Error {
    let message = format!("Insufficient free addresses in subnet '{}'.", subnet.id);
    refuse("InsufficientFreeAddressesInSubnet", message)
}

/// Takes the address that is named.
fn reserve(block: Ipv4Block, taken: &mut Taken, text: &str) -> Result<String, Error> {
    let address: Ipv4Addr =
        text.parse().map_err(|_| invalid_value(format!("invalid value for parameter address: {text}")))?;
    if !block.holds(address) {
        let message = format!("Address {address} does not fall within the subnet's address range");
        return Err(invalid_value(message));
    }
    let number = u32::from(address);
    if number < block.first().saturating_add(4) || number == block.last() {
        return Err(invalid_value(format!("Address {address} is in subnet's reserved address range")));
    }
    if taken.has(number) {
        return Err(refuse("InvalidIPAddress.InUse", format!("Address {address} is in use.")));
    }
    taken.addresses.push(number);
    Ok(address.to_string())
}

/// Blocks of sixteen addresses: those named, or so many free ones.
fn prefixes(
    subnet: &Subnet,
    block: Ipv4Block,
    taken: &mut Taken,
    named: &[&str],
    count: usize,
) -> Result<Vec<String>, Error> {
    let usable = |taken: &Taken, prefix: Ipv4Block| {
        let reserved = prefix.first() < block.first().saturating_add(4) || prefix.last() == block.last();
        let used = taken.addresses.iter().any(|address| prefix.holds(Ipv4Addr::from(*address)));
        !reserved && !used && !taken.blocks.iter().any(|other| other.overlaps(prefix))
    };
    let mut chosen = Vec::new();
    for text in named {
        let prefix = Ipv4Block::parse(text).filter(|prefix| prefix.length == 28 && block.contains(*prefix));
        let prefix = prefix
            .ok_or_else(|| invalid_value(format!("Value ({text}) for parameter ipv4Prefix is invalid.")))?;
        if !usable(taken, prefix) {
            return Err(refuse("InvalidIPAddress.InUse", format!("The prefix {prefix} is in use.")));
        }
        taken.blocks.push(prefix);
        chosen.push(prefix.to_string());
    }
    for _ in 0..count {
        let starts = (block.first()..block.last()).step_by(16);
        let mut candidates = starts.map(|start| Ipv4Block::around(Ipv4Addr::from(start), 28));
        let prefix = candidates.find(|prefix| usable(taken, *prefix)).ok_or_else(|| insufficient(subnet))?;
        taken.blocks.push(prefix);
        chosen.push(prefix.to_string());
    }
    Ok(chosen)
}

fn ipv6(
    subnet: &Subnet,
    entropy: &Entropy,
    taken: &mut Taken,
    input: &CreateNetworkInterface,
    addresses: &mut Addresses,
) -> Result<(), Error> {
    let named: Vec<&str> =
        input.ipv6_addresses.iter().flatten().filter_map(|address| address.ipv6_address.as_deref()).collect();
    let named_prefixes: Vec<&str> =
        input.ipv6_prefixes.iter().flatten().filter_map(|prefix| prefix.ipv6_prefix.as_deref()).collect();
    let mut wanted = count(input.ipv6_address_count, "ipv6AddressCount")?;
    let wanted_prefixes = count(input.ipv6_prefix_count, "ipv6PrefixCount")?;
    if (wanted > 0 && !named.is_empty()) || (wanted_prefixes > 0 && !named_prefixes.is_empty()) {
        return Err(combination("A number of IPv6 addresses or prefixes cannot be used with a list of them"));
    }
    let automatic = subnet.ipv6_addresses && named.is_empty() && input.ipv6_address_count.is_none();
    wanted = if automatic { 1 } else { wanted };
    if named.is_empty() && named_prefixes.is_empty() && wanted == 0 && wanted_prefixes == 0 {
        return Ok(());
    }
    let block = subnet.ipv6.as_ref().and_then(|ipv6| Ipv6Block::parse(&ipv6.cidr));
    let no_block =
        || invalid_value(format!("The subnet '{}' has no IPv6 CIDR block associated with it", subnet.id));
    let block = block.ok_or_else(no_block)?;
    for text in named {
        let address = text.parse::<Ipv6Addr>().ok().filter(|address| block.holds(*address));
        let address = address
            .ok_or_else(|| invalid_value(format!("Value ({text}) for parameter ipv6Address is invalid.")))?;
        if taken.ipv6.contains(&address) || taken.ipv6_blocks.iter().any(|block| block.holds(address)) {
            return Err(refuse("InvalidIPAddress.InUse", format!("Address {address} is in use.")));
        }
        taken.ipv6.push(address);
        addresses.ipv6.push(address.to_string());
    }
    let random =
        |bits: u32| u128::from_str_radix(&entropy.hex(16), 16).unwrap_or_default() & ((1_u128 << bits) - 1);
    let host = u32::from(128_u8.saturating_sub(block.length)).min(64);
    for _ in 0..wanted {
        // Sixty-four random bits: never one that is taken.
        let address = Ipv6Addr::from(block.first() | random(host));
        taken.ipv6.push(address);
        addresses.ipv6.push(address.to_string());
    }
    for text in named_prefixes {
        let prefix = Ipv6Block::parse(text).filter(|prefix| prefix.length == 80 && block.contains(*prefix));
        let prefix = prefix
            .ok_or_else(|| invalid_value(format!("Value ({text}) for parameter ipv6Prefix is invalid.")))?;
        if taken.ipv6_blocks.contains(&prefix) {
            return Err(refuse("InvalidIPAddress.InUse", format!("The prefix {prefix} is in use.")));
        }
        taken.ipv6_blocks.push(prefix);
        addresses.ipv6_prefixes.push(prefix.to_string());
    }
    for _ in 0..wanted_prefixes {
        let middle = random(16) << 48;
        let prefix = Ipv6Block::around(Ipv6Addr::from(block.first() | middle), 80);
        if taken.ipv6_blocks.contains(&prefix) {
            return Err(insufficient(subnet));
        }
        taken.ipv6_blocks.push(prefix);
        addresses.ipv6_prefixes.push(prefix.to_string());
    }
    Ok(())
}
