import { DeleteAccountPasswordPolicyCommand, IAMClient, type PasswordPolicy, UpdateAccountPasswordPolicyCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { IAM } from "./parts";
import { usePasswordPolicy } from "./read";

/** What AWS asks of passwords where the account says nothing. */
const DEFAULT: PasswordPolicy = { MinimumPasswordLength: 8, AllowUsersToChangePassword: true };

export default function AccountSettings() {
  const policy = usePasswordPolicy();
  const [editing, setEditing] = useState(false);
  const shown = policy.data ?? DEFAULT;
  return (
    <Page title="Account settings" crumbs={[IAM, { text: "Account settings", href: "/iam/account-settings" }]}>
      <ReadFailed error={policy.error} what="password policy" />
      {policy.data !== undefined && (
        <Container header={<Header variant="h2" description="Configure the password requirements for the IAM users." actions={<Button ariaLabel="Edit password policy" onClick={() => setEditing(true)}>Edit</Button>}>Password policy</Header>}>
          <Properties of={[
            ["This AWS account uses", policy.data === null ? "The IAM default password policy" : "A custom password policy"],
            ["Password minimum length", `${shown.MinimumPasswordLength ?? 8} characters`],
            ["Password strength", strength(policy.data)],
            ["Other requirements", others(policy.data)],
          ]} />
        </Container>
      )}
      {editing && <EditPolicy policy={policy.data ?? null} close={() => setEditing(false)} />}
    </Page>
  );
}

function strength(policy: PasswordPolicy | null | undefined): string {
  if (policy === null || policy === undefined) return "Include a minimum of three of the following mix of character types: uppercase, lowercase, numbers, and non-alphanumeric symbols";
  const asked = RULES.filter(([key]) => policy[key] === true).map(([, text]) => text);
  return asked.length === 0 ? "No requirements" : asked.join("; ");
}

function others(policy: PasswordPolicy | null | undefined): string {
  if (policy === null || policy === undefined) return "Never expire password; Must not be identical to your AWS account name or email address";
  return [
    policy.ExpirePasswords === true ? `Passwords expire in ${policy.MaxPasswordAge ?? 0} days` : "Never expire password",
    policy.HardExpiry === true ? "Password expiration requires administrator reset" : "",
    policy.AllowUsersToChangePassword === true ? "Allow users to change their own password" : "",
    (policy.PasswordReusePrevention ?? 0) > 0 ? `Prevent password reuse from the past ${policy.PasswordReusePrevention ?? 0} changes` : "",
  ].filter((text) => text !== "").join("; ");
}

const RULES = [
  ["RequireUppercaseCharacters", "Require at least one uppercase letter from the Latin alphabet (A-Z)"],
  ["RequireLowercaseCharacters", "Require at least one lowercase letter from the Latin alphabet (a-z)"],
  ["RequireNumbers", "Require at least one number"],
  ["RequireSymbols", "Require at least one non-alphanumeric character"],
] as const satisfies readonly (readonly [keyof PasswordPolicy, string])[];

function EditPolicy({ policy, close }: { policy: PasswordPolicy | null; close: () => void }) {
  const [kind, setKind] = useState(policy === null ? "default" : "custom");
  const [edited, setEdited] = useState<PasswordPolicy>(policy ?? DEFAULT);
  const set = (change: Partial<PasswordPolicy>) => setEdited({ ...edited, ...change });
  const [age, setAge] = useState(String(policy?.MaxPasswordAge ?? 90));
  const [expires, setExpires] = useState(policy?.ExpirePasswords ?? false);
  const [reuse, setReuse] = useState(String(policy?.PasswordReusePrevention ?? 5));
  const [prevents, setPrevents] = useState((policy?.PasswordReusePrevention ?? 0) > 0);
  const [length, setLength] = useState(String(edited.MinimumPasswordLength ?? 8));
  const save = useAct({
    what: "Set password policy",
    run: async () => {
      const iam = client(IAMClient);
      if (kind === "default") {
        if (policy !== null) await iam.send(new DeleteAccountPasswordPolicyCommand({}));
        return;
      }
      const { ExpirePasswords: _, ...rest } = edited;
      await iam.send(new UpdateAccountPasswordPolicyCommand({
        ...rest, MinimumPasswordLength: Number(length), MaxPasswordAge: expires ? Number(age) : undefined, PasswordReusePrevention: prevents ? Number(reuse) : undefined,
        HardExpiry: expires ? (edited.HardExpiry ?? false) : undefined,
      }));
    },
    done: () => "Password requirements for IAM users are updated.",
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit password policy" action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Password policy">
        <RadioGroup value={kind} onChange={({ detail }) => setKind(detail.value)} items={[
          { value: "default", label: "IAM default", description: "Apply default password requirements." },
          { value: "custom", label: "Custom", description: "Apply customized password requirements." },
        ]} />
      </FormField>
      {kind === "custom" && (
        <>
          <FormField label="Password minimum length" constraintText="Needs to be between 6 and 128.">
            <Input value={length} inputMode="numeric" onChange={({ detail }) => setLength(detail.value)} />
          </FormField>
          <FormField label="Password strength">
            {RULES.map(([key, text]) => <Checkbox key={key} checked={edited[key] === true} onChange={({ detail }) => set({ [key]: detail.checked })}>{text}</Checkbox>)}
          </FormField>
          <FormField label="Other requirements">
            <SpaceBetween size="xs">
              <Checkbox checked={expires} onChange={({ detail }) => setExpires(detail.checked)}>Turn on password expiration</Checkbox>
              {expires && <Input ariaLabel="Expire password in day(s)" value={age} inputMode="numeric" onChange={({ detail }) => setAge(detail.value)} />}
              {expires && <Checkbox checked={edited.HardExpiry === true} onChange={({ detail }) => set({ HardExpiry: detail.checked })}>Password expiration requires administrator reset</Checkbox>}
              <Checkbox checked={edited.AllowUsersToChangePassword === true} onChange={({ detail }) => set({ AllowUsersToChangePassword: detail.checked })}>Allow users to change their own password</Checkbox>
              <Checkbox checked={prevents} onChange={({ detail }) => setPrevents(detail.checked)}>Prevent password reuse</Checkbox>
              {prevents && <Input ariaLabel="Remember password(s)" value={reuse} inputMode="numeric" onChange={({ detail }) => setReuse(detail.value)} />}
            </SpaceBetween>
          </FormField>
        </>
      )}
    </FormModal>
  );
}
