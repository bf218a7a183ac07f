import { type AccessControlPolicy, type Grant, type Permission, PutBucketAclCommand } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { EditPage } from "../EditPage";
import { AUTHENTICATED, EVERYONE, idOf, LOG_DELIVERY, nameOf } from "./AclTable";

const PERMISSIONS = [["READ", "List objects"], ["WRITE", "Write objects"], ["READ_ACP", "Read ACL"], ["WRITE_ACP", "Write ACL"]] as const;
const ALL = PERMISSIONS.map(([permission]) => permission);

interface Row {
  id: string;
  group: boolean;
  given: readonly Permission[];
}

export function EditAcl({ bucket, before }: { bucket: string; before: AccessControlPolicy }) {
  const owner = before.Owner?.ID ?? "";
  const [rows, setRows] = useState(() => rowsOf(before.Grants ?? [], owner));
  const [added, setAdded] = useState("");
  const [acknowledged, setAcknowledged] = useState(false);
  const opens = rows.some(({ id, given }) => (id === EVERYONE || id === AUTHENTICATED) && given.length > 0);
  const set = (id: string, given: readonly Permission[]) => setRows(rows.map((row) => (row.id === id ? { ...row, given } : row)));
  return (
    <EditPage bucket={bucket} setting="access control list (ACL)" tab="permissions" disabled={opens && !acknowledged}
      save={(s3) => s3.send(new PutBucketAclCommand({ Bucket: bucket, AccessControlPolicy: { Owner: before.Owner, Grants: rows.flatMap(grantsOf) } }))}>
      <Container header={<Header variant="h2">Access control list (ACL)</Header>}>
        <SpaceBetween size="m">
          <Table<Row>
            variant="embedded"
            items={rows}
            trackBy="id"
            ariaLabels={{ tableLabel: "Grantees" }}
            columnDefinitions={[
              { id: "grantee", header: "Grantee", cell: ({ id, group }) => nameOf(group ? { Type: "Group", URI: id } : { Type: "CanonicalUser", ID: id }, owner) },
              ...PERMISSIONS.map(([permission, label]) => ({
                id: permission,
                header: label,
                cell: ({ id, given }: Row) => (
                  <Checkbox ariaLabel={`${label}: ${id}`} checked={given.includes(permission)}
                    onChange={({ detail }) => set(id, detail.checked ? [...given, permission] : given.filter((it) => it !== permission))} />
                ),
              })),
            ]}
          />
          <FormField label="Access for other AWS accounts" description="Enter the canonical user ID of an account to add it as a grantee.">
            <SpaceBetween direction="horizontal" size="xs">
              <Input ariaLabel="Canonical user ID" value={added} onChange={({ detail }) => setAdded(detail.value.trim())} />
              <Button formAction="none" disabled={added === "" || rows.some(({ id }) => id === added)} onClick={() => { setRows([...rows, { id: added, group: false, given: [] }]); setAdded(""); }}>Add grantee</Button>
            </SpaceBetween>
          </FormField>
          {opens && (
            <Alert type="warning" header="When you grant access to the Everyone or Authenticated users group grantees, anyone in the world can access the objects in this bucket">
              <Checkbox checked={acknowledged} onChange={({ detail }) => setAcknowledged(detail.checked)}>I understand the effects of these changes on my objects and buckets.</Checkbox>
            </Alert>
          )}
          <Box color="text-body-secondary">A grantee without any permission is left out of the list.</Box>
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}

/** Owner and the three groups always, then whoever else is granted something. */
function rowsOf(grants: readonly Grant[], owner: string): Row[] {
  const groups = [EVERYONE, AUTHENTICATED, LOG_DELIVERY];
  const ids = [...new Set([owner, ...groups, ...grants.map(({ Grantee }) => idOf(Grantee))])];
  return ids.map((id) => {
    const own = grants.filter(({ Grantee }) => idOf(Grantee) === id).flatMap(({ Permission }) => (Permission === undefined ? [] : [Permission]));
    const group = groups.includes(id) || grants.some(({ Grantee }) => Grantee?.URI === id);
    return { id, group, given: own.includes("FULL_CONTROL") ? ALL : own };
  });
}

function grantsOf({ id, group, given }: Row): Grant[] {
  const Grantee = group ? { Type: "Group" as const, URI: id } : { Type: "CanonicalUser" as const, ID: id };
  if (ALL.every((permission) => given.includes(permission))) return [{ Grantee, Permission: "FULL_CONTROL" }];
  return given.map((Permission) => ({ Grantee, Permission }));
}
