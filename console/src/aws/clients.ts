// Clients of the AWS SDK, one a kind, identity and region, all on this page's own origin.
import { currentSession, onSession, type Session } from "../session/session";

interface Settings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
  forcePathStyle?: boolean;
}

type ClientClass<C> = new (settings: Settings) => C;

const clients = new Map<unknown, unknown>();
onSession(() => clients.clear());

/** The client of the signed-in identity in its region: `client(S3Client).send(new ListBucketsCommand({}))`. */
export function client<C>(kind: ClientClass<C>): C {
  const known = clients.get(kind);
  if (known !== undefined) return known as C;
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const made = clientOf(kind, session);
  clients.set(kind, made);
  return made;
}

/** A client of another identity or region than the signed-in one. */
export function clientOf<C>(kind: ClientClass<C>, session: Pick<Session, "credentials" | "region">): C {
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  return new kind({
    endpoint: location.origin,
    region: session.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    // A denial is an answer, and a page that follows the change feed asks again anyway.
    maxAttempts: 1,
    forcePathStyle: true,
  });
}
