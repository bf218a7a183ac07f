import { CreateLoginProfileCommand, DeleteLoginProfileCommand, IAMClient, UpdateLoginProfileCommand } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { useSession } from "../../session/session";
import { signInUrl } from "./Dashboard";
import { generatedPassword } from "./password";
import { useAccount, useLoginProfile } from "./read";

/** "Console sign-in" of a user: on, off, and with which password. */
export function ConsoleAccess({ user }: { user: string }) {
  const { identity } = useSession();
  const account = useAccount();
  const login = useLoginProfile(user);
  const [managing, setManaging] = useState(false);
  const enabled = login.data !== null && login.data !== undefined;
  return (
    <Container header={
      <Header variant="h2" actions={<Button disabled={login.data === undefined} onClick={() => setManaging(true)}>{enabled ? "Manage console access" : "Enable console access"}</Button>}>Console sign-in</Header>
    }>
      <ReadFailed error={login.error} what="console access" />
      <Properties of={[
        ["Console sign-in link", <Copyable text={`${signInUrl(account.data?.alias ?? identity.account)}&userName=${encodeURIComponent(user)}`} />],
        ["Console password", login.data === undefined ? "–" : enabled ? `Set ${when(login.data?.CreateDate)}${login.data?.PasswordResetRequired === true ? " (to be changed at the next sign-in)" : ""}` : "Not enabled"],
      ]} />
      {managing && <Manage user={user} enabled={enabled} close={() => setManaging(false)} />}
    </Container>
  );
}

function Manage({ user, enabled, close }: { user: string; enabled: boolean; close: () => void }) {
  const [access, setAccess] = useState("enable");
  const [password, setPassword] = useState<PasswordChoice>({ kind: "auto", text: generatedPassword(), reset: false });
  const [made, setMade] = useState<string>();
  const save = useAct({
    what: "Manage console access",
    run: async () => {
      const iam = client(IAMClient);
      if (access === "disable") {
        await iam.send(new DeleteLoginProfileCommand({ UserName: user }));
      } else {
        const input = { UserName: user, Password: password.text, PasswordResetRequired: password.reset };
        await (enabled ? iam.send(new UpdateLoginProfileCommand(input)) : iam.send(new CreateLoginProfileCommand(input)));
      }
    },
    done: () => (access === "disable" ? `Console access of ${user} disabled.` : enabled ? undefined : `Console access of ${user} enabled.`),
    after: () => (access === "enable" && password.kind === "auto" ? setMade(password.text) : close()),
    quiet: true,
  });
  if (made !== undefined) {
    return (
      <FormModal title="Console password" action="Close" busy={false} onSubmit={close} onCancel={close}>
        <Alert type="success">This is the only time that this password can be viewed.</Alert>
        <Properties columns={1} of={[["User name", <Copyable text={user} />], ["Console password", <Copyable text={made} />]]} />
      </FormModal>
    );
  }
  return (
    <FormModal title={enabled ? `Manage console access for ${user}` : `Enable console access for ${user}`} action={access === "disable" ? "Disable console access" : enabled ? "Apply" : "Enable console access"}
      busy={save.isPending} error={save.error} disabled={access === "enable" && password.text === ""} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      {enabled && (
        <FormField label="Console access">
          <RadioGroup value={access} onChange={({ detail }) => setAccess(detail.value)} items={[{ value: "enable", label: "Set a new password" }, { value: "disable", label: "Disable" }]} />
        </FormField>
      )}
      {access === "enable" && <PasswordFields value={password} set={setPassword} />}
    </FormModal>
  );
}

export interface PasswordChoice {
  kind: "auto" | "custom";
  text: string;
  reset: boolean;
}

export function PasswordFields({ value, set }: { value: PasswordChoice; set: (value: PasswordChoice) => void }) {
  return (
    <>
      <FormField label="Console password">
        <RadioGroup
          value={value.kind}
          onChange={({ detail }) => set(detail.value === "auto" ? { ...value, kind: "auto", text: generatedPassword() } : { ...value, kind: "custom", text: "" })}
          items={[
            { value: "auto", label: "Autogenerated password", description: "You can view the password after you create it." },
            { value: "custom", label: "Custom password", description: "Enter a custom password for the user." },
          ]}
        />
      </FormField>
      {value.kind === "custom" && (
        <FormField label="Custom password" constraintText="Must keep to the account's password policy.">
          <Input type="password" autoComplete="new-password" value={value.text} onChange={({ detail }) => set({ ...value, text: detail.value })} />
        </FormField>
      )}
      <Checkbox checked={value.reset} onChange={({ detail }) => set({ ...value, reset: detail.checked })}>Users must create a new password at next sign-in</Checkbox>
    </>
  );
}
