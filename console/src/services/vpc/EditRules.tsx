import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { crumbs } from "./parts";
import { rulesOf, useGroups, useRules } from "./read";
import { RulesEditor } from "./RulesEditor";
import { changesOf, type EditedRule, editedOf, portsOf, saveRules, sourceProblem } from "./rules";

/** "Edit inbound rules" and "Edit outbound rules". */
export default function EditRules() {
  const { id = "", direction = "inbound" } = useParams();
  const egress = direction === "outbound";
  const groups = useGroups();
  const rules = useRules();
  const group = groups.data?.find(({ GroupId }) => GroupId === id);
  const before = rulesOf(rules.data, id, egress);
  const title = egress ? "Edit outbound rules" : "Edit inbound rules";
  return (
    <Page
      title={title}
      description={egress ? "Outbound rules control the outgoing traffic that's allowed to leave the instance." : "Inbound rules control the incoming traffic that's allowed to reach the instance."}
      crumbs={[...crumbs("Security groups", "security-groups", id), { text: title, href: `/vpc/security-groups/${id}/${direction}` }]}
    >
      <ReadFailed error={groups.error ?? rules.error} what="security group" />
      {groups.data !== undefined && group === undefined && <Alert type="error">There is no security group {id} in this Region.</Alert>}
      {before !== undefined && group !== undefined && (
        <Editor key={`${id} ${direction}`} group={id} name={group.GroupName ?? id} vpc={group.VpcId} egress={egress} rules={before} />
      )}
    </Page>
  );
}

function Editor({ group, name, vpc, egress, rules }: {
  group: string; name: string; vpc: string | undefined; egress: boolean; rules: readonly SecurityGroupRule[];
}) {
  const navigate = useNavigate();
  // The rules that the person began with: what others change meanwhile is not undone by saving.
  const [before] = useState(rules);
  const [edited, setEdited] = useState<EditedRule[]>(() => rules.map(editedOf));
  const [tried, setTried] = useState(false);
  const [preview, setPreview] = useState(false);
  const back = () => void navigate(`/vpc/security-groups/${group}${egress ? "?tab=outbound" : ""}`);
  const changes = changesOf(before, edited);
  const save = useAct({
    what: "Save rules",
    run: () => saveRules(group, egress, changes),
    done: () => `${egress ? "Outbound" : "Inbound"} security group rules successfully modified on security group (${group} | ${name}).`,
    after: back,
    quiet: true,
  });
  const sound = edited.every((rule) => typeof portsOf(rule) !== "string" && sourceProblem(rule, egress) === undefined && rule.protocol.trim() !== "");
  const open = !egress && edited.some((rule) => rule.source === "0.0.0.0/0" || rule.source === "::/0");
  const submit = () => {
    setTried(true);
    if (sound) save.mutate(undefined);
  };
  return (
    <Form
      errorText={save.error === null ? undefined : `${failureOf(save.error).code}: ${failureOf(save.error).message}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={back}>Cancel</Button>
          <Button onClick={() => setPreview(!preview)} ariaExpanded={preview}>Preview changes</Button>
          <Button variant="primary" loading={save.isPending} onClick={submit}>Save rules</Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        <Container header={<Header variant="h2">{egress ? "Outbound rules" : "Inbound rules"}</Header>}>
          <RulesEditor rules={edited} set={setEdited} egress={egress} showProblems={tried} vpc={vpc} />
        </Container>
        {open && (
          <Alert type="warning">
            Rules with source of 0.0.0.0/0 or ::/0 allow all IP addresses to access your instance. We recommend setting security group rules to allow
            access from known IP addresses only.
          </Alert>
        )}
        {preview && (
          <Alert type="info" header="Preview changes">
            {changes.added.length} added, {changes.modified.length} modified, {changes.removed.length} deleted
            {changes.removed.length > 0 && `: ${changes.removed.join(", ")}`}.
          </Alert>
        )}
      </SpaceBetween>
    </Form>
  );
}
