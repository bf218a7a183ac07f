import { ChangePasswordCommand, IAMClient } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { useSession } from "../../session/session";
import { AccessKeys } from "./AccessKeys";
import { IAM } from "./parts";
import { useUser } from "./read";

/** "My security credentials": of the person who is signed in. */
export default function SecurityCredentials() {
  const { identity } = useSession();
  const user = /:user\/(?:.*\/)?([^/]+)$/.exec(identity.arn)?.[1];
  const role = identity.arn.includes(":assumed-role/");
  return (
    <Page title="My security credentials" crumbs={[IAM, { text: "Security credentials", href: "/iam/security-credentials" }]}
      description={role ? "You are using a role." : user === undefined ? "Root user" : "IAM user"}>
      {role && <Alert type="info">A role has neither a password nor access keys of its own: switch back to manage yours.</Alert>}
      {!role && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Account details</Header>}>
            <Properties of={[
              ["User name", user ?? "root"],
              ["AWS account ID", <Copyable text={identity.account} />],
              [user === undefined ? "ARN" : "User ARN", <Copyable text={identity.arn} />],
            ]} />
          </Container>
          {user !== undefined && <Password />}
          <AccessKeys />
        </SpaceBetween>
      )}
    </Page>
  );
}

function Password() {
  const user = useUser(undefined);
  const [changing, setChanging] = useState(false);
  return (
    <Container header={<Header variant="h2" actions={<Button onClick={() => setChanging(true)}>Update console password</Button>}>Console sign-in</Header>}>
      <ReadFailed error={user.error} what="user" />
      <Properties of={[["Last console sign-in", when(user.data?.PasswordLastUsed)]]} />
      {changing && <ChangePassword close={() => setChanging(false)} />}
    </Container>
  );
}

function ChangePassword({ close }: { close: () => void }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useAct({
    what: "Update console password",
    run: () => client(IAMClient).send(new ChangePasswordCommand({ OldPassword: current, NewPassword: next })),
    done: () => "Your password was changed.",
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Update console password" action="Update password" busy={change.isPending} error={change.error} disabled={current === "" || next === "" || next !== again} onSubmit={() => change.mutate(undefined)} onCancel={close}>
      <FormField label="Current password"><Input type="password" autoComplete="current-password" value={current} onChange={({ detail }) => setCurrent(detail.value)} /></FormField>
      <FormField label="New password"><Input type="password" autoComplete="new-password" value={next} onChange={({ detail }) => setNext(detail.value)} /></FormField>
      <FormField label="Confirm new password" errorText={again !== "" && again !== next ? "The passwords differ." : undefined}>
        <Input type="password" autoComplete="new-password" value={again} onChange={({ detail }) => setAgain(detail.value)} />
      </FormField>
    </FormModal>
  );
}
