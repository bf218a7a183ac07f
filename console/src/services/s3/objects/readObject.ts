// What the page of one object reads.
import { GetObjectTaggingCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { useRead } from "../../../aws/queries";
import { readTags } from "../../../aws/tags";
import { FOLLOWS_OBJECTS, s3Of } from "../read";

export interface ObjectName {
  bucket: string;
  key: string;
  versionId?: string;
}

export function useHead({ bucket, key, versionId }: ObjectName) {
  return useRead({
    key: ["s3", "object", bucket, key, versionId, "head"],
    follows: FOLLOWS_OBJECTS,
    read: async () => (await s3Of(bucket)).send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, ChecksumMode: "ENABLED" })),
  });
}

export function useObjectTags({ bucket, key, versionId }: ObjectName) {
  return useRead({
    key: ["s3", "object", bucket, key, versionId, "tags"],
    follows: FOLLOWS_OBJECTS,
    read: async () => {
      const { TagSet } = await (await s3Of(bucket)).send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
      return readTags(TagSet);
    },
  });
}

/** The address of the page that edits one thing of an object. */
export function editHref({ bucket, key, versionId }: ObjectName, what: string): string {
  const version = versionId === undefined ? "" : `&versionId=${encodeURIComponent(versionId)}`;
  return `/s3/buckets/${bucket}/object/edit/${what}?key=${encodeURIComponent(key)}${version}`;
}
