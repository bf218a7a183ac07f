//! One file a noun.

mod buses;
mod permissions;
mod put_events;
mod rules;
mod tags;
mod targets;
mod test_pattern;
