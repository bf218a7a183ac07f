// The policy simulator: what an identity, or a policy that is pasted, may do, and which statement decides.
import {
  type ContextEntry, type EvaluationResult, GetContextKeysForCustomPolicyCommand, GetContextKeysForPrincipalPolicyCommand, IAMClient, SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { every, useAct, useRead } from "../../aws/queries";
import { Page } from "../../components/Page";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { ReadFailed } from "../../components/ReadFailed";
import { useCatalog } from "./catalog";
import { ContextKeys } from "./ContextKeys";
import type { Kind } from "./identity";
import { EMPTY_POLICY } from "./InlinePolicy";
import { IAM } from "./parts";
import { useGroups, useRoles, useUsers } from "./read";
import { SimulationResults } from "./SimulationResults";
import { LEVELS } from "./summary";

/** Whose policies are tried: `user/ann`, or `policy` for the one that is pasted. */
type Subject = `${Kind}/${string}` | "policy";

export default function Simulator() {
  const [asked] = useSearchParams();
  const subjects = useSubjects();
  const [subject, setSubject] = useState<Subject>(() => askedFor(asked));
  const [policy, setPolicy] = useState(EMPTY_POLICY);
  const [actions, setActions] = useState<readonly string[]>([]);
  const [resources, setResources] = useState("*");
  const [resourcePolicy, setResourcePolicy] = useState("");
  const [context, setContext] = useState<readonly ContextEntry[]>([]);
  const arn = subjects.arns.get(subject);
  const run = useAct({
    what: "Run simulation",
    run: () => simulate({ subject, arn, policy, actions, resources: lines(resources), resourcePolicy, context }),
    quiet: true,
  });
  const keys = useContextKeys(subject, arn, policy);
  const failure = run.error === null ? undefined : failureOf(run.error);
  return (
    <Page title="IAM Policy Simulator" crumbs={[IAM, { text: "Policy simulator", href: "/iam/simulator" }]}
      description="Tries actions against policies as the authorization of every request does, without making the requests.">
      <ReadFailed error={subjects.error} what="users, groups and roles" />
      <Container header={<Header variant="h2">Policies</Header>}>
        <SpaceBetween size="m">
          <FormField label="Users, groups, and roles">
            <Select
              selectedOption={subjects.options.flatMap(({ options }) => options).find(({ value }) => value === subject) ?? null}
              options={subjects.options} filteringType="auto" placeholder="Choose whose policies are tried"
              onChange={({ detail }) => setSubject((detail.selectedOption.value ?? "policy") as Subject)}
            />
          </FormField>
          {subject === "policy" && <PolicyEditor value={policy} onChange={setPolicy} label="Policy to simulate" type="IDENTITY_POLICY" height={260} />}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Action settings and results</Header>}>
        <SpaceBetween size="m">
          <ActionChoice chosen={actions} choose={setActions} />
          <FormField label="Resource ARNs" constraintText="One a line; * for any resource.">
            <Textarea value={resources} rows={2} onChange={({ detail }) => setResources(detail.value)} />
          </FormField>
          <FormField label={<>Resource policy - <i>optional</i></>} constraintText="The resource's own policy, as JSON, with exactly one resource ARN above.">
            <Textarea value={resourcePolicy} rows={2} onChange={({ detail }) => setResourcePolicy(detail.value)} />
          </FormField>
          <ContextKeys suggested={keys.data ?? []} entries={context} set={setContext} />
          {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
          <Button variant="primary" loading={run.isPending}
            disabled={actions.length === 0 || (subject === "policy" ? !isJson(policy) : arn === undefined)} onClick={() => run.mutate(undefined)}>
            Run simulation
          </Button>
        </SpaceBetween>
      </Container>
      {run.data !== undefined && <SimulationResults {...run.data} />}
    </Page>
  );
}

function askedFor(asked: URLSearchParams): Subject {
  for (const kind of ["user", "group", "role"] as const) {
    const name = asked.get(kind);
    if (name !== null) return `${kind}/${name}`;
  }
  return "policy";
}

function useSubjects() {
  const [users, groups, roles] = [useUsers(), useGroups(), useRoles()];
  const all = [
    ...(users.data ?? []).map(({ UserName = "", Arn = "" }) => ({ kind: "user" as const, name: UserName, arn: Arn })),
    ...(groups.data ?? []).map(({ GroupName = "", Arn = "" }) => ({ kind: "group" as const, name: GroupName, arn: Arn })),
    ...(roles.data ?? []).map(({ RoleName = "", Arn = "" }) => ({ kind: "role" as const, name: RoleName, arn: Arn })),
  ];
  const optionsOf = (wanted: Kind) => all.filter(({ kind }) => kind === wanted).map(({ kind, name }) => ({ value: `${kind}/${name}`, label: name, description: kind }));
  return {
    error: users.error ?? groups.error ?? roles.error,
    arns: new Map(all.map(({ kind, name, arn }): [Subject, string] => [`${kind}/${name}`, arn])),
    options: [
      { label: "New policy", options: [{ value: "policy", label: "A policy that you write here", description: "" }] },
      { label: "Users", options: optionsOf("user") },
      { label: "User groups", options: optionsOf("group") },
      { label: "Roles", options: optionsOf("role") },
    ],
  };
}

function ActionChoice({ chosen, choose }: { chosen: readonly string[]; choose: (actions: readonly string[]) => void }) {
  const catalog = useCatalog();
  const [prefix, setPrefix] = useState("");
  const services = Object.entries(catalog.data ?? {}).map(([value, { name }]) => ({ value, label: name, description: value }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const offered = LEVELS.map((level) => ({
    label: level, options: (catalog.data?.[prefix]?.actions[level] ?? []).map((action) => ({ value: `${prefix}:${action}`, label: `${prefix}:${action}` })),
  })).filter(({ options }) => options.length > 0);
  const known = new Set(offered.flatMap(({ options }) => options.map(({ value }) => value)));
  const others = chosen.filter((action) => !known.has(action)).map((value) => ({ value, label: value }));
  const selected = [...others, ...offered.flatMap(({ options }) => options).filter(({ value }) => chosen.includes(value))];
  return (
    <SpaceBetween size="m">
      <ReadFailed error={catalog.error} what="the list of actions" />
      <FormField label="Service">
        <Select selectedOption={services.find(({ value }) => value === prefix) ?? null} options={services} filteringType="auto" placeholder="Select service" virtualScroll
          onChange={({ detail }) => setPrefix(detail.selectedOption.value ?? "")} />
      </FormField>
      <FormField label="Actions">
        <Multiselect selectedOptions={selected} options={[...(others.length > 0 ? [{ label: "Other services", options: others }] : []), ...offered]} filteringType="auto" placeholder="Select actions" tokenLimit={20} virtualScroll
          empty="Select a service first" onChange={({ detail }) => choose(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </SpaceBetween>
  );
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** The condition keys that the policies ask for. */
function useContextKeys(subject: Subject, arn: string | undefined, policy: string) {
  return useRead({
    key: ["iam", "context-keys", subject, subject === "policy" ? policy : arn],
    enabled: subject === "policy" ? isJson(policy) : arn !== undefined,
    read: async () => {
      const answer = subject === "policy"
        ? await client(IAMClient).send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [policy] }))
        : await client(IAMClient).send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: arn }));
      return answer.ContextKeyNames ?? [];
    },
  });
}

async function simulate({ subject, arn, policy, actions, resources, resourcePolicy, context }: {
  subject: Subject;
  arn: string | undefined;
  policy: string;
  actions: readonly string[];
  resources: readonly string[];
  resourcePolicy: string;
  context: readonly ContextEntry[];
}): Promise<{ results: EvaluationResult[]; subject: string; policy: string | undefined }> {
  const common = {
    ActionNames: [...actions],
    ...(resources.length > 0 && { ResourceArns: [...resources] }),
    ...(resourcePolicy.trim() !== "" && { ResourcePolicy: resourcePolicy }),
    ContextEntries: context.filter(({ ContextKeyName = "" }) => ContextKeyName !== ""),
  };
  const results = await every(
    async (Marker) =>
      subject === "policy"
        ? client(IAMClient).send(new SimulateCustomPolicyCommand({ ...common, PolicyInputList: [policy], Marker }))
        : client(IAMClient).send(new SimulatePrincipalPolicyCommand({ ...common, PolicySourceArn: arn, Marker })),
    (answer) => [answer.EvaluationResults, answer.Marker],
  );
  return { results, subject, policy: subject === "policy" ? policy : undefined };
}
