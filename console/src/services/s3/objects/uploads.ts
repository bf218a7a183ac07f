// Uploading files: small ones at once, large ones in parts, so that never more than a few parts are in memory.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { atOnce, s3Of } from "../read";
import { Progress } from "./progress";

// Below 8 MiB, from which on the SDK hashes in JavaScript and the page stands still meanwhile; the browser's own hash is beside it.
const PART = 7 * 1024 * 1024;
/** S3 takes at most so many parts of an object. */
const MOST_PARTS = 10_000;
/** Requests under way at one time: their bodies are what is in memory. */
const AT_ONCE = 4;
const TRIES = 3;

export interface Chosen {
  file: File;
  /** With the folders it was chosen with: `photos/2024/a.jpg`. */
  path: string;
}

export type State = "Pending" | "In progress" | "Succeeded" | "Failed" | "Canceled";

export interface Item extends Chosen {
  state: State;
  sent: number;
  error?: string;
}

/** What all objects of one upload are given. */
export type Settings = Pick<
  PutObjectCommandInput,
  "StorageClass" | "ServerSideEncryption" | "SSEKMSKeyId" | "BucketKeyEnabled" | "Tagging" | "Metadata" | "ACL" | "CacheControl" | "ContentDisposition" | "ContentEncoding" | "ContentLanguage" | "ContentType" | "WebsiteRedirectLocation"
>;

/** An upload of files into a folder of a bucket. */
export class Uploads extends Progress {
  readonly items: readonly Item[];
  readonly total: number;
  readonly #slots = new Slots(AT_ONCE);

  constructor(readonly bucket: string, readonly prefix: string, chosen: readonly Chosen[], readonly settings: Settings) {
    super();
    this.items = chosen.map((it) => ({ ...it, state: "Pending", sent: 0 }));
    this.total = chosen.reduce((sum, { file }) => sum + file.size, 0);
  }

  get sent(): number {
    return this.items.reduce((sum, { sent }) => sum + sent, 0);
  }

  async run(): Promise<void> {
    const s3 = await s3Of(this.bucket);
    await atOnce(this.items, AT_ONCE, (item) => this.#upload(s3, item));
    this.finish();
  }

  async #upload(s3: S3Client, item: Item): Promise<void> {
    if (this.canceled) {
      item.state = "Canceled";
      return;
    }
    item.state = "In progress";
    this.tell();
    try {
      if (item.file.size <= PART) await this.#whole(s3, item);
      else await this.#inParts(s3, item);
      item.state = "Succeeded";
      item.sent = item.file.size;
      this.succeed(item.file.size);
    } catch (error) {
      if (this.canceled) {
        item.state = "Canceled";
        this.tell();
        return;
      }
      item.state = "Failed";
      item.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.fail(item.path, error, item.file.size);
    }
  }

  #target(item: Item) {
    const ContentType = this.settings.ContentType ?? (item.file.type === "" ? "application/octet-stream" : item.file.type);
    return { ...this.settings, ContentType, Bucket: this.bucket, Key: this.prefix + item.path };
  }

  async #whole(s3: S3Client, item: Item): Promise<void> {
    await this.#slots.taken(async () => {
      const Body = new Uint8Array(await item.file.arrayBuffer());
      await this.#again(() => s3.send(new PutObjectCommand({ ...this.#target(item), Body }), { abortSignal: this.stop.signal }));
    });
  }

  async #inParts(s3: S3Client, item: Item): Promise<void> {
    const target = this.#target(item);
    const key = { Bucket: target.Bucket, Key: target.Key };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: "CRC32" }), { abortSignal: this.stop.signal });
    try {
      const size = Math.max(PART, Math.ceil(item.file.size / MOST_PARTS));
      const numbers = Array.from({ length: Math.ceil(item.file.size / size) }, (_, at) => at + 1);
      const parts: CompletedPart[] = [];
      await atOnce(numbers, AT_ONCE, (PartNumber) =>
        this.#slots.taken(async () => {
          this.stop.signal.throwIfAborted();
          const piece = item.file.slice((PartNumber - 1) * size, PartNumber * size);
          const Body = new Uint8Array(await piece.arrayBuffer());
          const { ETag, ChecksumCRC32 } = await this.#again(() =>
            s3.send(new UploadPartCommand({ ...key, UploadId, PartNumber, Body, ChecksumAlgorithm: "CRC32" }), { abortSignal: this.stop.signal }),
          );
          parts.push({ PartNumber, ETag, ChecksumCRC32 });
          item.sent += Body.length;
          this.tell();
        }),
      );
      parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
      await s3.send(new CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts: parts } }), { abortSignal: this.stop.signal });
    } catch (error) {
      // What was sent would lie there unseen. That it cannot be removed is not what the person has to hear of.
      await s3.send(new AbortMultipartUploadCommand({ ...key, UploadId })).catch(() => undefined);
      throw error;
    }
  }

  /** A broken connection ends nothing; an answer does. */
  async #again<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await request();
      } catch (error) {
        const answered = error instanceof Error && "$metadata" in error && (error.$metadata as { httpStatusCode?: number }).httpStatusCode !== undefined;
        if (answered || this.canceled || tries === TRIES) throw error;
      }
    }
  }
}

/** So many may be at something at one time; the others wait. */
class Slots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async taken<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** The files that were dropped, those in folders with their paths. To be called while the event is handled: later they are gone. */
export function dropped(transfer: DataTransfer): Promise<Chosen[]> {
  const all: Chosen[] = [];
  const roots: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    const entry = item.webkitGetAsEntry();
    // What another program drags may be a file without a place in a file system.
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) roots.push(entry);
    else if (file !== null) all.push({ file, path: file.name });
  }
  return (async () => {
    for (const root of roots) await collect(root, all);
    return all;
  })();
}

async function collect(entry: FileSystemEntry, into: Chosen[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.push({ file, path });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A directory is read a hundred entries at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await collect(child, into);
  }
}

export function picked(files: FileList | null): Chosen[] {
  return [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath }));
}
