// The tab "Permissions" of a bucket.
import { DeleteBucketPolicyCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useAct } from "../../../aws/queries";
import { Code } from "../../../components/Code";
import { Confirm } from "../../../components/Confirm";
import { Properties } from "../../../components/Properties";
import { SettingsBox } from "../../../components/SettingsBox";
import { pretty } from "../../../components/TextEditor";
import { AccessOf } from "../Buckets";
import { s3Of } from "../read";
import { AclTable } from "./AclTable";
import { blocksAll, NONE_BLOCKED, SETTINGS } from "./BlockPublicAccessChoice";
import { OWNERSHIP } from "./OwnershipChoice";
import { useAcl, useBlock, useOwnership, usePolicy } from "./readPermissions";

export function Permissions({ bucket }: { bucket: string }) {
  const block = useBlock(bucket);
  const ownership = useOwnership(bucket);
  const acl = useAcl(bucket);
  const edit = (what: string) => `/s3/buckets/${bucket}/permissions/${what}`;
  const blocked = block.data ?? NONE_BLOCKED;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Permissions overview</Header>}>
        <Properties of={[["Access", <AccessOf bucket={bucket} />]]} />
      </Container>
      <SettingsBox title="Block public access (bucket settings)" edit={edit("block-public-access")} error={block.error}
        description="Public access is granted to buckets and objects through access control lists (ACLs), bucket policies, or both.">
        {block.data !== undefined && (
          <Properties columns={1} of={[
            ["Block all public access", <OnOff on={blocksAll(blocked)} />],
            ...SETTINGS.map(([name, label]) => [label, <OnOff on={blocked[name]} />] as const),
          ]} />
        )}
      </SettingsBox>
      <Policy bucket={bucket} />
      <SettingsBox title="Object Ownership" edit={edit("ownership")} error={ownership.error}
        description="Control ownership of objects written to this bucket from other AWS accounts and the use of access control lists (ACLs).">
        {ownership.data !== undefined && (
          <Properties of={[
            ["Object Ownership", OWNERSHIP[ownership.data ?? "ObjectWriter"]],
            ["Access control lists", ownership.data === "BucketOwnerEnforced" ? "ACLs are disabled. All objects in this bucket are owned by this account." : "ACLs are enabled and can be used to grant access."],
          ]} />
        )}
      </SettingsBox>
      <AclTable acl={acl.data ?? undefined} error={acl.error} {...(ownership.data !== "BucketOwnerEnforced" && { edit: edit("acl") })} />
    </SpaceBetween>
  );
}

export function OnOff({ on }: { on: boolean }) {
  return on ? <StatusIndicator>On</StatusIndicator> : <StatusIndicator type="warning">Off</StatusIndicator>;
}

function Policy({ bucket }: { bucket: string }) {
  const policy = usePolicy(bucket);
  const [deleting, setDeleting] = useState(false);
  const remove = useAct({
    what: "Delete bucket policy",
    run: async () => (await s3Of(bucket)).send(new DeleteBucketPolicyCommand({ Bucket: bucket })),
    done: () => "Successfully deleted bucket policy.",
    after: () => setDeleting(false),
  });
  const text = policy.data ?? "";
  return (
    <SettingsBox
      title="Bucket policy"
      edit={`/s3/buckets/${bucket}/permissions/policy`}
      error={policy.error}
      description="The bucket policy, written in JSON, provides access to the objects stored in the bucket. Bucket policies don't apply to objects owned by other accounts."
      actions={<Button ariaLabel="Delete Bucket policy" disabled={text === ""} onClick={() => setDeleting(true)}>Delete</Button>}
    >
      {text === "" ? "No policy to display." : <Code>{pretty(text)}</Code>}
      {deleting && (
        <Confirm title="Delete bucket policy" action="Delete" type="delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setDeleting(false)}>
          What the policy allowed is not allowed any more, and what it denied is not denied any more.
        </Confirm>
      )}
    </SettingsBox>
  );
}
