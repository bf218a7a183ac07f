//! `@ptr`: what GetLogRecord finds an event by. Opaque to clients; it says nothing that is not in the event.

use crate::insights::{Lambda, Record};
use crate::state::event::LogEvent;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use names::Scope;

/// Where an event is in its account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pointer {
    pub(crate) group: String,
    pub(crate) stream: String,
    pub(crate) at: i64,
    pub(crate) number: u64,
}

impl Pointer {
    pub(crate) fn of(event: &LogEvent) -> Self {
        Self { group: event.group.clone(), stream: event.stream.clone(), at: event.at, number: event.number }
    }

    /// Neither groups nor streams have a colon in their names.
    pub(crate) fn print(&self) -> String {
        let Self { group, stream, at, number } = self;
        STANDARD_NO_PAD.encode(format!("{at}:{number}:{group}:{stream}"))
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.splitn(4, ':');
        Some(Self {
            at: parts.next()?.parse().ok()?,
            number: parts.next()?.parse().ok()?,
            group: parts.next()?.to_owned(),
            stream: parts.next()?.to_owned(),
        })
    }
}

/// An event as queries see it.
pub(crate) fn record(event: &LogEvent, scope: Scope) -> Record {
    Record::new(
        (event.at, event.ingested),
        event.message.as_str().into(),
        event.stream.as_str().into(),
        format!("{}:{}", scope.account, event.group).into(),
        Pointer::of(event).print().into(),
        Lambda::of_group(&event.group),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_come_back() {
        let pointer = Pointer {
            group: "/aws/lambda/f".into(),
            stream: "2026/11/21/[$LATEST]é".into(),
            at: 7,
            number: 9,
        };
        assert_eq!(Pointer::read(&pointer.print()), Some(pointer));
        for wrong in ["", "x", "!", "MTox", &STANDARD_NO_PAD.encode("a:b:c:d")] {
            assert_eq!(Pointer::read(wrong), None, "{wrong}");
        }
    }
}
