import { CreateAccountAliasCommand, DeleteAccountAliasCommand, IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { useSession } from "../../session/session";
import { IAM } from "./parts";
import { useAccount } from "./read";

const COUNTS = [
  ["User groups", "Groups", "/iam/groups"], ["Users", "Users", "/iam/users"], ["Roles", "Roles", "/iam/roles"], ["Policies", "Policies", "/iam/policies"],
] as const;

export function signInUrl(account: string): string {
  return `${location.origin}/console/signin?account=${encodeURIComponent(account)}`;
}

export default function Dashboard() {
  const { identity } = useSession();
  const account = useAccount();
  const [doing, setDoing] = useState<"edit" | "delete">();
  const alias = account.data?.alias;
  const url = signInUrl(alias ?? identity.account);
  return (
    <Page title="IAM Dashboard" crumbs={[IAM, { text: "Dashboard", href: "/iam/dashboard" }]}>
      <ReadFailed error={account.error} what="account" />
      <Container header={<Header variant="h2" description="Resources in this AWS Account">IAM resources</Header>}>
        <KeyValuePairs columns={4} items={COUNTS.map(([label, key, href]) => ({
          label, value: <PageLink href={href} ariaLabel={`${label}: ${account.data?.counts[key] ?? "unknown"}`} fontSize="heading-l">{String(account.data?.counts[key] ?? "–")}</PageLink>,
        }))} />
      </Container>
      <Container header={
        <Header variant="h2" actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={account.data === undefined} onClick={() => setDoing("edit")}>{alias === undefined ? "Create account alias" : "Edit account alias"}</Button>
            {alias !== undefined && <Button onClick={() => setDoing("delete")}>Delete account alias</Button>}
          </SpaceBetween>
        }>
          AWS Account
        </Header>
      }>
        <Properties columns={3} of={[
          ["Account ID", <Copyable text={identity.account} />],
          ["Account Alias", alias],
          ["Sign-in URL for IAM users in this account", <Copyable text={url} />],
        ]} />
      </Container>
      {doing === "edit" && <EditAlias alias={alias} close={() => setDoing(undefined)} />}
      {doing === "delete" && alias !== undefined && <DeleteAlias alias={alias} close={() => setDoing(undefined)} />}
    </Page>
  );
}

function EditAlias({ alias, close }: { alias: string | undefined; close: () => void }) {
  const [name, setName] = useState(alias ?? "");
  const save = useAct({
    what: "Create alias",
    run: () => client(IAMClient).send(new CreateAccountAliasCommand({ AccountAlias: name })),
    done: () => `Alias ${name} created for this account.`,
    after: close,
    quiet: true,
  });
  const title = alias === undefined ? "Create alias for this AWS account" : "Edit alias for this AWS account";
  return (
    <FormModal title={title} action={alias === undefined ? "Create alias" : "Save changes"} busy={save.isPending} error={save.error} disabled={name === ""} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Preferred alias" constraintText="3 to 63 characters: lowercase letters, digits and hyphens." description={`New sign-in URL: ${signInUrl(name)}`}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </FormModal>
  );
}

function DeleteAlias({ alias, close }: { alias: string; close: () => void }) {
  const remove = useAct({
    what: "Delete alias", run: () => client(IAMClient).send(new DeleteAccountAliasCommand({ AccountAlias: alias })), done: () => `Alias ${alias} deleted.`, after: close,
  });
  return (
    <Confirm title="Delete alias" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      Sign-in links with {alias} no longer lead to this account.
    </Confirm>
  );
}
