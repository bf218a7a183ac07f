// Links that carry their own signature: for downloads, which the browser makes itself, and for sharing.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { currentSession } from "../../../session/session";
import { regionOf, s3Of } from "../read";
import { nameOf } from "./read";

interface Target {
  bucket: string;
  key: string;
  versionId?: string;
}

/** A link to an object that works for so many seconds, for whoever has it. */
export async function presigned({ bucket, key, versionId }: Target, seconds: number, disposition?: string): Promise<string> {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  const signer = new SignatureV4({
    service: "s3",
    region: await regionOf(bucket),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256,
    uriEscapePath: false,
  });
  const path = `/${bucket}/${key.split("/").map(escaped).join("/")}`;
  const signed = await signer.presign(
    new HttpRequest({
      method: "GET",
      protocol: location.protocol,
      hostname: location.hostname,
      ...(location.port !== "" && { port: Number(location.port) }),
      path,
      query: {
        ...(versionId !== undefined && { versionId }),
        ...(disposition !== undefined && { "response-content-disposition": disposition }),
      },
      headers: { host: location.host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    }),
    { expiresIn: seconds },
  );
  const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${escaped(name)}=${escaped(String(value))}`).join("&");
  return `${location.origin}${path}?${query}`;
}

/** Percent-encodes all but RFC 3986's unreserved characters, as signatures want it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Has the browser save an object. What S3 refuses is thrown, in its words. */
export async function download(target: Target): Promise<void> {
  await readable(target);
  const name = nameOf(target.key);
  const link = document.createElement("a");
  link.href = await presigned(target, 300, `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, "_")}"; filename*=UTF-8''${escaped(name)}`);
  link.download = name;
  link.click();
}

/** Shows an object in a tab of its own. */
export async function open(target: Target): Promise<void> {
  await readable(target);
  globalThis.open(await presigned(target, 300, "inline"), "_blank", "noopener");
}

/** Asks for the first byte, so that a denial is told here and not on an empty page. */
async function readable({ bucket, key, versionId }: Target): Promise<void> {
  try {
    await (await s3Of(bucket)).send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range: "bytes=0-0" }));
  } catch (error) {
    // An empty object has no first byte.
    if (!(error instanceof Error && error.name === "InvalidRange")) throw error;
  }
}
