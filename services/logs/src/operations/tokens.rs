//! Page tokens: opaque to clients, bound to what they page through, valid for a day.

use api_logs::{Error, InvalidParameterException};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use names::Timestamp;

/// AWS's tokens expire after 24 hours.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// What a token pages through; a token of one is none of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    Groups,
    Streams,
    Matches,
    Policies,
    MetricFilters,
    SubscriptionFilters,
    Queries,
    QueryDefinitions,
    Results,
}

impl Listing {
    fn name(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Streams => "streams",
            Self::Matches => "matches",
            Self::Policies => "policies",
            Self::MetricFilters => "metric-filters",
            Self::SubscriptionFilters => "subscription-filters",
            Self::Queries => "queries",
            Self::QueryDefinitions => "query-definitions",
            Self::Results => "results",
        }
    }
}

/// A token that holds a position: the last key that was answered.
pub(super) fn issue(listing: Listing, position: &str, now: Timestamp) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{}:{position}", listing.name(), now.millis()))
}

/// The position in a token.
pub(super) fn read(listing: Listing, token: Option<&str>, now: Timestamp) -> Result<Option<String>, Error> {
    let Some(token) = token else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let position = text.as_deref().and_then(|text| {
        let (issued, position) = text.strip_prefix(listing.name())?.strip_prefix(':')?.split_once(':')?;
        is_alive(issued.parse().ok()?, now).then(|| position.to_owned())
    });
    position.map(Some).ok_or_else(invalid)
}

/// The page of at most `most` things in the order of their keys, and the token of the next.
pub(super) fn page<T>(
    listing: Listing,
    token: Option<&str>,
    most: usize,
    now: Timestamp,
    mut things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let last = read(listing, token, now)?;
    things.retain(|(key, _)| last.as_ref().is_none_or(|last| key > last));
    things.sort_by(|left, right| left.0.cmp(&right.0));
    let more = things.len() > most;
    things.truncate(most);
    let next = things.last().filter(|_| more).map(|(key, _)| issue(listing, key, now));
    Ok((things.into_iter().map(|(_, thing)| thing).collect(), next))
}

fn is_alive(issued: i64, now: Timestamp) -> bool {
    now.millis().saturating_sub(issued) <= LIFE
}

/// What AWS answers to a token that it did not give, or not for this.
pub(super) fn invalid() -> Error {
    InvalidParameterException::new("The specified nextToken is invalid.").into()
}

/// Between two events of a stream: before the event with this time and number, and all that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) at: i64,
    pub(super) number: u64,
}

/// A token of GetLogEvents: `f/…/s` reads on from a position, `b/…/s` reads what is before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Forward(Position),
    Backward(Position),
}

impl Turn {
    /// The token's text, with 56 digits as AWS's.
    pub(super) fn issue(self, now: Timestamp) -> String {
        let (letter, Position { at, number }) = match self {
            Self::Forward(position) => ('f', position),
            Self::Backward(position) => ('b', position),
        };
        let fourteen = |millis: i64| millis.clamp(0, 99_999_999_999_999);
        format!("{letter}/{:014}{:014}{number:028}/s", fourteen(now.millis()), fourteen(at))
    }

    /// What a token says.
    pub(super) fn read(token: &str, now: Timestamp) -> Result<Self, Error> {
        let turn = || {
            let (letter, rest) = token.split_once('/')?;
            let digits = rest.strip_suffix("/s")?;
            if digits.len() != 56 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let position =
                Position { at: digits.get(14..28)?.parse().ok()?, number: digits.get(28..)?.parse().ok()? };
            match letter {
                _ if !is_alive(digits.get(..14)?.parse().ok()?, now) => None,
                "f" => Some(Self::Forward(position)),
                "b" => Some(Self::Backward(position)),
                _ => None,
            }
        };
        turn().ok_or_else(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_253_400);

    #[test]
    fn positions_come_back() {
        let token = issue(Listing::Streams, "a:b/c", NOW);
        assert_eq!(read(Listing::Streams, Some(&token), NOW).unwrap().as_deref(), Some("a:b/c"));
        assert!(read(Listing::Groups, Some(&token), NOW).is_err(), "of another listing");
        for turn in [
            Turn::Forward(Position { at: 1_795_253_400_000, number: u64::MAX }),
            Turn::Backward(Position { at: 0, number: 0 }),
        ] {
            let token = turn.issue(NOW);
            assert_eq!(token.len(), "f/".len() + 56 + "/s".len());
            assert_eq!(Turn::read(&token, NOW).unwrap(), turn);
        }
    }

    #[test]
    fn what_was_never_given_is_refused() {
        let digits = "0".repeat(56);
        for wrong in
            ["", "f", "f/", "f/1/s", "not-existing-token", &format!("x/{digits}/s"), &format!("f/{digits}")]
        {
            assert!(Turn::read(wrong, Timestamp::default()).is_err(), "{wrong}");
            assert!(read(Listing::Groups, Some(wrong), NOW).is_err(), "{wrong}");
        }
        assert!(Turn::read(&format!("f/{}é/s", "0".repeat(54)), Timestamp::default()).is_err());
    }

    #[test]
    fn a_token_lives_for_a_day() {
        let day = Timestamp::from_seconds(NOW.seconds() + 86_400);
        let later = Timestamp::from_seconds(NOW.seconds() + 86_401);
        let token = issue(Listing::Groups, "g", NOW);
        assert!(read(Listing::Groups, Some(&token), day).is_ok());
        assert!(read(Listing::Groups, Some(&token), later).is_err());
        let turn = Turn::Forward(Position { at: 1, number: 1 }).issue(NOW);
        assert!(Turn::read(&turn, day).is_ok());
        assert!(Turn::read(&turn, later).is_err());
    }
}
