import { AddPermissionCommand, type FunctionConfiguration, LambdaClient, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Code } from "../../../components/Code";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { PageLink } from "../../../components/PageLink";
import { Properties } from "../../../components/Properties";
import { ResourceTable } from "../../../components/ResourceTable";
import { type PolicyStatement, usePolicy } from "../read";
import { list, useRoleStatements } from "../rolePolicies";

/** What the function may do (its role), and who may invoke it (its own policy). */
export function Permissions({ configuration }: { configuration: FunctionConfiguration }) {
  const name = configuration.FunctionName ?? "";
  const role = configuration.Role?.split("/").at(-1) ?? "";
  const statements = useRoleStatements(role === "" ? undefined : role);
  return (
    <SpaceBetween size="l">
      <Header variant="h3">Execution role</Header>
      <Properties of={[["Role name", <PageLink href={`/iam/roles/${role}`}>{role}</PageLink>], ["Role ARN", configuration.Role]]} columns={2} />
      <ResourceTable
        title="Resource summary" variant="embedded" items={statements.data?.map((statement, number) => ({ statement, number }))} loading={statements.isLoading} error={statements.error}
        id={({ number }) => String(number)} empty="The role has no policies: the function may do nothing."
        columns={[
          { id: "effect", header: "Effect", cell: ({ statement }) => statement.Effect, value: ({ statement }) => statement.Effect },
          { id: "actions", header: "Actions", cell: ({ statement }) => listed(statement.Action, statement.NotAction), value: ({ statement }) => listed(statement.Action, statement.NotAction) },
          { id: "resources", header: "Resources", cell: ({ statement }) => listed(statement.Resource, statement.NotResource), value: ({ statement }) => listed(statement.Resource, statement.NotResource) },
          { id: "policy", header: "Policy", cell: ({ statement }) => statement.policy, value: ({ statement }) => statement.policy },
        ]}
      />
      <ResourcePolicy name={name} />
    </SpaceBetween>
  );
}

function listed(positive: string | string[] | undefined, negative: string | string[] | undefined): string {
  return positive !== undefined ? list(positive).join(", ") : `All except ${list(negative).join(", ")}`;
}

function ResourcePolicy({ name }: { name: string }) {
  const policy = usePolicy(name);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<PolicyStatement>();
  const [shown, setShown] = useState(false);
  const remove = useAct({
    what: "Delete policy statement",
    run: ({ Sid }: PolicyStatement) => client(LambdaClient).send(new RemovePermissionCommand({ FunctionName: name, StatementId: Sid })),
    done: (_, { Sid }) => `Policy statement ${Sid} was deleted.`,
    after: () => setRemoving(undefined),
  });
  return (
    <>
      <ResourceTable
        title="Resource-based policy statements" variant="embedded" items={policy.data} loading={policy.isLoading} error={policy.error} id={({ Sid }) => Sid} select="single"
        empty="No one but this account's own identities may invoke the function."
        columns={[
          { id: "sid", header: "Statement ID", cell: ({ Sid }) => Sid, value: ({ Sid }) => Sid },
          { id: "principal", header: "Principal", cell: ({ Principal }) => principalOf(Principal), value: ({ Principal }) => principalOf(Principal) },
          { id: "conditions", header: "Conditions", cell: ({ Condition }) => (Condition === undefined ? "None" : JSON.stringify(Condition)) },
          { id: "action", header: "Action", cell: ({ Action }) => String(Action), value: ({ Action }) => String(Action) },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={(policy.data ?? []).length === 0} onClick={() => setShown(!shown)}>View policy</Button>
            <Button disabled={selected === undefined} onClick={() => setRemoving(selected)}>Delete</Button>
            <Button onClick={() => setAdding(true)}>Add permissions</Button>
          </SpaceBetween>
        )}
      />
      {shown && <Code>{JSON.stringify(policy.data, null, 2)}</Code>}
      {adding && <AddPermission name={name} close={() => setAdding(false)} />}
      {removing !== undefined && (
        <Confirm title="Delete policy statement" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(removing)} onCancel={() => setRemoving(undefined)}>
          {principalOf(removing.Principal)} may no longer do what {removing.Sid} allows.
        </Confirm>
      )}
    </>
  );
}

function principalOf(principal: unknown): string {
  return typeof principal === "string" ? principal : Object.values((principal ?? {}) as Record<string, unknown>).flat().join(", ");
}

function AddPermission({ name, close }: { name: string; close: () => void }) {
  const [fields, setFields] = useState({ StatementId: "", Principal: "config.amazonaws.com", SourceArn: "", SourceAccount: "", Action: "lambda:InvokeFunction" });
  const add = useAct({
    what: "Add permissions",
    run: () => {
      const { SourceArn, SourceAccount, ...rest } = fields;
      return client(LambdaClient).send(
        new AddPermissionCommand({ FunctionName: name, ...rest, ...(SourceArn !== "" && { SourceArn }), ...(SourceAccount !== "" && { SourceAccount }) }),
      );
    },
    done: () => `Policy statement ${fields.StatementId} was added.`,
    after: close,
    quiet: true,
  });
  const field = (key: keyof typeof fields, label: string, hint?: string) => (
    <FormField label={label} constraintText={hint}>
      <Input value={fields[key]} onChange={({ detail }) => setFields({ ...fields, [key]: detail.value })} />
    </FormField>
  );
  return (
    <FormModal title="Add permissions" action="Save" busy={add.isPending} error={add.error} disabled={fields.StatementId === ""} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      {field("StatementId", "Statement ID")}
      {field("Principal", "Principal", "A service such as s3.amazonaws.com, an account's number or an ARN")}
      {field("SourceArn", "Source ARN", "Optional: the bucket, rule or topic in whose name the service comes")}
      {field("SourceAccount", "Source account", "Optional: the account in whose name the service comes")}
      {field("Action", "Action")}
    </FormModal>
  );
}
