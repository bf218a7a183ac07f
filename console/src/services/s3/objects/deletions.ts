// Deleting many objects, a thousand a request.
import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { s3Of } from "../read";
import { Progress } from "./progress";
import type { Entry } from "./read";

const PER_REQUEST = 1000;

export class Deletions extends Progress {
  constructor(readonly bucket: string, readonly what: () => AsyncGenerator<Entry[]>) {
    super();
  }

  async run(): Promise<void> {
    try {
      const s3 = await s3Of(this.bucket);
      for await (const entries of this.what()) {
        for (let at = 0; at < entries.length && !this.canceled; at += PER_REQUEST) {
          const some = entries.slice(at, at + PER_REQUEST);
          const sizes = new Map(some.map((entry) => [idOf(entry.key, entry.versionId), entry.size ?? 0]));
          const answer = await s3.send(
            new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Quiet: true, Objects: some.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })) } }),
            { abortSignal: this.stop.signal },
          );
          for (const { Key = "", VersionId, Code = "Error", Message = "" } of answer.Errors ?? []) {
            const error = new Error(Message);
            error.name = Code;
            const id = idOf(Key, VersionId);
            this.fail(VersionId === undefined ? Key : `${Key} (${VersionId})`, error, sizes.get(id) ?? 0);
            sizes.delete(id);
          }
          this.succeed([...sizes.values()].reduce((sum, size) => sum + size, 0), sizes.size);
        }
        if (this.canceled) break;
      }
    } catch (error) {
      if (!this.canceled) this.fail(`s3://${this.bucket}`, error);
    }
    this.finish();
  }
}

function idOf(key: string, version: string | undefined): string {
  return `${key}\n${version ?? ""}`;
}
