use crate::state::Item;
use names::{AccountId, Region, Timestamp};
use store::StoreError;

/// What a rule may look at beside the item that it judges: the account's resources as they are now.
pub(crate) trait Inventory {
    /// The account.
    fn account(&self) -> AccountId;

    /// The region in which the rule judges.
    fn region(&self) -> Region;

    /// When it judges.
    fn now(&self) -> Timestamp;

    /// A resource of the account and region, where it is there.
    fn resource(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError>;

    /// The region that a resource of the account is in, where it is there.
    fn region_of(&self, resource_type: &str, id: &str) -> Result<Option<Region>, StoreError>;

    /// Shows every resource of a type.
    fn each(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError>;

    /// A resource of the account, in whatever region it is.
    fn resource_anywhere(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError>;

    /// Shows every resource of a type of all regions; each item tells its own.
    fn each_everywhere(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError>;
}
