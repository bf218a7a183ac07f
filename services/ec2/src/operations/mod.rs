//! EC2's operations: one file a noun.

pub(crate) mod account;
pub(crate) mod authorize;
pub(crate) mod default_vpc;
pub(crate) mod dhcp_options;
pub(crate) mod interface_addresses;
pub(crate) mod internet_gateway;
pub(crate) mod managed_prefix_list;
pub(crate) mod network_acl;
pub(crate) mod network_acl_entry;
pub(crate) mod network_interface;
pub(crate) mod network_interface_attribute;
pub(crate) mod permission;
pub(crate) mod prefix_list_entries;
pub(crate) mod revoke;
pub(crate) mod route;
pub(crate) mod route_table;
pub(crate) mod route_table_association;
pub(crate) mod rule_answers;
pub(crate) mod security_group;
pub(crate) mod security_group_reference;
pub(crate) mod security_group_rule;
pub(crate) mod subnet;
pub(crate) mod subnet_attribute;
pub(crate) mod tag;
pub(crate) mod vpc;
pub(crate) mod vpc_attribute;
