// Requests to this cloud's own pages, /_cloudchamber/…: signed, since the signature is the permission and not the page's origin.
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { currentSession } from "../session/session";

/** Fetches a page of the cloud as the signed-in identity. `path` begins with `/_cloudchamber/` and may have a query. */
export async function signedFetch(
  path: string,
  { method = "GET", body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Response> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const url = new URL(path, location.origin);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  const signer = new SignatureV4({
    service: "sts",
    region: session.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256,
  });
  const signed = await signer.sign(
    new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== "" && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(text !== undefined && { "content-type": "application/json" }) },
      ...(text !== undefined && { body: text }),
    }),
  );
  const { host: _, ...headers } = signed.headers;
  return fetch(url, { method, headers, ...(text !== undefined && { body: text }), ...(signal !== undefined && { signal }) });
}

/** The JSON answer of a page of the cloud; a failure is thrown as an Error whose name is the code. */
export async function signedJson<T>(path: string, init?: { method?: string; body?: unknown }): Promise<T> {
  return jsonOf<T>(await signedFetch(path, init));
}

/** As [signedJson], for what needs no signature. */
export async function jsonOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
  let code = `HTTP ${response.status}`;
  let message = text;
  try {
    const said = JSON.parse(text) as { code?: string; message?: string };
    code = said.code ?? code;
    message = said.message ?? message;
  } catch {
    // Not JSON: the text is the message.
  }
  const error = new Error(message);
  error.name = code;
  throw error;
}
