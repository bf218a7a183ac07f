// A function's code as files: unpacked to be shown and edited, packed to be deployed.
import { unzipSync, type Zippable, zipSync } from "fflate";
import { signedFetch } from "../../aws/signed";

/** Path to content. Executable bits and the like are not kept: what needs them is deployed as a .zip. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** More than this is shown by name only, as the AWS console does with packages over 3 MB. */
export const LARGEST_SHOWN = 3 * 1024 * 1024;
/** With a file larger than this the package is not opened: a part of it would be deployed in place of the whole. */
const LARGEST_OPENED = 4 * LARGEST_SHOWN;

export async function fetchCode(location: string): Promise<Files> {
  // The link names the server's own address, which this page may know by another name. Scripts are answered only where they sign.
  const { pathname, search } = new URL(location);
  const response = await signedFetch(pathname + search);
  if (!response.ok) throw new Error(`The code cannot be fetched: ${response.status} ${await response.text()}`);
  return unpacked(new Uint8Array(await response.arrayBuffer()));
}

/** Throws an Error where it is no .zip, or too large to be opened. */
export function unpacked(archive: Uint8Array): Files {
  // At once: fflate's other way has workers do it, which the pages' content security policy does not let start.
  return unzipSync(archive, {
    filter: ({ name, originalSize }) => {
      if (originalSize <= LARGEST_OPENED) return true;
      throw new Error(`The deployment package is too large to enable inline code editing: ${name} has more than 12 MB. Upload its code from a .zip file.`);
    },
  });
}

export function packed(files: Files): Uint8Array {
  const entries: Zippable = {};
  // The first moment that a .zip can name, in the local time that it names it in: the same code is the same package everywhere.
  const mtime = new Date(1980, 0, 1);
  for (const [path, content] of Object.entries(files)) entries[path] = [content, { mtime, attrs: 0o755 << 16, os: 3 }];
  return zipSync(entries);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The text of a file, or undefined where it is none (a library, a picture). */
export function textOf(content: Uint8Array): string | undefined {
  if (content.length > LARGEST_SHOWN) return undefined;
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}
