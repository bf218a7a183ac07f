//! What a function is given: `{"awslogs": {"data": …}}`, where the data is JSON, compressed and in Base64.

use crate::state::subscription_filter::{Delivery, Part};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use wire::{Document, document};

pub(super) fn payload(delivery: &Delivery) -> std::io::Result<Vec<u8>> {
    let events = delivery.events.iter().map(|Part { id, at, message, fields }| {
        let mut event = document!({ "id": (id.as_str()), "timestamp": (*at), "message": (message.as_str()) });
        if let Some(fields) = fields {
            let fields = fields.iter().map(|(name, value)| (name.clone(), Document::from(value.as_str())));
            event.set("extractedFields", Document::Object(fields.collect()));
        }
        event
    });
    let data = document!({
        "messageType": "DATA_MESSAGE",
        "owner": (delivery.scope.account.to_string()),
        "logGroup": (delivery.group.as_str()),
        "logStream": (delivery.stream.as_str()),
        "subscriptionFilters": [(delivery.filter.as_str())],
        "logEvents": (Document::Array(events.collect()))
    });
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(data.to_string().as_bytes())?;
    let data = STANDARD.encode(compressed.finish()?);
    Ok(document!({ "awslogs": { "data": data } }).to_string().into_bytes())
}
