import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from "@aws-sdk/client-s3";
import { readTags, writtenTags } from "../../../aws/tags";
import { useOfBucket } from "../read";

export function useLifecycle(bucket: string) {
  return useOfBucket(bucket, "lifecycle", async (s3) => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules ?? [], ["NoSuchLifecycleConfiguration"]);
}

export interface Scope {
  prefix: string;
  tags: { key: string; value: string }[];
  larger: string;
  smaller: string;
}

export function scopeOf(rule: LifecycleRule): Scope {
  const filter = rule.Filter;
  const tags = filter?.And?.Tags ?? (filter?.Tag === undefined ? [] : [filter.Tag]);
  const larger = filter?.And?.ObjectSizeGreaterThan ?? filter?.ObjectSizeGreaterThan;
  const smaller = filter?.And?.ObjectSizeLessThan ?? filter?.ObjectSizeLessThan;
  return {
    prefix: filter?.And?.Prefix ?? filter?.Prefix ?? rule.Prefix ?? "",
    tags: readTags(tags),
    larger: larger === undefined ? "" : String(larger),
    smaller: smaller === undefined ? "" : String(smaller),
  };
}

/** As S3 takes it: one condition stands alone, several stand in an And. */
export function filterOf({ prefix, tags, larger, smaller }: Scope): NonNullable<LifecycleRule["Filter"]> {
  const size = {
    ...(larger !== "" && { ObjectSizeGreaterThan: Number(larger) }),
    ...(smaller !== "" && { ObjectSizeLessThan: Number(smaller) }),
  };
  const Tags = writtenTags(tags);
  const conditions = Object.keys(size).length + Tags.length + (prefix === "" ? 0 : 1);
  if (conditions > 1) return { And: { ...(prefix !== "" && { Prefix: prefix }), ...(Tags.length > 0 && { Tags }), ...size } };
  const [Tag] = Tags;
  if (Tag !== undefined) return { Tag };
  return Object.keys(size).length > 0 ? size : { Prefix: prefix };
}

export function scopeText(rule: LifecycleRule): string {
  const { prefix, tags, larger, smaller } = scopeOf(rule);
  const parts = [
    ...(prefix === "" ? [] : [`prefix ${prefix}`]),
    ...tags.map(({ key, value }) => `tag ${key}=${value}`),
    ...(larger === "" ? [] : [`more than ${larger} bytes`]),
    ...(smaller === "" ? [] : [`less than ${smaller} bytes`]),
  ];
  return parts.length === 0 ? "Entire bucket" : `Filtered: ${parts.join(", ")}`;
}

export function actionsText(rule: LifecycleRule): string {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return [
    ...(Expiration?.Days === undefined ? [] : [`Expire current versions after ${Expiration.Days} days`]),
    ...(Expiration?.Date === undefined ? [] : [`Expire current versions on ${Expiration.Date.toISOString().slice(0, 10)}`]),
    ...(Expiration?.ExpiredObjectDeleteMarker === true ? ["Delete expired object delete markers"] : []),
    ...(NoncurrentVersionExpiration === undefined ? [] : [`Permanently delete noncurrent versions after ${NoncurrentVersionExpiration.NoncurrentDays ?? 0} days`]),
    ...(AbortIncompleteMultipartUpload === undefined ? [] : [`Delete incomplete multipart uploads after ${AbortIncompleteMultipartUpload.DaysAfterInitiation ?? 0} days`]),
  ].join("; ");
}
