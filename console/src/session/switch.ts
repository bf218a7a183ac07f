import { client } from "../aws/clients";
import { currentSession, type Session, setSession } from "./session";

/** Switches to a role: AssumeRole as the signed-in user, and its session from here on. `accountOrAlias` is a 12-digit ID, or the alias of an account that this person has signed in to. */
export async function switchRole(accountOrAlias: string, role: string, displayName: string): Promise<void> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const account = await accountOf(accountOrAlias.trim(), session);
  const path = role.trim().replace(/^\/+/, "");
  // Fetched when somebody switches: the first page does not need it.
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const from = session.switchedFrom ?? { credentials: session.credentials, identity: session.identity };
  const answer = await client(STSClient).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/${path}`,
      RoleSessionName: from.identity.name.replace(/[^\w+=,.@-]/g, "-").slice(0, 64),
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined) throw new Error("AssumeRole answered no credentials.");
  setSession({
    region: session.region,
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken !== undefined && { sessionToken: SessionToken }),
      ...(Expiration !== undefined && { expiration: Expiration.toISOString() }),
    },
    identity: { account, arn: answer.AssumedRoleUser?.Arn ?? "", name: displayName === "" ? `${path}/${from.identity.name}` : displayName },
    switchedFrom: from,
  });
}

/** No operation of AWS tells the account of an alias. One's own account says what it is called; others have to be named by their ID. */
async function accountOf(name: string, session: Session): Promise<string> {
  if (/^\d{12}$/.test(name)) return name;
  const known = [session.identity, session.switchedFrom?.identity].find((identity) => identity?.alias === name);
  if (known !== undefined) return known.account;
  const { IAMClient, ListAccountAliasesCommand } = await import("@aws-sdk/client-iam");
  // The alias may be newer than the sign-in. Who may not list it has only what the sign-in said.
  const aliases = await client(IAMClient).send(new ListAccountAliasesCommand({})).then(({ AccountAliases }) => AccountAliases, () => undefined);
  if (aliases?.includes(name) === true) return session.identity.account;
  throw new Error(`${name} is neither a 12-digit account ID nor the alias of your account ${session.identity.account}. Enter the ID of the account that has the role: who administers it finds the ID on its IAM dashboard.`);
}

/** Ends the role's session. */
export function switchBack(): void {
  const session = currentSession();
  if (session?.switchedFrom === undefined) return;
  setSession({ region: session.region, ...session.switchedFrom });
}
