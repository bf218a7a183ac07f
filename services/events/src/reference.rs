//! Buses and rules by name or ARN.

use crate::refusal::invalid;
use crate::state::{DEFAULT, EventBus, Rule};
use api_events::Error;
use contract::Call;
use names::{Arn, Scope};

/// A bus: where it is, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BusReference {
    pub(crate) scope: Scope,
    pub(crate) name: String,
}

impl BusReference {
    /// By name or ARN; none given is the default bus.
    ///
    /// # Errors
    /// Where it is an ARN of something else.
    pub(crate) fn read(given: Option<&str>, call: &Call) -> Result<Self, Error> {
        let Some(given) = given else { return Ok(Self::own(DEFAULT, call)) };
        if !given.starts_with("arn:") {
            return Ok(Self::own(given, call));
        }
        let wrong = || {
            invalid(format!("Parameter {given} is not valid. Reason: Provided Arn is not in correct format."))
        };
        Self::from_arn(given).ok_or_else(wrong)
    }

    /// As [`BusReference::read`], of a bus in the region that was called.
    ///
    /// # Errors
    /// Where it is elsewhere.
    pub(crate) fn read_here(given: Option<&str>, call: &Call) -> Result<Self, Error> {
        let bus = Self::read(given, call)?;
        if bus.scope.region != call.region {
            let arn = given.unwrap_or_default();
            return Err(invalid(format!(
                "Parameter EventBusName is not valid. Reason: {arn} is in another region."
            )));
        }
        Ok(bus)
    }

    pub(crate) fn own(name: &str, call: &Call) -> Self {
        Self { scope: call.scope(), name: name.to_owned() }
    }

    /// From `arn:aws:events:REGION:ACCOUNT:event-bus/NAME`.
    pub(crate) fn from_arn(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
        let name = arn.resource_after("event-bus/").filter(|name| !name.is_empty())?;
        let scope = Scope::new(arn.account?, arn.region?);
        Some(Self { scope, name: name.to_owned() })
    }

    pub(crate) fn arn(&self) -> Arn {
        crate::state::bus_arn(self.scope, &self.name)
    }

    /// The ARN of a rule on it.
    pub(crate) fn rule_arn(&self, rule: &str) -> Arn {
        crate::state::rule_arn(self.scope, &self.name, rule)
    }
}

/// What tags are on.
pub(crate) enum Tagged {
    Bus(BusReference),
    Rule(BusReference, String),
}

impl Tagged {
    /// From the ARN of a bus or a rule, in the region that was called.
    pub(crate) fn read(text: &str, call: &Call) -> Result<Self, Error> {
        let found = || {
            let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
            let scope = arn.scope().filter(|scope| scope.region == call.region)?;
            if let Some(bus) = BusReference::from_arn(text) {
                return Some(Self::Bus(bus));
            }
            let (bus, rule) =
                Rule::place(&arn.resource).filter(|(bus, rule)| !bus.is_empty() && !rule.is_empty())?;
            Some(Self::Rule(BusReference { scope, name: bus.to_owned() }, rule.to_owned()))
        };
        found().ok_or_else(|| {
            invalid(format!("Parameter {text} is not valid. Reason: Provided Arn is not in correct format."))
        })
    }
}

/// The bus that a reference names.
pub(crate) fn bus(view: &store::View, reference: &BusReference) -> Result<EventBus, Error> {
    EventBus::get(view, reference.scope, &reference.name)?
        .ok_or_else(|| crate::refusal::no_bus(&reference.name))
}

/// A rule on a bus that is there.
pub(crate) fn rule(view: &store::View, bus: &BusReference, name: &str) -> Result<Rule, Error> {
    self::bus(view, bus)?;
    view.get::<Rule>(bus.scope, (bus.name.as_str(), name))?
        .ok_or_else(|| crate::refusal::no_rule(name, &bus.name))
}
