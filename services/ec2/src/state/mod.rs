//! What EC2 keeps: one file a noun.

pub(crate) mod creation;
pub(crate) mod dhcp_options;
pub(crate) mod internet_gateway;
pub(crate) mod network_acl;
pub(crate) mod network_interface;
pub(crate) mod noun;
pub(crate) mod prefix_list;
pub(crate) mod route_table;
pub(crate) mod security_group;
pub(crate) mod subnet;
pub(crate) mod vpc;

pub(crate) use dhcp_options::DhcpOptions;
pub(crate) use internet_gateway::InternetGateway;
pub(crate) use network_acl::NetworkAcl;
pub(crate) use network_interface::NetworkInterface;
pub(crate) use noun::Noun;
pub(crate) use prefix_list::PrefixList;
pub(crate) use route_table::RouteTable;
pub(crate) use security_group::SecurityGroup;
pub(crate) use subnet::Subnet;
pub(crate) use vpc::Vpc;
