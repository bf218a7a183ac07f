import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { failureOf } from "../aws/errors";
import { useAct } from "../aws/queries";
import { Page } from "../components/Page";
import { useSession } from "./session";
import { switchRole } from "./switch";

export default function SwitchRole() {
  const navigate = useNavigate();
  const { identity } = useSession();
  const [asked] = useSearchParams();
  const [account, setAccount] = useState(asked.get("account") ?? identity.account);
  const [role, setRole] = useState(asked.get("roleName") ?? "");
  const [name, setName] = useState(asked.get("displayName") ?? "");
  const action = useAct({
    what: "Switch role",
    run: () => switchRole(account, role, name),
    after: () => void navigate("/"),
    quiet: true,
  });
  return (
    <Page title="Switch role" crumbs={[{ text: "Switch role", href: "/switchrole" }]}
      description="Permissions of the role replace yours until you switch back.">
      <form onSubmit={(event) => { event.preventDefault(); action.mutate(undefined); }}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={() => void navigate(-1)}>Cancel</Button>
              <Button variant="primary" loading={action.isPending}>Switch role</Button>
            </SpaceBetween>
          }
          errorText={action.error === null ? undefined : failureOf(action.error).message}
        >
          <Container>
            <SpaceBetween size="l">
              {identity.name === "root" && (
                <Alert type="info">Roles may not be assumed by root accounts: sign in as an IAM user to switch.</Alert>
              )}
              <FormField label="Account ID or alias" description="The 12-digit account number of the account that has the role. Of an account of yours the alias will do.">
                <Input value={account} onChange={({ detail }) => setAccount(detail.value)} />
              </FormField>
              <FormField label="IAM role name" description="With its path where it has one">
                <Input value={role} onChange={({ detail }) => setRole(detail.value)} autoFocus />
              </FormField>
              <FormField label={<span>Display name <i>- optional</i></span>}>
                <Input value={name} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </Page>
  );
}
