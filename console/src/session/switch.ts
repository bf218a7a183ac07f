import { client } from "../aws/clients";
import { currentSession, setSession } from "./session";

/** Switches to a role: AssumeRole as the signed-in user, and its session from here on. */
export async function switchRole(account: string, role: string, displayName: string): Promise<void> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  // Fetched when somebody switches: the first page does not need it.
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const from = session.switchedFrom ?? { credentials: session.credentials, identity: session.identity };
  const answer = await client(STSClient).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/${role.replace(/^\/+/, "")}`,
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
    identity: { account, arn: answer.AssumedRoleUser?.Arn ?? "", name: displayName === "" ? `${role}/${from.identity.name}` : displayName },
    switchedFrom: from,
  });
}

/** Ends the role's session. */
export function switchBack(): void {
  const session = currentSession();
  if (session?.switchedFrom === undefined) return;
  setSession({ region: session.region, ...session.switchedFrom });
}
