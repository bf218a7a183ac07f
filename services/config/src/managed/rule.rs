use super::parameters::Parameter;
use super::{Inventory, Parameters, Verdict};
use crate::state::Item;
use store::StoreError;

/// A managed rule.
pub(crate) struct ManagedRule {
    /// Such as `S3_BUCKET_LOGGING_ENABLED`.
    pub(crate) identifier: &'static str,
    /// The types that it judges.
    pub(crate) types: &'static [&'static str],
    /// It judges changes.
    pub(crate) changes: bool,
    /// It judges by the clock.
    pub(crate) periodic: bool,
    /// It judges nothing but changes: what is there already is not judged when it is put.
    pub(crate) only_changes: bool,
    /// What it takes.
    pub(crate) parameters: &'static [Parameter],
    /// Its function.
    pub(crate) judge: Judge,
}

/// A rule's function.
#[derive(Clone, Copy)]
pub(crate) enum Judge {
    /// Reads an item.
    Item(fn(&Item, &Parameters) -> Verdict),
    /// Reads an item, and looks at other resources.
    Related(fn(&Item, &Parameters, &dyn Inventory) -> Result<Verdict, StoreError>),
    /// Looks round in the account; the result is the account's.
    Account(fn(&Parameters, &dyn Inventory) -> Result<Verdict, StoreError>),
}

impl ManagedRule {
    const fn new(identifier: &'static str, types: &'static [&'static str], judge: Judge) -> Self {
        Self {
            identifier,
            types,
            changes: true,
            periodic: false,
            only_changes: false,
            parameters: &[],
            judge,
        }
    }

    /// A rule that reads items of some types as they change.
    pub(super) const fn item(
        identifier: &'static str,
        types: &'static [&'static str],
        judge: fn(&Item, &Parameters) -> Verdict,
    ) -> Self {
        Self::new(identifier, types, Judge::Item(judge))
    }

    /// A rule that reads items of some types as they change, and looks at other resources.
    pub(super) const fn related(
        identifier: &'static str,
        types: &'static [&'static str],
        judge: fn(&Item, &Parameters, &dyn Inventory) -> Result<Verdict, StoreError>,
    ) -> Self {
        Self::new(identifier, types, Judge::Related(judge))
    }

    /// A rule that judges the account by the clock.
    pub(super) const fn account(
        identifier: &'static str,
        judge: fn(&Parameters, &dyn Inventory) -> Result<Verdict, StoreError>,
    ) -> Self {
        Self {
            changes: false,
            periodic: true,
            ..Self::new(identifier, &[super::ACCOUNT_TYPE], Judge::Account(judge))
        }
    }

    /// It judges by the clock, too.
    pub(super) const fn and_periodic(self) -> Self {
        Self { periodic: true, ..self }
    }

    /// It judges by the clock, and not as things change.
    pub(super) const fn only_periodic(self) -> Self {
        Self { changes: false, periodic: true, ..self }
    }

    /// It judges nothing but changes.
    pub(super) const fn only_changes(self) -> Self {
        Self { only_changes: true, ..self }
    }

    /// It takes parameters.
    pub(super) const fn with(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }
}
