//! LookupEvents: the management events of the last 90 days, newest first, straight from the calls' records.

use crate::event::{self, event_name, event_source, named, user_name};
use crate::{CloudTrail, regions};
use api_cloudtrail::{
    Error, Event, InvalidLookupAttributesException, InvalidNextTokenException, InvalidTimeRangeException,
    LookupAttributeKey, LookupEvents, LookupEventsOutput, Resource,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::{Access, Call, Transact};
use names::{Region, Scope, Timestamp};
use pipeline::CallRecord;
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;
use std::time::Duration;
use store::{StoreError, Tx, View};

/// How long events are kept.
const HISTORY: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// The longest that a call takes: a record may be made so much later than its call was received.
const LONGEST_CALL: Duration = Duration::from_secs(60 * 60);
/// The events of a page, where nothing else is asked for.
const PAGE: usize = 50;

impl Transact<LookupEvents> for CloudTrail {
    fn access(_: &LookupEvents, _: &Call, _: &View) -> Access {
        Access::to("cloudtrail:LookupEvents")
    }

    fn run(input: LookupEvents, call: &Call, tx: &mut Tx) -> Result<LookupEventsOutput, Error> {
        let wanted = Wanted::read(&input, call)?;
        let after = input.next_token.as_deref().map(|token| wanted.read_token(token)).transpose()?;
        // There are no Insights events: none are ever made.
        if input.event_category.is_some() {
            return Ok(LookupEventsOutput { events: Some(Vec::new()), next_token: None });
        }
        let most = input.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
        let (page, more) = wanted.page(tx, call, after.as_ref(), most)?;
        let next_token = page.last().filter(|_| more).map(|last| wanted.token(last));
        Ok(LookupEventsOutput { events: Some(page.iter().map(told).collect()), next_token })
    }
}

/// A record's place: newer ones come first.
type Place = (Timestamp, String);

fn place(record: &CallRecord) -> Place {
    (record.recorded, record.id.to_string())
}

/// What is looked for.
struct Wanted {
    from: Timestamp,
    until: Timestamp,
    attribute: Option<(LookupAttributeKey, String)>,
    /// Of what is asked, so that a token is good for the same question only.
    question: String,
}

impl Wanted {
    fn read(input: &LookupEvents, call: &Call) -> Result<Self, Error> {
        let attributes = input.lookup_attributes.as_deref().unwrap_or_default();
        if attributes.len() > 1 {
            let message = "You can only specify one lookup attribute.";
            return Err(InvalidLookupAttributesException::new(message).into());
        }
        if let (Some(start), Some(end)) = (input.start_time, input.end_time)
            && start > end
        {
            let message = "The start time must be before the end time.";
            return Err(InvalidTimeRangeException::new(message).into());
        }
        let attribute = attributes.first();
        let attribute = attribute.map(|wanted| (wanted.attribute_key, wanted.attribute_value.clone()));
        let question = format!(
            "{}\n{:?}\n{:?}\n{}\n{}",
            call.scope().region,
            input.start_time.map(Timestamp::millis),
            input.end_time.map(Timestamp::millis),
            attribute.as_ref().map_or("", |(key, _)| key.as_str()),
            attribute.as_ref().map_or("", |(_, value)| value),
        );
        let oldest = call.now.minus(HISTORY);
        Ok(Self {
            from: input.start_time.unwrap_or(oldest).max(oldest),
            until: input.end_time.unwrap_or(call.now).min(call.now),
            attribute,
            question: hex::encode(Sha256::digest(question)).chars().take(16).collect(),
        })
    }

    fn token(&self, last: &CallRecord) -> String {
        let (recorded, id) = place(last);
        URL_SAFE_NO_PAD.encode(format!("{}\n{}\n{id}", self.question, recorded.millis()))
    }

    fn read_token(&self, token: &str) -> Result<Place, Error> {
        let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let place = text.as_deref().and_then(|text| {
            let mut parts = text.split('\n');
            let same = parts.next()? == self.question;
            let recorded = Timestamp::from_millis(parts.next()?.parse().ok()?);
            same.then_some((recorded, parts.next()?.to_owned()))
        });
        place.ok_or_else(|| {
            let message =
                "Invalid pagination token. Use the token with the parameters of the call that answered it.";
            InvalidNextTokenException::new(message).into()
        })
    }

    /// The next events, newest first, and whether there are more.
    fn page(
        &self,
        view: &View,
        call: &Call,
        after: Option<&Place>,
        most: usize,
    ) -> Result<(Vec<CallRecord>, bool), StoreError> {
        let mut found = self.of_region(view, call.scope(), call.region, after, most)?;
        // IAM's calls are told in us-east-1, wherever they were signed for.
        if call.region == Region::US_EAST_1 {
            for region in regions::all().filter(|region| *region != call.region) {
                found.extend(self.of_region(
                    view,
                    Scope { region, ..call.scope() },
                    call.region,
                    after,
                    most,
                )?);
            }
            found.sort_by_key(|record| std::cmp::Reverse(place(record)));
        }
        let more = found.len() > most;
        found.truncate(most);
        Ok((found, more))
    }

    /// One more than `most`, of those that are recorded in a scope and told in a region.
    fn of_region(
        &self,
        view: &View,
        scope: Scope,
        region: Region,
        after: Option<&Place>,
        most: usize,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let mut found = Vec::new();
        let newest = self.until.plus(LONGEST_CALL);
        let scan = view.scan::<CallRecord>(scope, ()).reverse().before((newest, String::new()));
        let scan = match after {
            Some((recorded, id)) => scan.before((*recorded, id.clone())),
            None => scan,
        };
        scan.each(|record| {
            if record.recorded < self.from {
                return ControlFlow::Break(());
            }
            if event::region(&record) == region && self.is_wanted(&record) {
                found.push(record);
            }
            if found.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }

    fn is_wanted(&self, record: &CallRecord) -> bool {
        if record.data || record.at < self.from || record.at > self.until {
            return false;
        }
        let Some((key, value)) = &self.attribute else { return true };
        match key {
            LookupAttributeKey::EventId => event::event_id(record) == *value,
            LookupAttributeKey::EventName => event_name(&record.service, &record.operation) == value,
            LookupAttributeKey::ReadOnly => record.is_read_only().to_string() == *value,
            LookupAttributeKey::Username => user_name(record) == Some(value),
            LookupAttributeKey::EventSource => event_source(&record.service) == *value,
            LookupAttributeKey::AccessKeyId => record.access_key_id.as_ref() == Some(value),
            LookupAttributeKey::ResourceType => named(record).iter().any(|it| it.resource_type == value),
            LookupAttributeKey::ResourceName => named(record).iter().any(|it| it.name == *value),
        }
    }
}

fn told(record: &CallRecord) -> Event {
    let resources = named(record)
        .into_iter()
        .map(|named| Resource {
            resource_type: Some(named.resource_type.into()),
            resource_name: Some(named.name),
        })
        .collect();
    Event {
        event_id: Some(event::event_id(record)),
        event_name: Some(event_name(&record.service, &record.operation).to_owned()),
        read_only: Some(record.is_read_only().to_string()),
        access_key_id: record.access_key_id.clone(),
        event_time: Some(Timestamp::from_seconds(record.at.seconds())),
        event_source: Some(event_source(&record.service)),
        username: user_name(record).map(str::to_owned),
        resources: Some(resources),
        cloud_trail_event: Some(event::document(record).to_string()),
    }
}
