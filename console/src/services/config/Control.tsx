import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useNavigate, useParams } from "react-router";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { Compliance, complianceText } from "./Compliance";
import { controlHref, State } from "./Controls";
import { viewOf } from "./controls";
import type { ManagedRule } from "./coverage";
import { type RuleView, useRules } from "./read";
import { ruleHref } from "./types";

export default function Control() {
  const { control = "" } = useParams();
  const navigate = useNavigate();
  const rules = useRules();
  const view = viewOf(control, rules.data ?? []);
  const lines: { rule: ManagedRule; own?: RuleView }[] = view.rules.flatMap((rule) => {
    const own = view.own.filter((one) => one.rule.Source?.SourceIdentifier === rule.identifier);
    return own.length === 0 ? [{ rule }] : own.map((one) => ({ rule, own: one }));
  });
  // What there is comes first, then what can be had.
  lines.sort((a, b) => rank(a) - rank(b) || a.rule.name.localeCompare(b.rule.name));
  return (
    <Page title={control} description={view.title} crumbs={[
      { text: "AWS Config", href: "/config" }, { text: "Compliance by control", href: "/config/controls" }, { text: control, href: controlHref(control) },
    ]}>
      <ReadFailed error={rules.error} what="rules" />
      <Container header={<Header variant="h2">Control</Header>}>
        <Properties of={[
          ["Framework", "NIST SP 800-53 Rev. 5"],
          ["State", <State of={view.state} />],
          ["Rules in this account", view.own.length],
          ["Built rules", `${view.built} of ${view.rules.length}`],
        ]} columns={4} />
      </Container>
      <ResourceTable
        title="Managed rules that bear on this control" items={lines} loading={rules.isLoading} id={({ rule, own }) => own?.name ?? rule.identifier} perPage={50}
        empty={`AWS maps no managed rule to ${control}.`}
        columns={[
          { id: "name", header: "Managed rule", cell: ({ rule }) => rule.name, value: ({ rule }) => rule.name },
          { id: "own", header: "Rule in this account", cell: ({ own }) => (own === undefined ? "–" : <PageLink href={ruleHref(own.name)}>{own.name}</PageLink>), value: ({ own }) => own?.name },
          {
            id: "compliance", header: "Compliance", value: ({ own }) => (own === undefined ? "" : complianceText(own.compliance)),
            cell: ({ own }) => (own === undefined ? "–" : <Compliance of={own.compliance} count={own.noncompliant} />),
          },
          {
            id: "add", header: "Add", value: ({ rule }) => (rule.built === undefined ? "Not built" : "Built"),
            cell: ({ rule, own }) => (rule.built === undefined ? "Not built in Cloudchamber" : own !== undefined ? "Added" : (
              <Button variant="inline-link" ariaLabel={`Add rule ${rule.name}`} onClick={() => void navigate(`/config/add-rule?identifier=${rule.identifier}`)}>Add rule</Button>
            )),
          },
          { id: "meaning", header: "Checks that", cell: ({ rule }) => rule.meaning ?? "–", value: ({ rule }) => rule.meaning },
        ]}
      />
    </Page>
  );
}

function rank({ rule, own }: { rule: ManagedRule; own?: RuleView }): number {
  return own !== undefined ? 0 : rule.built !== undefined ? 1 : 2;
}
