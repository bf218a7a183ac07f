use std::net::IpAddr;

/// An address or a range in CIDR form, of either family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    bits: u128,
    length: u32,
    width: u32,
}

impl Network {
    /// Reads `203.0.113.0/24`, `2001:db8::/32` or an address alone. Bits beyond the prefix are ignored.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            None => (text, None),
            Some((address, length)) => {
                let digits = !length.is_empty()
                    && length.len() <= 3
                    && length.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(digits.then(|| length.parse::<u32>().ok()).flatten()?))
            }
        };
        let (bits, width) = split(address.parse().ok()?);
        let length = length.unwrap_or(width);
        (length <= width).then_some(Self { bits, length, width })
    }

    /// Whether an address is inside; None where the text is no address. An address of the other family is outside.
    pub(crate) fn contains(&self, address: &str) -> Option<bool> {
        let (bits, width) = split(address.parse::<IpAddr>().ok()?.to_canonical());
        let shift = self.width - self.length;
        Some(
            width == self.width
                && bits.checked_shr(shift).unwrap_or(0) == self.bits.checked_shr(shift).unwrap_or(0),
        )
    }
}

fn split(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_contain_their_addresses() {
        for (network, address, expected) in [
            ("203.0.113.0/24", "203.0.113.255", Some(true)),
            ("203.0.113.7/24", "203.0.113.1", Some(true)),
            ("203.0.113.0/24", "203.0.114.0", Some(false)),
            ("203.0.113.7", "203.0.113.7", Some(true)),
            ("203.0.113.7", "203.0.113.8", Some(false)),
            ("0.0.0.0/0", "198.51.100.1", Some(true)),
            ("0.0.0.0/0", "::1", Some(false)),
            ("::/0", "2001:db8::1", Some(true)),
            ("::/0", "198.51.100.1", Some(false)),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5678::9", Some(true)),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5679::9", Some(false)),
            ("203.0.113.0/24", "::ffff:203.0.113.9", Some(true)),
            ("203.0.113.0/24", "config.amazonaws.com", None),
        ] {
            assert_eq!(Network::new(network).unwrap().contains(address), expected, "{network} {address}");
        }
    }

    #[test]
    fn refuses_what_is_no_range() {
        for bad in [
            "",
            "203.0.113.0/33",
            "203.0.113/24",
            "::/129",
            "203.0.113.0/",
            "203.0.113.0/+8",
            "host",
            "203.0.113.*",
        ] {
            assert_eq!(Network::new(bad), None, "{bad}");
        }
    }
}
