import { IAMClient, type Role, TagRoleCommand, UntagRoleCommand, UpdateRoleCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { pretty } from "../../components/TextEditor";
import { when } from "../../components/time";
import { useSession } from "../../session/session";
import { DeleteRoles } from "./DeleteRoles";
import { type Owner, putInline } from "./identity";
import { LastAccessed } from "./LastAccessed";
import { ago, crumbsOf, IamTags } from "./parts";
import { Permissions } from "./Permissions";
import { useInstanceProfiles, useRole } from "./read";
import { trustedEntities } from "./trust";

export default function RolePage() {
  const { name = "" } = useParams();
  const owner: Owner = { kind: "role", name };
  const navigate = useNavigate();
  const role = useRole(name);
  const [doing, setDoing] = useState<"edit" | "delete">();
  return (
    <Page title={name} crumbs={crumbsOf(owner)} description={role.data?.Description} actions={<Button disabled={role.data === undefined} onClick={() => setDoing("delete")}>Delete</Button>}>
      <ReadFailed error={role.error} what="role" />
      {role.data !== undefined && (
        <>
          <Summary role={role.data} edit={() => setDoing("edit")} />
          <PageTabs label="Role" tabs={[
            { id: "permissions", label: "Permissions", content: <Permissions owner={owner} boundary={role.data.PermissionsBoundary?.PermissionsBoundaryArn} /> },
            { id: "trust_relationships", label: "Trust relationships", content: <Trust role={role.data} /> },
            {
              id: "tags", label: "Tags",
              content: (
                <IamTags tags={role.data.Tags}
                  tag={(Tags) => client(IAMClient).send(new TagRoleCommand({ RoleName: name, Tags }))}
                  untag={(TagKeys) => client(IAMClient).send(new UntagRoleCommand({ RoleName: name, TagKeys }))} />
              ),
            },
            { id: "access_advisor", label: "Last Accessed", content: <LastAccessed arn={role.data.Arn ?? ""} /> },
            { id: "revoke_sessions", label: "Revoke sessions", content: <RevokeSessions owner={owner} /> },
          ]} />
        </>
      )}
      {doing === "edit" && role.data !== undefined && <EditRole role={role.data} close={() => setDoing(undefined)} />}
      {doing === "delete" && role.data !== undefined && <DeleteRoles roles={[role.data]} close={() => setDoing(undefined)} after={() => void navigate("/iam/roles")} />}
    </Page>
  );
}

function Summary({ role, edit }: { role: Role; edit: () => void }) {
  const { identity } = useSession();
  const profiles = useInstanceProfiles(role.RoleName ?? "");
  const url = `${location.origin}/console/switchrole?roleName=${encodeURIComponent(role.RoleName ?? "")}&account=${encodeURIComponent(identity.account)}`;
  // Only people switch: a service's role has no link.
  const people = trustedEntities(role.AssumeRolePolicyDocument).some((entity) => !entity.startsWith("AWS Service"));
  return (
    <Container header={<Header variant="h2" actions={<Button ariaLabel="Edit role" onClick={edit}>Edit</Button>}>Summary</Header>}>
      <Properties of={[
        ["Creation date", when(role.CreateDate)],
        ["ARN", <Copyable text={role.Arn} />],
        ["Link to switch roles in console", people ? <Copyable text={url} /> : undefined],
        ["Last activity", ago(role.RoleLastUsed?.LastUsedDate)],
        ["Maximum session duration", duration(role.MaxSessionDuration ?? 3600)],
        ["Instance profile ARN", (profiles.data ?? []).map(({ Arn }) => Arn).join(", ")],
      ]} />
    </Container>
  );
}

function duration(seconds: number): string {
  const hours = seconds / 3600;
  return Number.isInteger(hours) ? `${hours} ${hours === 1 ? "hour" : "hours"}` : `${seconds} seconds`;
}

function Trust({ role }: { role: Role }) {
  const navigate = useNavigate();
  return (
    <Container header={
      <Header variant="h2" description="Entities that can assume this role under specified conditions." actions={<Button onClick={() => void navigate(`/iam/roles/${encodeURIComponent(role.RoleName ?? "")}/trust`)}>Edit trust policy</Button>}>
        Trusted entities
      </Header>
    }>
      <SpaceBetween size="m">
        <div>{trustedEntities(role.AssumeRolePolicyDocument).join(", ")}</div>
        <Code>{pretty(decodeURIComponent(role.AssumeRolePolicyDocument ?? ""))}</Code>
      </SpaceBetween>
    </Container>
  );
}

/** As AWS's console does it: an inline policy that denies everything to sessions from before now. */
function RevokeSessions({ owner }: { owner: Owner }) {
  const [asking, setAsking] = useState(false);
  const revoke = useAct({
    what: "Revoke active sessions",
    run: () => putInline(owner, "AWSRevokeOlderSessions", JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: ["*"], Resource: ["*"], Condition: { DateLessThan: { "aws:TokenIssueTime": new Date().toISOString() } } }],
    })),
    done: () => `Active sessions of ${owner.name} were revoked.`,
    after: () => setAsking(false),
  });
  return (
    <Container header={<Header variant="h2" actions={<Button onClick={() => setAsking(true)}>Revoke active sessions</Button>}>Revoke active sessions</Header>}>
      All permissions of sessions that were issued before now are denied, by an inline policy named AWSRevokeOlderSessions. Sessions that are issued afterwards are not touched.
      {asking && (
        <Confirm title="Revoke all active sessions?" action="Revoke active sessions" busy={revoke.isPending} onConfirm={() => revoke.mutate(undefined)} onCancel={() => setAsking(false)}>
          Whoever uses {owner.name} now has to assume the role again.
        </Confirm>
      )}
    </Container>
  );
}

function EditRole({ role, close }: { role: Role; close: () => void }) {
  const [description, setDescription] = useState(role.Description ?? "");
  const [seconds, setSeconds] = useState(String(role.MaxSessionDuration ?? 3600));
  const save = useAct({
    what: "Edit role",
    run: () => client(IAMClient).send(new UpdateRoleCommand({ RoleName: role.RoleName, Description: description, MaxSessionDuration: Number(seconds) })),
    done: () => `Role ${role.RoleName ?? ""} updated.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Edit ${role.RoleName ?? ""}`} action="Save changes" busy={save.isPending} error={save.error} disabled={!/^\d+$/.test(seconds)} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Description" constraintText="Maximum 1000 characters.">
        <Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <FormField label="Maximum session duration" constraintText="In seconds, between 3600 (1 hour) and 43200 (12 hours).">
        <Input value={seconds} inputMode="numeric" onChange={({ detail }) => setSeconds(detail.value)} />
      </FormField>
    </FormModal>
  );
}
