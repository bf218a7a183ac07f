import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { Code } from "../../components/Code";
import { useOnce } from "../../components/once";
import { BarePage } from "../../components/Page";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { Steps } from "../../components/Steps";
import { useSession } from "../../session/session";
import { attach, pathOf, setBoundary } from "./identity";
import { listCrumbs } from "./parts";
import { PolicyChoice } from "./PolicyChoice";
import { accountTrust, CUSTOM_TRUST, SERVICES, serviceTrust } from "./trust";

interface Trusted {
  kind: "service" | "account" | "custom";
  service: string;
  account: "this" | "another";
  accountId: string;
  external: boolean;
  externalId: string;
  custom: string;
}

export default function CreateRole() {
  const navigate = useNavigate();
  const { identity } = useSession();
  const [trusted, setTrusted] = useState<Trusted>({ kind: "service", service: "", account: "this", accountId: "", external: false, externalId: "", custom: CUSTOM_TRUST });
  const [policies, setPolicies] = useState<readonly string[]>([]);
  const [bounded, setBounded] = useState(false);
  const [boundary, setBoundaryArn] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const once = useOnce();
  const trust = trustOf(trusted, identity.account);
  const create = useAct({
    what: "Create role",
    run: async () => {
      const iam = client(IAMClient);
      const created = await once(`role ${name}`, () => iam.send(new CreateRoleCommand({
        RoleName: name, AssumeRolePolicyDocument: trust, ...(description !== "" && { Description: description }), Tags: writtenTags(tags),
      })));
      if (!created) await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trust }));
      const owner = { kind: "role", name } as const;
      for (const arn of policies) await attach(owner, arn);
      const [arn] = boundary;
      if (bounded && arn !== undefined) await setBoundary(owner, arn);
      if (trusted.kind === "service" && trusted.service === "ec2.amazonaws.com") {
        await once(`instance profile ${name}`, () => iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name })));
        await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
      }
    },
    done: () => `Role ${name} created.`,
    after: () => void navigate(pathOf({ kind: "role", name })),
    quiet: true,
  });
  return (
    <BarePage crumbs={[...listCrumbs("role"), { text: "Create role", href: "/iam/create/role" }]}>
      <Steps
        submit="Create role" busy={create.isPending} error={create.error} onSubmit={() => create.mutate(undefined)} onCancel={() => void navigate("/iam/roles")}
        steps={[
          { title: "Select trusted entity", problem: () => problemOf(trusted), content: <TrustedEntity value={trusted} set={(change) => setTrusted({ ...trusted, ...change })} /> },
          {
            title: "Add permissions",
            content: (
              <SpaceBetween size="l">
                <Container><PolicyChoice chosen={policies} choose={setPolicies} /></Container>
                <Container header={<Header variant="h3">Set permissions boundary - <i>optional</i></Header>}>
                  <SpaceBetween size="m">
                    <Checkbox checked={bounded} onChange={({ detail }) => setBounded(detail.checked)}>Use a permissions boundary to control the maximum role permissions</Checkbox>
                    {bounded && <PolicyChoice chosen={boundary} choose={setBoundaryArn} single />}
                  </SpaceBetween>
                </Container>
              </SpaceBetween>
            ),
          },
          {
            title: "Name, review, and create",
            problem: () => (name === "" ? "Role name is required." : undefined),
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">Role details</Header>}>
                  <SpaceBetween size="m">
                    <FormField label="Role name" constraintText="Maximum 64 characters. Use alphanumeric and '+=,.@-_' characters.">
                      <Input value={name} onChange={({ detail }) => setName(detail.value)} />
                    </FormField>
                    <FormField label="Description" constraintText="Maximum 1000 characters.">
                      <Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">Trust policy</Header>}><Code>{trust}</Code></Container>
                <Container header={<Header variant="h2">Permissions policy summary</Header>}>
                  {policies.length === 0 ? "No policies" : policies.map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).join(", ")}
                </Container>
                <Container header={<Header variant="h2">Add tags - <i>optional</i></Header>}>
                  <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => setTags(detail.tags)} />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </BarePage>
  );
}

function trustOf(trusted: Trusted, own: string): string {
  if (trusted.kind === "service") return serviceTrust(trusted.service);
  if (trusted.kind === "custom") return trusted.custom;
  return accountTrust(trusted.account === "this" ? own : trusted.accountId, trusted.external ? trusted.externalId : "");
}

function problemOf(trusted: Trusted): string | undefined {
  if (trusted.kind === "service") return trusted.service === "" ? "Choose a service or use case." : undefined;
  if (trusted.kind === "custom") return isJson(trusted.custom) ? undefined : "The trust policy is not JSON yet: see below the editor.";
  if (trusted.account === "another" && !/^\d{12}$/.test(trusted.accountId)) return "An account ID has 12 digits.";
  return trusted.external && trusted.externalId === "" ? "Enter the external ID." : undefined;
}

function TrustedEntity({ value, set }: { value: Trusted; set: (change: Partial<Trusted>) => void }) {
  const { identity } = useSession();
  const options = SERVICES.map(([service, label, description]) => ({ value: service, label, description, labelTag: service }));
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Trusted entity type</Header>}>
        <Tiles value={value.kind} columns={3} ariaLabel="Trusted entity type" onChange={({ detail }) => set({ kind: detail.value as Trusted["kind"] })} items={[
          { value: "service", label: "AWS service", description: "Allow AWS services like EC2, Lambda, or others to perform actions in this account." },
          { value: "account", label: "AWS account", description: "Allow entities in other AWS accounts belonging to you or a 3rd party to perform actions in this account." },
          { value: "custom", label: "Custom trust policy", description: "Create a custom trust policy to enable others to perform actions in this account." },
        ]} />
      </Container>
      {value.kind === "service" && (
        <Container header={<Header variant="h2" description="Allow an AWS service like EC2, Lambda, or others to perform actions in this account.">Use case</Header>}>
          <FormField label="Service or use case">
            <Select selectedOption={options.find((option) => option.value === value.service) ?? null} options={options} filteringType="auto" placeholder="Choose a service or use case" expandToViewport
              onChange={({ detail }) => set({ service: detail.selectedOption.value ?? "" })} />
          </FormField>
        </Container>
      )}
      {value.kind === "account" && (
        <Container header={<Header variant="h2">An AWS account</Header>}>
          <SpaceBetween size="m">
            <RadioGroup value={value.account} ariaLabel="An AWS account" onChange={({ detail }) => set({ account: detail.value === "this" ? "this" : "another" })}
              items={[{ value: "this", label: `This account (${identity.account})` }, { value: "another", label: "Another AWS account" }]} />
            {value.account === "another" && (
              <FormField label="Account ID" constraintText="An account ID is a 12-digit number.">
                <Input value={value.accountId} inputMode="numeric" onChange={({ detail }) => set({ accountId: detail.value })} />
              </FormField>
            )}
            <Checkbox checked={value.external} onChange={({ detail }) => set({ external: detail.checked })}>Require external ID (Best practice when a third party will assume this role)</Checkbox>
            {value.external && <FormField label="External ID"><Input value={value.externalId} onChange={({ detail }) => set({ externalId: detail.value })} /></FormField>}
          </SpaceBetween>
        </Container>
      )}
      {value.kind === "custom" && (
        <Container header={<Header variant="h2">Custom trust policy</Header>}>
          <PolicyEditor value={value.custom} onChange={(custom) => set({ custom })} label="Custom trust policy" type="RESOURCE_POLICY" resource="AWS::IAM::AssumeRolePolicyDocument" />
        </Container>
      )}
    </SpaceBetween>
  );
}
