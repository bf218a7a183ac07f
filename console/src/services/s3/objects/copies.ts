// Copying and moving objects within S3; what is large goes in parts, since one request copies at most 5 GB.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { readTags } from "../../../aws/tags";
import { atOnce, s3Of } from "../read";
import { taggingOf } from "./ObjectSettings";
import { Progress } from "./progress";
import { type Entry, folderOf, within } from "./read";

const LARGEST = 5 * 1024 ** 3;
const PART = 512 * 1024 ** 2;

type Changes = Partial<Pick<CopyObjectCommandInput, "StorageClass" | "ServerSideEncryption" | "SSEKMSKeyId" | "BucketKeyEnabled">>;

export interface Place {
  bucket: string;
  key: string;
  versionId?: string;
}

/** Copies an object as it is, but for the changes. */
export async function copy(s3: S3Client, from: Place, to: Place, size: number, changes: Changes): Promise<void> {
  const CopySource = sourceOf(from);
  const target = { Bucket: to.bucket, Key: to.key, ...changes };
  if (size <= LARGEST) {
    await s3.send(new CopyObjectCommand({ ...target, CopySource }));
    return;
  }
  // An upload in parts begins with nothing: what the object is like has to be told to it.
  const source = await s3Of(from.bucket);
  const named = { Bucket: from.bucket, Key: from.key, VersionId: from.versionId };
  const [head, tagged] = await Promise.all([source.send(new HeadObjectCommand(named)), source.send(new GetObjectTaggingCommand(named))]);
  const tags = readTags(tagged.TagSet);
  const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, WebsiteRedirectLocation, Metadata, StorageClass } = head;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({
    ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, WebsiteRedirectLocation, Metadata, StorageClass,
    ...(tags.length > 0 && { Tagging: taggingOf(tags) }), ...target,
  }));
  const upload = { Bucket: to.bucket, Key: to.key, UploadId };
  try {
    const parts: CompletedPart[] = [];
    const numbers = Array.from({ length: Math.ceil(size / PART) }, (_, at) => at + 1);
    await atOnce(numbers, 4, async (PartNumber) => {
      const CopySourceRange = `bytes=${(PartNumber - 1) * PART}-${Math.min(PartNumber * PART, size) - 1}`;
      const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({ ...upload, PartNumber, CopySource, CopySourceRange }));
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    });
    parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

export function sourceOf({ bucket, key, versionId }: Place): string {
  const path = `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

export class Copies extends Progress {
  constructor(
    readonly bucket: string,
    readonly entries: readonly Entry[],
    readonly versions: boolean,
    readonly to: { bucket: string; prefix: string },
    readonly changes: Changes,
    /** Whether the originals are deleted. */
    readonly moves: boolean,
  ) {
    super();
  }

  async run(): Promise<void> {
    try {
      const [source, target] = await Promise.all([s3Of(this.bucket), s3Of(this.to.bucket)]);
      for (const entry of this.entries) {
        // A folder keeps its name: `a/b/` copied into `c/` makes `c/b/`.
        const base = folderOf(entry.key);
        for await (const some of within(this.bucket, [entry], false)) {
          await atOnce(some, 4, (object) => this.#one(source, target, object, base));
        }
      }
    } catch (error) {
      if (!this.canceled) this.fail(`s3://${this.bucket}`, error);
    }
    this.finish();
  }

  async #one(source: S3Client, target: S3Client, { key, versionId, size = 0 }: Entry, base: string): Promise<void> {
    if (this.canceled) return;
    const from = { bucket: this.bucket, key, ...(this.versions && { versionId }) };
    const to = { bucket: this.to.bucket, key: this.to.prefix + key.slice(base.length) };
    try {
      await copy(target, from, to, size, this.changes);
      if (this.moves) await source.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
      this.succeed(size);
    } catch (error) {
      this.fail(key, error, size);
    }
  }
}
