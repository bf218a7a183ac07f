import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { useSession } from "../../session/session";
import { useAcls, useGateways, useGroups, useSubnets, useTables, useVpcs } from "./read";

export default function Dashboard() {
  const { region } = useSession();
  const parts = [
    { label: "VPCs", href: "/vpc/vpcs", read: useVpcs() },
    { label: "Subnets", href: "/vpc/subnets", read: useSubnets() },
    { label: "Route tables", href: "/vpc/route-tables", read: useTables() },
    { label: "Internet gateways", href: "/vpc/internet-gateways", read: useGateways() },
    { label: "Network ACLs", href: "/vpc/network-acls", read: useAcls() },
    { label: "Security groups", href: "/vpc/security-groups", read: useGroups() },
  ];
  return (
    <Page title="VPC dashboard" crumbs={[{ text: "VPC", href: "/vpc" }]}>
      <ReadFailed error={parts.find(({ read }) => read.error !== null)?.read.error} what="resources" />
      <Container header={<Header variant="h2" description={`In ${region}`}>Resources by Region</Header>}>
        <KeyValuePairs
          columns={3}
          items={parts.map(({ label, href, read }) => ({
            label, value: <PageLink href={href} ariaLabel={`${label}: ${read.data?.length ?? "unknown"}`} fontSize="heading-l">{String(read.data?.length ?? "–")}</PageLink>,
          }))}
        />
      </Container>
    </Page>
  );
}
