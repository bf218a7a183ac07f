use super::Function;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is no address or no subnet is not valid and in none.
pub(super) fn apply(function: Function, address: &str, subnet: &str) -> bool {
    let address: Option<IpAddr> = address.parse().ok();
    let v4 = address.is_some_and(|address| address.is_ipv4());
    let v6 = address.is_some_and(|address| address.is_ipv6());
    let within = || address.is_some_and(|address| is_in(address, subnet));
    match function {
        Function::IsValidIp => v4 || v6,
        Function::IsValidIpv4 => v4,
        Function::IsValidIpv6 => v6,
        Function::IsIpInSubnet => within(),
        Function::IsIpv4InSubnet => v4 && within(),
        Function::IsIpv6InSubnet => v6 && within(),
        _ => false,
    }
}

fn is_in(address: IpAddr, subnet: &str) -> bool {
    let Some((base, length)) = subnet.split_once('/') else { return false };
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    let (address, base, width) = match (address, base) {
        (IpAddr::V4(address), IpAddr::V4(base)) => (v4(address), v4(base), 32),
        (IpAddr::V6(address), IpAddr::V6(base)) => (v6(address), v6(base), 128),
        _ => return false,
    };
    let Some(rest) = u32::checked_sub(width, length) else { return false };
    let prefix = |bits: u128| bits.checked_shr(rest).unwrap_or(0);
    prefix(address) == prefix(base)
}

fn v4(address: Ipv4Addr) -> u128 {
    u32::from(address).into()
}

fn v6(address: Ipv6Addr) -> u128 {
    address.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_their_subnets() {
        for (address, subnet, within) in [
            ("10.0.1.7", "10.0.0.0/16", true),
            ("10.1.1.7", "10.0.0.0/16", false),
            ("10.1.1.7", "0.0.0.0/0", true),
            ("10.0.0.1", "10.0.0.1/32", true),
            ("10.0.0.2", "10.0.0.1/32", false),
            ("fe80::1", "fe80::/10", true),
            ("2001:db8::1", "fe80::/10", false),
            ("::1", "::/0", true),
            ("10.0.0.1", "::/0", false),
            ("10.0.0.1", "10.0.0.0/33", false),
            ("10.0.0.1", "10.0.0.0", false),
            ("10.0.0.1", "10.0.0.0/x", false),
            ("here", "0.0.0.0/0", false),
        ] {
            assert_eq!(apply(Function::IsIpInSubnet, address, subnet), within, "{address} {subnet}");
        }
        assert!(
            apply(Function::IsIpv4InSubnet, "10.0.0.1", "10.0.0.0/8")
                && !apply(Function::IsIpv6InSubnet, "10.0.0.1", "10.0.0.0/8")
        );
        assert!(
            apply(Function::IsValidIp, "::1", "")
                && apply(Function::IsValidIpv6, "::1", "")
                && !apply(Function::IsValidIpv4, "::1", "")
        );
        assert!(!apply(Function::IsValidIp, "10.0.0.256", ""));
    }
}
