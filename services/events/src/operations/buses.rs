//! Event buses.

use crate::Events;
use crate::access::on_bus;
use crate::page::page;
use crate::reference::{self, BusReference};
use crate::refusal::{invalid, limit_exceeded, not_built};
use crate::state::{DEFAULT, EventBus, Rule};
use crate::tags;
use api_events::{
    CreateEventBus, CreateEventBusOutput, DeadLetterConfig, DeleteEventBus, DeleteEventBusOutput,
    DescribeEventBus, DescribeEventBusOutput, Error, Level, ListEventBuses, ListEventBusesOutput, LogConfig,
    ResourceAlreadyExistsException, UpdateEventBus, UpdateEventBusOutput,
};
use contract::{Access, Call, Transact};
use names::Arn;
use store::{Tx, View};

/// Buses of an account in a region.
const LIMIT: usize = 100;

impl Transact<CreateEventBus> for Events {
    fn access(input: &CreateEventBus, call: &Call, view: &View) -> Access {
        let bus = BusReference::own(&input.name, call);
        let mut access = on_bus("CreateEventBus", &bus, view);
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.extend(on_bus("TagResource", &bus, view).checks);
        }
        access.with_request_tags(tags::pairs(input.tags.as_deref()))
    }

    fn run(input: CreateEventBus, call: &Call, tx: &mut Tx) -> Result<CreateEventBusOutput, Error> {
        if input.event_source_name.is_some() || input.name.starts_with("aws.partner/") {
            return Err(not_built("EventSourceName", "event buses of partners are"));
        }
        if input.name.contains('/') {
            return Err(invalid("Event bus name must not contain '/'."));
        }
        check_settings(input.kms_key_identifier.as_deref(), input.log_config.as_ref())?;
        let scope = call.scope();
        if EventBus::get(tx, scope, &input.name)?.is_some() {
            let message = format!("Event bus {} already exists.", input.name);
            return Err(ResourceAlreadyExistsException::new(message).into());
        }
        if tx.scan::<EventBus>(scope, ()).count()? >= LIMIT {
            return Err(limit_exceeded());
        }
        let mut bus = EventBus::new(scope, &input.name, call.now);
        bus.description = input.description;
        bus.dead_letter = queue(input.dead_letter_config, call)?;
        tags::add(&mut bus.tags, input.tags.unwrap_or_default(), call)?;
        tx.insert(bus.clone())?;
        Ok(CreateEventBusOutput {
            event_bus_arn: Some(bus.arn().to_string()),
            description: bus.description,
            kms_key_identifier: None,
            dead_letter_config: config(bus.dead_letter),
            log_config: input.log_config,
        })
    }
}

/// Encryption by customers' keys and logs of buses are not built; what means "none" is taken.
fn check_settings(key: Option<&str>, log: Option<&LogConfig>) -> Result<(), Error> {
    if key.is_some_and(|key| !key.is_empty()) {
        return Err(not_built("KmsKeyIdentifier", "encryption of event buses by customer managed keys is"));
    }
    let level = log.and_then(|log| log.level.as_ref());
    if level.is_some_and(|level| *level != Level::Off) {
        return Err(not_built("LogConfig", "logging of event buses is"));
    }
    Ok(())
}

/// The ARN of a standard queue in the caller's account and region.
pub(super) fn queue(given: Option<DeadLetterConfig>, call: &Call) -> Result<Option<String>, Error> {
    let Some(text) = given.and_then(|config| config.arn) else { return Ok(None) };
    let wrong =
        |why: &str| Err(invalid(format!("Parameter DeadLetterConfig.Arn is not valid. Reason: {why}")));
    let Some(arn) = text.parse::<Arn>().ok().filter(|arn| arn.service == "sqs" && arn.account.is_some())
    else {
        return wrong("Provided Arn is not in correct format.");
    };
    if arn.resource.ends_with(".fifo") {
        return wrong("FIFO queues are not supported.");
    }
    if arn.region != Some(call.region) {
        return wrong("The queue must be in the same Region as the rule.");
    }
    Ok(Some(text))
}

fn config(queue: Option<String>) -> Option<DeadLetterConfig> {
    queue.map(|arn| DeadLetterConfig { arn: Some(arn) })
}

impl Transact<UpdateEventBus> for Events {
    fn access(input: &UpdateEventBus, call: &Call, view: &View) -> Access {
        on_bus("UpdateEventBus", &BusReference::own(input.name.as_deref().unwrap_or(DEFAULT), call), view)
    }

    fn run(input: UpdateEventBus, call: &Call, tx: &mut Tx) -> Result<UpdateEventBusOutput, Error> {
        check_settings(input.kms_key_identifier.as_deref(), input.log_config.as_ref())?;
        let name = input.name.as_deref().unwrap_or(DEFAULT);
        let mut bus = reference::bus(tx, &BusReference::own(name, call))?;
        if input.description.is_some() {
            bus.description = input.description.filter(|text| !text.is_empty());
        }
        if input.dead_letter_config.is_some() {
            bus.dead_letter = queue(input.dead_letter_config, call)?;
        }
        bus.modified = call.now;
        tx.put(bus.clone())?;
        Ok(UpdateEventBusOutput {
            arn: Some(bus.arn().to_string()),
            name: Some(bus.name),
            kms_key_identifier: None,
            description: bus.description,
            dead_letter_config: config(bus.dead_letter),
            log_config: input.log_config,
        })
    }
}

impl Transact<DeleteEventBus> for Events {
    fn access(input: &DeleteEventBus, call: &Call, view: &View) -> Access {
        on_bus("DeleteEventBus", &BusReference::own(&input.name, call), view)
    }

    /// A bus that is gone is deleted.
    fn run(input: DeleteEventBus, call: &Call, tx: &mut Tx) -> Result<DeleteEventBusOutput, Error> {
        if input.name == DEFAULT {
            return Err(invalid("Cannot delete event bus default."));
        }
        if !Rule::of_bus(tx, call.scope(), &input.name)?.is_empty() {
            return Err(invalid("Event bus can't be deleted since it has rules."));
        }
        tx.remove::<EventBus>(call.scope(), &input.name)?;
        Ok(DeleteEventBusOutput {})
    }
}

impl Transact<DescribeEventBus> for Events {
    fn access(input: &DescribeEventBus, call: &Call, view: &View) -> Access {
        match BusReference::read(input.name.as_deref(), call) {
            Ok(bus) => on_bus("DescribeEventBus", &bus, view),
            Err(_) => Access::to("events:DescribeEventBus"),
        }
    }

    fn run(input: DescribeEventBus, call: &Call, tx: &mut Tx) -> Result<DescribeEventBusOutput, Error> {
        let bus = reference::bus(tx, &BusReference::read_here(input.name.as_deref(), call)?)?;
        Ok(DescribeEventBusOutput {
            arn: Some(bus.arn().to_string()),
            name: Some(bus.name),
            description: bus.description,
            kms_key_identifier: None,
            dead_letter_config: config(bus.dead_letter),
            policy: bus.policy,
            log_config: None,
            creation_time: Some(bus.created),
            last_modified_time: Some(bus.modified),
        })
    }
}

impl Transact<ListEventBuses> for Events {
    fn access(_: &ListEventBuses, _: &Call, _: &View) -> Access {
        Access::to("events:ListEventBuses")
    }

    fn run(input: ListEventBuses, call: &Call, tx: &mut Tx) -> Result<ListEventBusesOutput, Error> {
        let mut buses = tx.list::<EventBus>(call.scope())?;
        if !buses.iter().any(|bus| bus.name == DEFAULT) {
            buses.extend(EventBus::get(tx, call.scope(), DEFAULT)?);
        }
        let prefix = input.name_prefix.unwrap_or_default();
        let things = buses
            .into_iter()
            .filter(|bus| bus.name.starts_with(&prefix))
            .map(|bus| {
                let listed = api_events::EventBus {
                    name: Some(bus.name.clone()),
                    arn: Some(bus.arn().to_string()),
                    description: bus.description,
                    policy: bus.policy,
                    creation_time: Some(bus.created),
                    last_modified_time: Some(bus.modified),
                };
                (bus.name, listed)
            })
            .collect();
        let (buses, next_token) = page("buses", input.next_token.as_deref(), input.limit, things)?;
        Ok(ListEventBusesOutput { event_buses: Some(buses), next_token })
    }
}
