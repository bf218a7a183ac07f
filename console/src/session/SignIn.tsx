// Sign-in: as the account's root by its access key, or as an IAM user by password.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { failureOf } from "../aws/errors";
import { jsonOf } from "../aws/signed";
import { setSession } from "./session";

interface Settings {
  version: string;
  region: string;
  account: string;
  ephemeral: boolean;
  wellKnownRootKey: boolean;
}

interface SignedIn {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: string;
  account: string;
  alias?: string;
  arn: string;
  userName?: string;
}

async function signIn(body: Record<string, string>): Promise<SignedIn> {
  return jsonOf<SignedIn>(
    await fetch("/_cloudchamber/signin", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    }),
  );
}

export function SignIn() {
  const [asked] = useSearchParams();
  const settings = useQuery({ queryKey: ["settings"], queryFn: async () => jsonOf<Settings>(await fetch("/_cloudchamber/settings")) });
  const region = settings.data?.region ?? "us-east-1";
  useEffect(() => {
    document.title = "Sign in | Cloudchamber";
  }, []);
  const enter = (answer: SignedIn) =>
    setSession({
      region,
      credentials: {
        accessKeyId: answer.accessKeyId,
        secretAccessKey: answer.secretAccessKey,
        sessionToken: answer.sessionToken,
        expiration: answer.expiration,
      },
      identity: {
        account: answer.account,
        ...(answer.alias !== undefined && { alias: answer.alias }),
        arn: answer.arn,
        name: answer.userName ?? "root",
      },
    });
  const [tab, setTab] = useState(asked.get("userName") !== null || asked.get("account") !== null ? "user" : "root");
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        <Box textAlign="center" variant="h1" fontSize="display-l">Cloudchamber</Box>
        <Container header={<Header variant="h2">Sign in</Header>}>
          {settings.data !== undefined && (
            <Tabs
              activeTabId={tab}
              onChange={({ detail }) => setTab(detail.activeTabId)}
              tabs={[
                { id: "root", label: "Root user", content: <RootForm settings={settings.data} enter={enter} /> },
                {
                  id: "user", label: "IAM user",
                  content: (
                    <UserForm account={asked.get("account") ?? settings.data.account} user={asked.get("userName") ?? ""} enter={enter} />
                  ),
                },
              ]}
            />
          )}
          {settings.error !== null && <Box color="text-status-error">The cloud does not answer: {settings.error.message}</Box>}
        </Container>
        <Box textAlign="center" color="text-body-secondary" fontSize="body-s">
          A local AWS{settings.data !== undefined && `, version ${settings.data.version}`}. Not Amazon's.
        </Box>
      </SpaceBetween>
    </main>
  );
}

function RootForm({ settings, enter }: { settings: Settings; enter: (answer: SignedIn) => void }) {
  const [account, setAccount] = useState(settings.account);
  const [key, setKey] = useState("");
  const [secret, setSecret] = useState("");
  return (
    <SignInForm submit={() => signIn({ account, accessKeyId: key, secretAccessKey: secret })} enter={enter}>
      <Field label="Account ID or account alias" value={account} set={setAccount} autoComplete="organization" />
      <Field
        label="Access key ID" value={key} set={setKey} autoComplete="username"
        hint={settings.wellKnownRootKey ? "This cloud's root key is test / test; it is printed when the cloud starts." : "The root's access key; the cloud prints it when it starts."}
      />
      <Field label="Secret access key" value={secret} set={setSecret} type="password" autoComplete="current-password" />
    </SignInForm>
  );
}

function UserForm({ account: first, user, enter }: { account: string; user: string; enter: (answer: SignedIn) => void }) {
  const [account, setAccount] = useState(first);
  const [userName, setUserName] = useState(user);
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [mustChange, setMustChange] = useState(false);
  return (
    <SignInForm
      submit={() => signIn({ account, userName, password, ...(mustChange && { newPassword }) })}
      refused={(code) => {
        if (code === "PasswordChangeRequired") setMustChange(true);
      }}
      enter={enter}
    >
      <Field label="Account ID or account alias" value={account} set={setAccount} autoComplete="organization" />
      <Field label="IAM user name" value={userName} set={setUserName} autoComplete="username" />
      <Field label={mustChange ? "Old password" : "Password"} value={password} set={setPassword} type="password" autoComplete="current-password" />
      {mustChange && <Field label="New password" value={newPassword} set={setNewPassword} type="password" autoComplete="new-password" />}
    </SignInForm>
  );
}

function SignInForm({ children, submit, enter, refused }: {
  children: ReactNode;
  submit: () => Promise<SignedIn>;
  enter: (answer: SignedIn) => void;
  refused?: (code: string) => void;
}) {
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setFailed(undefined);
    try {
      enter(await submit());
    } catch (error) {
      const { code, message } = failureOf(error);
      setFailed(message);
      refused?.(code);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <Form actions={<Button variant="primary" loading={busy}>Sign in</Button>} errorText={failed}>
        <SpaceBetween size="m">{children}</SpaceBetween>
      </Form>
    </form>
  );
}

function Field({ label, value, set, hint, type = "text", autoComplete }: {
  label: string; value: string; set: (value: string) => void; hint?: string; type?: InputProps.Type; autoComplete: string;
}) {
  return (
    <FormField label={label} description={hint}>
      <Input value={value} onChange={({ detail }) => set(detail.value)} type={type} autoComplete={autoComplete} spellcheck={false} />
    </FormField>
  );
}
