//! The part of an object that a request asks for, by bytes or by the number of a part.

use crate::error::{error, invalid_request};
use crate::state::{Content, Object};
use api_s3::Error;

/// A part of an object's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) length: u64,
    /// A part was asked for, so the answer says which of how many bytes it is.
    partial: bool,
    /// How many parts the object has, where one was asked for by its number.
    pub(crate) parts_count: Option<i32>,
    /// The checksum of that part.
    pub(crate) piece_checksum: Option<String>,
}

impl Part {
    fn whole(size: u64) -> Self {
        Self { start: 0, length: size, partial: false, parts_count: None, piece_checksum: None }
    }

    /// `Content-Range`
    pub(crate) fn header(&self, size: u64) -> Option<String> {
        let last = self.start.saturating_add(self.length).saturating_sub(1);
        (self.partial && self.length > 0).then(|| format!("bytes {}-{last}/{size}", self.start))
    }
}

/// The part of an object that is asked for.
pub(crate) fn part(object: &Object, range: Option<&str>, number: Option<i32>) -> Result<Part, Error> {
    match (range, number) {
        (Some(_), Some(_)) => {
            Err(invalid_request("Cannot specify both Range header and partNumber query parameter"))
        }
        (Some(range), None) => in_bytes(range, object.size),
        (None, Some(number)) => numbered(object, number),
        (None, None) => Ok(Part::whole(object.size)),
    }
}

/// One range of bytes. What is no such range is as good as absent, as RFC 9110 has it.
fn in_bytes(range: &str, size: u64) -> Result<Part, Error> {
    let whole = Part::whole(size);
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
        return Ok(whole);
    };
    let unsatisfiable = || {
        error(
            416,
            "InvalidRange",
            "The requested range is not satisfiable",
            [
                ("RangeRequested", range.to_owned()),
                ("ActualObjectSize", size.to_string()),
                ("content-range", format!("bytes */{size}")),
            ],
        )
    };
    let (start, length) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last && first < size => (first, last.min(size - 1) - first + 1),
        (Ok(first), Ok(last)) if first > last => return Ok(whole),
        (Ok(first), Err(_)) if last.trim().is_empty() && first < size => (first, size - first),
        (Ok(_), Err(_)) if !last.trim().is_empty() => return Ok(whole),
        (Err(_), Ok(count)) if first.trim().is_empty() && count > 0 && size > 0 => {
            (size.saturating_sub(count), count.min(size))
        }
        (Err(_), Err(_)) => return Ok(whole),
        (Err(_), Ok(_)) if !first.trim().is_empty() => return Ok(whole),
        _ => return Err(unsatisfiable()),
    };
    Ok(Part { start, length, partial: true, ..whole })
}

fn numbered(object: &Object, number: i32) -> Result<Part, Error> {
    let whole = Part::whole(object.size);
    let count = match &object.content {
        Content::Pieces(pieces) => {
            let mut start = 0_u64;
            for (position, piece) in (1..).zip(pieces) {
                if position == number {
                    return Ok(Part {
                        start,
                        length: object.sealing.plain_length(&piece.body),
                        partial: true,
                        parts_count: i32::try_from(pieces.len()).ok(),
                        piece_checksum: piece.checksum.clone(),
                    });
                }
                start = start.saturating_add(object.sealing.plain_length(&piece.body));
            }
            pieces.len()
        }
        _ if number == 1 => return Ok(Part { partial: true, ..whole }),
        _ => 1,
    };
    if !(1..=10_000).contains(&number) {
        return Err(crate::error::invalid_argument(
            "Part number must be an integer between 1 and 10000, inclusive",
            "partNumber",
            number.to_string(),
        ));
    }
    Err(error(
        416,
        "InvalidPartNumber",
        "The requested partnumber is not satisfiable",
        [("ActualPartCount", count.to_string()), ("PartNumberRequested", number.to_string())],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(range: &str, size: u64) -> Option<(u64, u64, bool)> {
        in_bytes(range, size).ok().map(|part| (part.start, part.length, part.partial))
    }

    #[test]
    fn ranges() {
        assert_eq!(bytes("bytes=0-4", 10), Some((0, 5, true)));
        assert_eq!(bytes("bytes=5-", 10), Some((5, 5, true)));
        assert_eq!(bytes("bytes=-3", 10), Some((7, 3, true)));
        assert_eq!(bytes("bytes=-30", 10), Some((0, 10, true)));
        assert_eq!(bytes("bytes=8-99", 10), Some((8, 2, true)));
        assert_eq!(in_bytes("bytes=8-99", 10).unwrap().header(10).as_deref(), Some("bytes 8-9/10"));
        for ignored in ["bytes=4-2", "lines=1-2", "bytes=1-2,4-5", "bytes=x-y", "bytes=-", "bytes"] {
            assert_eq!(bytes(ignored, 10), Some((0, 10, false)), "{ignored}");
        }
        for (refused, size) in
            [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-0", 0), ("bytes=-1", 0)]
        {
            assert_eq!(bytes(refused, size), None, "{refused}");
        }
    }
}
