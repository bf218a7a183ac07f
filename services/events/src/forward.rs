//! Events that a rule sends on to another bus keep their id, account and region. `PutEvents` has no members for them: the bus target's own
//! call carries them in the trace header.

use contract::Call;
use names::Scope;

/// What a forwarded event keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forwarded {
    pub(crate) id: String,
    pub(crate) origin: Scope,
}

impl Forwarded {
    /// A call that a rule makes, and nobody else: its chain is made inside, ends with this service, and cannot be forged.
    pub(crate) fn is(call: &Call) -> bool {
        call.chain.via.last().is_some_and(|service| service == crate::PRINCIPAL)
    }

    pub(crate) fn write(&self) -> String {
        format!("Id={};Account={};Region={}", self.id, self.origin.account, self.origin.region)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let mut part = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        let (id, account, region) = (part("Id")?, part("Account")?, part("Region")?);
        Some(Self { id, origin: Scope::new(account.parse().ok()?, region.parse().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let scope = Scope::new("111122223333".parse().unwrap(), "eu-west-1".parse().unwrap());
        let forwarded = Forwarded { id: "7bf73129-1428-4cd3-a780-95db273d1602".into(), origin: scope };
        assert_eq!(Forwarded::read(&forwarded.write()), Some(forwarded));
        assert_eq!(Forwarded::read("Root=1-5759e988-bd862e3fe1be46a994272793"), None);
    }
}
