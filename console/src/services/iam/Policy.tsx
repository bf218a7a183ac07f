import { DeletePolicyVersionCommand, IAMClient, type PolicyVersion, SetDefaultPolicyVersionCommand, TagPolicyCommand, UntagPolicyCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { DeletePolicy } from "./DeletePolicy";
import { attach, detach, isAwsManaged, type Kind, kindOf, type Owner, pathOf, typeOfPolicy } from "./identity";
import { LastAccessed } from "./LastAccessed";
import { IAM, IamTags, POLICIES } from "./parts";
import { PolicyText } from "./PolicyText";
import { useDocument, useEntities, useGroups, usePolicy, useRoles, useUsers, useVersions } from "./read";

export default function PolicyPage() {
  const { arn = "" } = useParams();
  const navigate = useNavigate();
  const policy = usePolicy(arn);
  const text = useDocument({ arn });
  const [deleting, setDeleting] = useState(false);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const own = !isAwsManaged(arn);
  const here = `/iam/policies/${encodeURIComponent(arn)}`;
  return (
    <Page title={name} crumbs={[IAM, POLICIES, { text: name, href: here }]} description={policy.data?.Description} actions={own && <Button onClick={() => setDeleting(true)}>Delete</Button>}>
      <ReadFailed error={policy.error} what="policy" />
      {policy.data !== undefined && (
        <>
          <Container header={<Header variant="h2">Policy details</Header>}>
            <Properties columns={4} of={[
              ["Type", typeOfPolicy(arn)],
              ["Creation time", when(policy.data.CreateDate)],
              ["Edited time", when(policy.data.UpdateDate)],
              ["ARN", <Copyable text={arn} />],
            ]} />
          </Container>
          <PageTabs label="Policy" tabs={[
            {
              id: "permissions", label: "Permissions",
              content: <Container><PolicyText title="Permissions defined in this policy" text={text.data} error={text.error} {...(own && { edit: `${here}/edit` })} /></Container>,
            },
            { id: "entities", label: "Entities attached", content: <Entities arn={arn} name={name} /> },
            ...(own ? [{
              id: "tags", label: "Tags",
              content: (
                <IamTags tags={policy.data.Tags}
                  tag={(Tags) => client(IAMClient).send(new TagPolicyCommand({ PolicyArn: arn, Tags }))}
                  untag={(TagKeys) => client(IAMClient).send(new UntagPolicyCommand({ PolicyArn: arn, TagKeys }))} />
              ),
            }] : []),
            { id: "versions", label: "Policy versions", content: <Versions arn={arn} own={own} /> },
            { id: "access_advisor", label: "Last Accessed", content: <LastAccessed arn={arn} /> },
          ]} />
        </>
      )}
      {deleting && <DeletePolicy arn={arn} name={name} close={() => setDeleting(false)} after={() => void navigate("/iam/policies")} />}
    </Page>
  );
}

const KINDS: Record<Kind, string> = { user: "User", group: "User group", role: "Role" };

function Entities({ arn, name }: { arn: string; name: string }) {
  const entities = useEntities(arn);
  const [attaching, setAttaching] = useState(false);
  const [detaching, setDetaching] = useState<readonly Owner[]>();
  const remove = useAct({
    what: "Detach policy",
    run: async (owners: readonly Owner[]) => {
      for (const owner of owners) await detach(owner, arn);
    },
    done: () => `Policy ${name} was detached.`,
    after: () => setDetaching(undefined),
  });
  const columns = [
    { id: "name", header: "Entity name", cell: (owner: Owner) => <PageLink href={pathOf(owner)}>{owner.name}</PageLink>, value: (owner: Owner) => owner.name },
    { id: "kind", header: "Entity type", cell: (owner: Owner) => KINDS[owner.kind], value: (owner: Owner) => KINDS[owner.kind] },
  ];
  return (
    <SpaceBetween size="l">
      <ResourceTable<Owner>
        title="Attached as a permissions policy" items={entities.data?.permissions} loading={entities.isLoading} error={entities.error} select="multi" id={(owner) => `${owner.kind} ${owner.name}`} columns={columns}
        empty="No entity has this policy."
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setDetaching(selected)}>Detach</Button>
            <Button onClick={() => setAttaching(true)}>Attach</Button>
          </SpaceBetween>
        )}
      />
      <ResourceTable<Owner> title="Attached as a permissions boundary" items={entities.data?.boundary} loading={entities.isLoading} id={(owner) => `${owner.kind} ${owner.name}`} columns={columns} empty="No entity is bounded by this policy." />
      {attaching && <Attach arn={arn} name={name} has={entities.data?.permissions ?? []} close={() => setAttaching(false)} />}
      {detaching !== undefined && (
        <Confirm title="Detach policy?" action="Detach policy" busy={remove.isPending} onConfirm={() => remove.mutate(detaching)} onCancel={() => setDetaching(undefined)}>
          {detaching.map((owner) => owner.name).join(", ")} will lose the permissions that {name} gives.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function Attach({ arn, name, has, close }: { arn: string; name: string; has: readonly Owner[]; close: () => void }) {
  const [users, groups, roles] = [useUsers(), useGroups(), useRoles()];
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const optionsOf = (kind: Kind, names: readonly (string | undefined)[]) => ({
    label: `${KINDS[kind]}s`,
    options: names.flatMap((one = "") => (has.some((owner) => owner.kind === kind && owner.name === one) ? [] : [{ value: `${kind} ${one}`, label: one, description: KINDS[kind] }])),
  });
  const options = [
    optionsOf("user", (users.data ?? []).map(({ UserName }) => UserName)),
    optionsOf("group", (groups.data ?? []).map(({ GroupName }) => GroupName)),
    optionsOf("role", (roles.data ?? []).filter(({ Path }) => Path?.startsWith("/aws-service-role/") !== true).map(({ RoleName }) => RoleName)),
  ];
  const add = useAct({
    what: "Attach policy",
    run: async () => {
      for (const one of chosen) {
        const [kind, owner = ""] = one.split(" ");
        await attach({ kind: kindOf(kind), name: owner }, arn);
      }
    },
    done: () => `Policy ${name} was attached.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Attach ${name} as a permissions policy`} action="Attach policy" busy={add.isPending} error={add.error} disabled={chosen.length === 0} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      <FormField label="IAM entities">
        <Multiselect selectedOptions={options.flatMap((group) => group.options).filter(({ value }) => chosen.includes(value))} options={options} filteringType="auto" placeholder="Choose users, groups and roles" expandToViewport
          onChange={({ detail }) => setChosen(detail.selectedOptions.flatMap(({ value }) => value ?? []))} />
      </FormField>
    </FormModal>
  );
}

function Versions({ arn, own }: { arn: string; own: boolean }) {
  const versions = useVersions(arn);
  const [shown, setShown] = useState<string>();
  const [deleting, setDeleting] = useState<string>();
  const text = useDocument({ arn, ...(shown !== undefined && { version: shown }), enabled: shown !== undefined });
  const setDefault = useAct({
    what: "Set as default",
    run: (version: string) => client(IAMClient).send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
    done: (_, version) => `Version ${version} is the default now.`,
  });
  const remove = useAct({
    what: "Delete version",
    run: (version: string) => client(IAMClient).send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
    done: (_, version) => `Version ${version} deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <SpaceBetween size="l">
      <ResourceTable<PolicyVersion>
        title="Policy versions" description="A policy has at most five versions; the default one applies." items={versions.data} loading={versions.isLoading} error={versions.error} id={({ VersionId = "" }) => VersionId}
        {...(own && { select: "single" as const })}
        columns={[
          { id: "version", header: "Version", cell: ({ VersionId = "", IsDefaultVersion }) => <Button variant="inline-link" onClick={() => setShown(VersionId)}>{`Version ${VersionId.slice(1)}${IsDefaultVersion === true ? " (default)" : ""}`}</Button>, value: ({ VersionId }) => VersionId },
          { id: "created", header: "Creation time", cell: ({ CreateDate }) => when(CreateDate), value: ({ CreateDate }) => CreateDate?.getTime() },
        ]}
        actions={([one]) => own && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={one === undefined || one.IsDefaultVersion === true} onClick={() => setDeleting(one?.VersionId)}>Delete</Button>
            <Button disabled={one === undefined || one.IsDefaultVersion === true} loading={setDefault.isPending} onClick={() => one?.VersionId !== undefined && setDefault.mutate(one.VersionId)}>Set as default</Button>
          </SpaceBetween>
        )}
      />
      {shown !== undefined && <Container><PolicyText key={shown} title={`Version ${shown.slice(1)}`} text={text.data} error={text.error} first="json" /></Container>}
      {deleting !== undefined && (
        <Confirm title={`Delete version ${deleting.slice(1)}?`} action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          Its text is lost.
        </Confirm>
      )}
    </SpaceBetween>
  );
}
