//! `Fn::Cidr`: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html>.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first `count` blocks with `bits` subnet bits each (a /24 has 8) in `block`, or what is wrong.
pub(crate) fn blocks(block: &str, count: u32, bits: u32) -> Result<Vec<String>, String> {
    if !(1..=256).contains(&count) {
        return Err(format!("Fn::Cidr requires a count between 1 and 256, not {count}"));
    }
    let invalid = || format!("Fn::Cidr requires a valid CIDR block, which {block} is not");
    let (address, prefix) = block.split_once('/').ok_or_else(invalid)?;
    let address: IpAddr = address.parse().map_err(|_| invalid())?;
    let prefix: u32 = prefix.parse().map_err(|_| invalid())?;
    let (value, width) = match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32_u32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    if prefix > width {
        return Err(invalid());
    }
    let does_not_fit =
        || format!("Fn::Cidr cannot make {count} blocks with {bits} subnet bits out of {block}");
    let host_bits = width - prefix;
    if bits == 0 || bits > host_bits {
        return Err(does_not_fit());
    }
    // How many there are is a power of two, which need not fit into a number.
    let available = host_bits - bits;
    if available < u32::BITS && count > 1_u32.checked_shl(available).unwrap_or(u32::MAX) {
        return Err(does_not_fit());
    }
    let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
    let first = value & mask;
    (0..count)
        .map(|index| {
            let offset = u128::from(index).checked_shl(bits).ok_or_else(does_not_fit)?;
            let start = first | offset;
            Ok(match address {
                IpAddr::V4(_) => {
                    let start = u32::try_from(start).map_err(|_| does_not_fit())?;
                    format!("{}/{}", Ipv4Addr::from(start), width - bits)
                }
                IpAddr::V6(_) => format!("{}/{}", Ipv6Addr::from(start), width - bits),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn divides() {
        assert_eq!(
            blocks("192.168.0.0/24", 6, 5).unwrap(),
            [
                "192.168.0.0/27",
                "192.168.0.32/27",
                "192.168.0.64/27",
                "192.168.0.96/27",
                "192.168.0.128/27",
                "192.168.0.160/27"
            ]
        );
        assert_eq!(blocks("10.0.7.9/16", 2, 8).unwrap(), ["10.0.0.0/24", "10.0.1.0/24"]);
        assert_eq!(
            blocks("2600:1f18:abc:de00::/56", 2, 64).unwrap(),
            ["2600:1f18:abc:de00::/64", "2600:1f18:abc:de01::/64"]
        );
        assert_eq!(blocks("10.0.0.0/24", 1, 8).unwrap(), ["10.0.0.0/24"]);
        assert_eq!(blocks("255.255.255.0/24", 256, 0).ok(), None);
        assert_eq!(blocks("255.255.255.0/24", 2, 7).unwrap(), ["255.255.255.0/25", "255.255.255.128/25"]);
        assert_eq!(blocks("::/0", 2, 127).unwrap(), ["::/1", "8000::/1"]);
        assert_eq!(blocks("0.0.0.0/0", 2, 31).unwrap(), ["0.0.0.0/1", "128.0.0.0/1"]);
    }

    #[test]
    fn refuses() {
        for (block, count, bits) in [
            ("10.0.0.0/24", 9, 5),
            ("10.0.0.0/16", 0, 8),
            ("10.0.0.0/8", 257, 8),
            ("10.0.0/16", 1, 8),
            ("10.0.0.0", 1, 8),
            ("10.0.0.0/33", 1, 8),
            ("10.0.0.0/24", 1, 9),
            ("10.0.0.0/24", 1, 200),
            ("x/24", 1, 1),
            ("::/0", 1, 129),
        ] {
            assert!(blocks(block, count, bits).is_err(), "{block} {count} {bits}");
        }
    }
}
