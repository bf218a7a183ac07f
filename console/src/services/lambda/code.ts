// A function's code as files: unpacked to be shown and edited, packed to be deployed.
import { type AsyncZippable, unzip, zip } from "fflate";
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

export function unpacked(archive: Uint8Array): Promise<Files> {
  return new Promise((resolve, reject) => {
    let large: string | undefined;
    const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
      if (originalSize > LARGEST_OPENED) large = name;
      return originalSize <= LARGEST_OPENED;
    };
    unzip(archive, { filter }, (error, files) => {
      if (large !== undefined) reject(new Error(`The deployment package is too large to enable inline code editing (${large}). Upload its code from a .zip file.`));
      else if (error !== null) reject(error);
      else resolve(files);
    });
  });
}

export function packed(files: Files): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const entries: AsyncZippable = {};
    // The first moment that a .zip can name, in the local time that it names it in: the same code is the same package everywhere.
    const mtime = new Date(1980, 0, 1);
    for (const [path, content] of Object.entries(files)) entries[path] = [content, { mtime, attrs: 0o755 << 16, os: 3 }];
    zip(entries, (error, archive) => (error === null ? resolve(archive) : reject(error)));
  });
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
