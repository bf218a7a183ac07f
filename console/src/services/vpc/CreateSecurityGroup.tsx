import {
  AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand, EC2Client, RevokeSecurityGroupEgressCommand,
} from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { notify } from "../../app/notifications";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { useChosenVpc } from "./chosen";
import { crumbs, VpcField } from "./parts";
import { rulesOf, useGroups, useRules, useVpcs } from "./read";
import { newRule, RulesEditor } from "./RulesEditor";
import { type EditedRule, editedOf, permissionOf, portsOf, sourceProblem } from "./rules";

export default function CreateSecurityGroup() {
  const [asked] = useSearchParams();
  const copied = asked.get("copy");
  const groups = useGroups();
  const rules = useRules();
  const vpcs = useVpcs();
  const chosen = useChosenVpc();
  const from = copied === null ? undefined : groups.data?.find(({ GroupId }) => GroupId === copied);
  const ready = vpcs.data !== undefined && (copied === null || (from !== undefined && rules.data !== undefined));
  const fresh = (rule: EditedRule): EditedRule => ({ ...rule, key: `${rule.key}-copy`, before: undefined });
  return (
    <Page
      title="Create security group"
      description="A security group acts as a virtual firewall for your instance to control inbound and outbound traffic."
      crumbs={[...crumbs("Security groups", "security-groups"), { text: "Create security group", href: "/vpc/create-security-group" }]}
    >
      <ReadFailed error={vpcs.error ?? (copied === null ? null : groups.error ?? rules.error)} what="VPCs" />
      {copied !== null && groups.data !== undefined && from === undefined && <Alert type="error">There is no security group {copied} to copy.</Alert>}
      {ready && (
        <NewGroup
          vpc={from?.VpcId ?? chosen ?? vpcs.data.find(({ IsDefault }) => IsDefault === true)?.VpcId ?? ""}
          description={from?.Description ?? ""}
          inbound={(rulesOf(rules.data, copied ?? "", false) ?? []).map(editedOf).map(fresh)}
          outbound={from === undefined
            ? [{ ...newRule(true), place: "ipv4", source: "0.0.0.0/0" }]
            : (rulesOf(rules.data, copied ?? "", true) ?? []).map(editedOf).map(fresh)}
        />
      )}
    </Page>
  );
}

function NewGroup(first: { vpc: string; description: string; inbound: EditedRule[]; outbound: EditedRule[] }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState(first.description);
  const [vpc, setVpc] = useState(first.vpc);
  const [inbound, setInbound] = useState(first.inbound);
  const [outbound, setOutbound] = useState(first.outbound);
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const [tried, setTried] = useState(false);
  const create = useAct({
    what: "Create security group",
    run: () => createGroup({ name, description, vpc, inbound, outbound, tags }),
    done: (id) => `Security group (${id} | ${name}) was created successfully.`,
    after: (id) => void navigate(`/vpc/security-groups/${id}`),
    quiet: true,
  });
  const soundRules = (rules: EditedRule[], egress: boolean) =>
    rules.every((rule) => typeof portsOf(rule) !== "string" && sourceProblem(rule, egress) === undefined && rule.protocol.trim() !== "");
  const submit = () => {
    setTried(true);
    if (name.trim() === "" || description.trim() === "" || vpc === "" || !tagsValid) return;
    if (soundRules(inbound, false) && soundRules(outbound, true)) create.mutate(undefined);
  };
  const failure = create.error === null ? undefined : failureOf(create.error);
  return (
    <Form
      errorText={failure === undefined ? undefined : `${failure.code}: ${failure.message}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => void navigate("/vpc/security-groups")}>Cancel</Button>
          <Button variant="primary" loading={create.isPending} onClick={submit}>Create security group</Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Basic details</Header>}>
          <SpaceBetween size="l">
            <FormField label="Security group name" constraintText="Name cannot be edited after creation." errorText={tried && name.trim() === "" ? "Security group name is required" : undefined}>
              <Input value={name} onChange={({ detail }) => setName(detail.value)} placeholder="MyWebServerGroup" autoFocus />
            </FormField>
            <FormField label="Description" errorText={tried && description.trim() === "" ? "Description is required" : undefined}>
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} placeholder="Allows SSH access to developers" ariaLabel="Description of the security group" />
            </FormField>
            <VpcField value={vpc} set={setVpc} />
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">Inbound rules</Header>}>
          <RulesEditor rules={inbound} set={setInbound} egress={false} showProblems={tried} vpc={vpc} />
        </Container>
        <Container header={<Header variant="h2">Outbound rules</Header>}>
          <RulesEditor rules={outbound} set={setOutbound} egress showProblems={tried} vpc={vpc} />
        </Container>
        <Container header={<Header variant="h2">Tags - <i>optional</i></Header>}>
          <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => { setTags(detail.tags); setTagsValid(detail.valid); }} />
        </Container>
      </SpaceBetween>
    </Form>
  );
}

async function createGroup({ name, description, vpc, inbound, outbound, tags }: {
  name: string; description: string; vpc: string; inbound: EditedRule[]; outbound: EditedRule[]; tags: readonly TagEditorProps.Tag[];
}): Promise<string> {
  const ec2 = client(EC2Client);
  const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand({
    GroupName: name,
    Description: description,
    VpcId: vpc,
    ...(tags.length > 0 && { TagSpecifications: [{ ResourceType: "security-group", Tags: writtenTags(tags) }] }),
  }));
  try {
    if (inbound.length > 0) await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: inbound.map(permissionOf) }));
    const all = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    const untouched = ({ protocol, source, description: text }: EditedRule) => protocol === "-1" && source === "0.0.0.0/0" && text === "";
    // A new group comes with the rule that allows all traffic out.
    if (!outbound.some(untouched)) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [all] }));
    const more = outbound.filter((rule) => !untouched(rule));
    if (more.length > 0) await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: more.map(permissionOf) }));
  } catch (error) {
    const { code, message } = failureOf(error);
    notify({ type: "error", header: `Security group ${GroupId} was created, but not all of its rules: ${code}`, content: message });
  }
  return GroupId;
}
