//! CloudFormation's handlers: one file a type. Each sends EC2's public operations as the stack's principal.

mod dhcp_options;
mod internet_gateway;
mod network_acl;
mod network_acl_association;
mod network_acl_entry;
mod network_interface;
mod prefix_list;
mod reading;
mod route;
mod route_table;
mod route_table_association;
mod rules;
mod security_group;
mod security_group_rule;
mod step;
mod subnet;
mod vpc;
mod vpc_dhcp_options;
mod vpc_gateway_attachment;

use contract::Registration;

/// Registers them all.
pub(crate) fn register(contents: Registration) -> Registration {
    contents
        .handler(vpc::Vpc)
        .handler(subnet::Subnet)
        .handler(internet_gateway::InternetGateway)
        .handler(vpc_gateway_attachment::VpcGatewayAttachment)
        .handler(route_table::RouteTable)
        .handler(route::Route)
        .handler(route_table_association::SubnetRouteTableAssociation)
        .handler(network_acl::NetworkAcl)
        .handler(network_acl_entry::NetworkAclEntry)
        .handler(network_acl_association::SubnetNetworkAclAssociation)
        .handler(security_group::SecurityGroup)
        .handler(security_group_rule::SecurityGroupIngress)
        .handler(security_group_rule::SecurityGroupEgress)
        .handler(dhcp_options::DhcpOptions)
        .handler(vpc_dhcp_options::VpcDhcpOptionsAssociation)
        .handler(network_interface::NetworkInterface)
        .handler(prefix_list::PrefixList)
}
