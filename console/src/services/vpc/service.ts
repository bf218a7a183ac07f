import { lazy } from "react";
import type { ServicePages } from "../../app/service";

const securityGroups = lazy(() => import("./SecurityGroups"));
const vpcs = lazy(() => import("./Vpcs"));

export const vpc: ServicePages = {
  id: "vpc",
  title: "VPC",
  about: "Networks and security groups",
  keywords: ["EC2", "security groups", "subnets", "route tables", "internet gateways", "Virtual Private Cloud"],
  navigationControl: lazy(() => import("./FilterByVpc")),
  navigation: [
    {
      type: "section", text: "Virtual private cloud",
      items: [
        { type: "link", text: "Your VPCs", href: "/vpc/vpcs" },
        { type: "link", text: "Subnets", href: "/vpc/subnets" },
        { type: "link", text: "Route tables", href: "/vpc/route-tables" },
        { type: "link", text: "Internet gateways", href: "/vpc/internet-gateways" },
        { type: "link", text: "DHCP option sets", href: "/vpc/dhcp-option-sets" },
        { type: "link", text: "Managed prefix lists", href: "/vpc/prefix-lists" },
        { type: "link", text: "Network interfaces", href: "/vpc/network-interfaces" },
      ],
    },
    {
      type: "section", text: "Security",
      items: [
        { type: "link", text: "Network ACLs", href: "/vpc/network-acls" },
        { type: "link", text: "Security groups", href: "/vpc/security-groups" },
      ],
    },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Dashboard")) },
    { path: "vpcs", page: vpcs },
    { path: "vpcs/:id", page: lazy(() => import("./Vpc")) },
    { path: "subnets", page: lazy(() => import("./Subnets")) },
    { path: "subnets/:id", page: lazy(() => import("./Subnet")) },
    { path: "route-tables", page: lazy(() => import("./RouteTables")) },
    { path: "route-tables/:id", page: lazy(() => import("./RouteTable")) },
    { path: "route-tables/:id/routes", page: lazy(() => import("./EditRoutes")) },
    { path: "route-tables/:id/associations", page: lazy(() => import("./EditAssociations")) },
    { path: "internet-gateways", page: lazy(() => import("./InternetGateways")) },
    { path: "internet-gateways/:id", page: lazy(() => import("./InternetGateway")) },
    { path: "dhcp-option-sets", page: lazy(() => import("./DhcpOptionSets")) },
    { path: "prefix-lists", page: lazy(() => import("./PrefixLists")) },
    { path: "prefix-lists/:id", page: lazy(() => import("./PrefixList")) },
    { path: "network-interfaces", page: lazy(() => import("./NetworkInterfaces")) },
    { path: "network-acls", page: lazy(() => import("./NetworkAcls")) },
    { path: "network-acls/:id", page: lazy(() => import("./NetworkAcl")) },
    { path: "network-acls/:id/:direction", page: lazy(() => import("./EditAclRules")) },
    { path: "security-groups", page: securityGroups },
    { path: "create-security-group", page: lazy(() => import("./CreateSecurityGroup")) },
    { path: "security-groups/:id", page: lazy(() => import("./SecurityGroup")) },
    { path: "security-groups/:id/:direction", page: lazy(() => import("./EditRules")) },
  ],
  search: async () => (await import("./read")).found(),
};
