//! CIDR blocks of both families.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

macro_rules! block {
    ($(#[$doc:meta])* $name:ident, $address:ty, $number:ty, $bits:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name {
            network: $number,
            /// The number of bits that are fixed.
            pub(crate) length: u8,
        }

        impl $name {
            /// Reads `address/length`; bits of the host are cleared, as AWS does. None where it is no such block.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                let (address, length) = text.split_once('/')?;
                if length.is_empty() || length.len() > 3 || !length.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                let length: u8 = length.parse().ok().filter(|length| *length <= $bits)?;
                let address: $address = address.parse().ok()?;
                Some(Self { network: <$number>::from(address) & Self::mask(length), length })
            }

            /// The block of a number of fixed bits that an address is in.
            pub(crate) fn around(address: $address, length: u8) -> Self {
                Self { network: <$number>::from(address) & Self::mask(length), length }
            }

            const fn mask(length: u8) -> $number {
                match (<$number>::MAX).checked_shl($bits - length as u32) {
                    Some(mask) => mask,
                    None => 0,
                }
            }

            /// The first address.
            pub(crate) fn first(self) -> $number {
                self.network
            }

            /// Whether an address is in it.
            pub(crate) fn holds(self, address: $address) -> bool {
                <$number>::from(address) & Self::mask(self.length) == self.network
            }

            /// Whether another block lies in it wholly.
            pub(crate) fn contains(self, other: Self) -> bool {
                self.length <= other.length && other.network & Self::mask(self.length) == self.network
            }

            /// Whether the two have an address in common.
            pub(crate) fn overlaps(self, other: Self) -> bool {
                self.contains(other) || other.contains(self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}/{}", <$address>::from(self.network), self.length)
            }
        }
    };
}

block! {
    /// A block of IPv4 addresses.
    Ipv4Block, Ipv4Addr, u32, 32
}
block! {
    /// A block of IPv6 addresses.
    Ipv6Block, Ipv6Addr, u128, 128
}

impl Ipv4Block {
    /// The last address.
    pub(crate) fn last(self) -> u32 {
        self.network | !Self::mask(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clears_the_bits_of_the_host() {
        assert_eq!(Ipv4Block::parse("100.68.0.18/18").unwrap().to_string(), "100.68.0.0/18");
        assert_eq!(Ipv4Block::parse("1.2.3.4/0").unwrap().to_string(), "0.0.0.0/0");
        assert_eq!(Ipv6Block::parse("2001:DB8::1/64").unwrap().to_string(), "2001:db8::/64");
        assert_eq!(Ipv6Block::parse("::/0").unwrap().to_string(), "::/0");
    }

    #[test]
    fn refuses_what_is_no_block() {
        for bad in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/0",
            "10.0.0.256/8",
            "10.0.0.0/8 ",
        ] {
            assert!(Ipv4Block::parse(bad).is_none(), "{bad}");
        }
        for bad in ["::", "::/129", "10.0.0.0/8", "::g/1"] {
            assert!(Ipv6Block::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn contains_and_overlaps() {
        let block = |text: &str| Ipv4Block::parse(text).unwrap();
        assert!(block("10.0.0.0/8").contains(block("10.1.0.0/16")));
        assert!(!block("10.1.0.0/16").contains(block("10.0.0.0/8")));
        assert!(block("10.1.0.0/16").overlaps(block("10.0.0.0/8")));
        assert!(!block("10.1.0.0/16").overlaps(block("10.2.0.0/16")));
        assert!(block("0.0.0.0/0").holds(Ipv4Addr::new(9, 9, 9, 9)));
        assert_eq!(block("10.0.0.0/24").last() - block("10.0.0.0/24").first(), 255);
    }
}
