//! Texts: regions, accounts, addresses, and what somebody may have meant.

use super::finding::Report;
use names::Region;
use std::net::IpAddr;

/// Splits an ARN at the first five colons, variables kept whole.
pub(super) fn fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    let (mut start, mut depth) = (0, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && fields.len() < 5 => {
                fields.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.push(text.get(start..).unwrap_or_default());
    fields
}

/// Each variable as `*`.
pub(super) fn without_variables(text: &str) -> String {
    let mut parts = text.split("${");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push('*');
        plain.push_str(part.split_once('}').map_or("", |(_, after)| after));
    }
    plain
}

/// A region of AWS.
pub(super) fn is_region(text: &str) -> bool {
    const OF_OTHER_PARTITIONS: [&str; 8] = [
        "cn-north-1",
        "cn-northwest-1",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "eusc-de-east-1",
    ];
    Region::COMMERCIAL.iter().any(|region| region.as_str() == text) || OF_OTHER_PARTITIONS.contains(&text)
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The known name that is nearest to a mistyped one, where one is near. Who has made very many mistakes is not told of each what was meant.
pub(super) fn nearest<'a>(
    typed: &str,
    known: impl Iterator<Item = &'a str>,
    report: &mut Report,
) -> Option<&'a str> {
    let lower = typed.to_ascii_lowercase();
    let most = (lower.len() / 4).clamp(1, 3);
    let near = known.filter(|name| name.len().abs_diff(lower.len()) <= most);
    let near: Vec<&str> = near.take_while(|name| report.afford(lower.len(), name.len())).collect();
    let near = near.into_iter();
    near.map(|name| (distance(&lower, &name.to_ascii_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// Letters to change, add or take away.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        let mut next = vec![before];
        for (right, above) in other.iter().zip(row.iter().skip(1)) {
            let change = diagonal + usize::from(left != *right);
            before = change.min(above + 1).min(before + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// A range of addresses: the address, the length of its prefix, and how many bits there are.
pub(super) fn network(text: &str) -> Option<(IpAddr, u32, u32)> {
    let (address, length) =
        text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(bits), |length| length.parse().ok())?;
    (length <= bits).then_some((address, length, bits))
}

/// The same range with zeros behind its prefix, where it had others.
pub(super) fn masked(text: &str) -> Option<String> {
    let (address, length, _) = network(text)?;
    let cut = match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            IpAddr::from((u32::from(v4) & mask).to_be_bytes())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            IpAddr::from((u128::from(v6) & mask).to_be_bytes())
        }
    };
    (cut != address).then(|| format!("{cut}/{length}"))
}

/// Addresses that no caller over the internet has.
pub(super) fn is_private(text: &str) -> bool {
    match network(text) {
        Some((IpAddr::V4(v4), length, _)) => {
            let within = |net: [u8; 4], most: u32| {
                let mask = u32::MAX.checked_shl(32 - most).unwrap_or(0);
                length >= most && u32::from(v4) & mask == u32::from_be_bytes(net)
            };
            within([10, 0, 0, 0], 8) || within([172, 16, 0, 0], 12) || within([192, 168, 0, 0], 16)
        }
        Some((IpAddr::V6(v6), length, _)) => {
            length >= 7 && v6.segments().first().is_some_and(|first| first & 0xfe00 == 0xfc00)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::Kind;

    #[test]
    fn what_was_meant() {
        let known = ["GetObject", "GetObjectAcl", "PutObject"];
        let mut report = Report::new(Kind::Identity);
        assert_eq!(nearest("GetObjct", known.into_iter(), &mut report), Some("GetObject"));
        assert_eq!(nearest("getobjectacl", known.into_iter(), &mut report), Some("GetObjectAcl"));
        assert_eq!(nearest("Nonsense", known.into_iter(), &mut report), None);
    }

    #[test]
    fn addresses() {
        assert_eq!(masked("203.0.113.7/24").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(masked("203.0.113.0/24"), None);
        assert_eq!(masked("2001:db8::1/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(masked("1.2.3.4/0").as_deref(), Some("0.0.0.0/0"));
        assert!(is_private("10.1.2.3") && is_private("192.168.0.0/16") && is_private("fd00::1"));
        assert!(!is_private("0.0.0.0/0") && !is_private("11.0.0.0/8") && !is_private("x"));
    }

    #[test]
    fn an_arn_s_fields() {
        assert_eq!(fields("arn:aws:s3:::b/${aws:username}:x").len(), 6);
        assert_eq!(fields("arn:aws:iam::${aws:PrincipalAccount}:role/r")[4], "${aws:PrincipalAccount}");
        assert_eq!(without_variables("b/${aws:username}/x${*}"), "b/*/x*");
    }
}
