// What pages of S3 read of objects.
import { GetBucketVersioningCommand, ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { useRead } from "../../../aws/queries";
import { FOLLOWS_OBJECTS, s3Of, useOfBucket } from "../read";

/** One line of a bucket's list: a folder, an object, a version of one, or a delete marker. */
export interface Entry {
  kind: "folder" | "object" | "marker";
  key: string;
  versionId?: string;
  latest?: boolean;
  modified?: Date;
  size?: number;
  storageClass?: string;
}

export interface Listing {
  entries: Entry[];
  /** Whether there are more than were asked for. */
  more: boolean;
}

const PER_REQUEST = 1000;

/** The list of a folder: so many requests' worth of what begins with `prefix`, folders first. */
export function useListing(bucket: string, prefix: string, versions: boolean, requests: number) {
  return useRead({
    key: ["s3", "objects", bucket, prefix, versions, requests],
    follows: FOLLOWS_OBJECTS,
    read: () => list(bucket, prefix, { versions, delimiter: "/", requests }),
  });
}

export async function list(
  bucket: string,
  prefix: string,
  { versions, delimiter, requests }: { versions: boolean; delimiter?: string; requests: number },
): Promise<Listing> {
  const entries: Entry[] = [];
  let more = false;
  let left = requests;
  for await (const page of pages(bucket, prefix, { versions, delimiter })) {
    left -= 1;
    entries.push(...page.entries);
    more = page.more;
    if (left <= 0) break;
  }
  const folders = entries.filter(({ kind }) => kind === "folder");
  return { entries: [...folders, ...entries.filter(({ kind }) => kind !== "folder")], more };
}

/** Everything that begins with `prefix`, request by request. */
export async function* pages(
  bucket: string,
  prefix: string,
  { versions, delimiter }: { versions: boolean; delimiter?: string },
): AsyncGenerator<Listing> {
  const s3 = await s3Of(bucket);
  const asked = { Bucket: bucket, Prefix: prefix, MaxKeys: PER_REQUEST, ...(delimiter !== undefined && { Delimiter: delimiter }) };
  if (versions) {
    let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await s3.send(new ListObjectVersionsCommand({ ...asked, ...from }));
      const version = (kind: Entry["kind"]) => (it: { Key?: string; VersionId?: string; IsLatest?: boolean; LastModified?: Date; Size?: number; StorageClass?: string }): Entry => ({
        kind, key: it.Key ?? "", versionId: it.VersionId, latest: it.IsLatest, modified: it.LastModified, size: it.Size, storageClass: it.StorageClass,
      });
      const entries = [
        ...(page.CommonPrefixes ?? []).map(({ Prefix = "" }): Entry => ({ kind: "folder", key: Prefix })),
        ...[...(page.Versions ?? []).map(version("object")), ...(page.DeleteMarkers ?? []).map(version("marker"))].sort(
          (a, b) => (a.key === b.key ? (b.modified?.getTime() ?? 0) - (a.modified?.getTime() ?? 0) : a.key < b.key ? -1 : 1),
        ),
      ];
      const more = page.IsTruncated === true;
      yield { entries, more };
      if (!more) return;
      from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
  }
  let token: string | undefined;
  for (;;) {
    const page = await s3.send(new ListObjectsV2Command({ ...asked, ContinuationToken: token }));
    const entries = [
      ...(page.CommonPrefixes ?? []).map(({ Prefix = "" }): Entry => ({ kind: "folder", key: Prefix })),
      ...(page.Contents ?? []).map((it): Entry => ({
        kind: "object", key: it.Key ?? "", modified: it.LastModified, size: it.Size, storageClass: it.StorageClass,
      })),
    ];
    const more = page.IsTruncated === true;
    yield { entries, more };
    if (!more) return;
    token = page.NextContinuationToken;
  }
}

/** What deleting, copying or measuring some entries is about: folders are opened. */
export async function* within(bucket: string, entries: readonly Entry[], versions: boolean): AsyncGenerator<Entry[]> {
  const plain = entries.filter(({ kind }) => kind !== "folder");
  if (plain.length > 0) yield plain;
  for (const folder of entries.filter(({ kind }) => kind === "folder")) {
    for await (const page of pages(bucket, folder.key, { versions })) yield page.entries;
  }
}

export function useVersioning(bucket: string) {
  return useOfBucket(bucket, "versioning", async (s3) => (await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status ?? "Disabled");
}

/** The last part of a key: what it is called in its folder. */
export function nameOf(key: string): string {
  const trimmed = key.endsWith("/") ? key.slice(0, -1) : key;
  return trimmed.slice(trimmed.lastIndexOf("/") + 1) + (key.endsWith("/") ? "/" : "");
}

/** The folder that a key is in: `a/b/` for `a/b/c` and `a/b/c/`. */
export function folderOf(key: string): string {
  const trimmed = key.endsWith("/") ? key.slice(0, -1) : key;
  return trimmed.slice(0, trimmed.lastIndexOf("/") + 1);
}

export function objectHref(bucket: string, key: string, versionId?: string): string {
  return `/s3/buckets/${bucket}/object?key=${encodeURIComponent(key)}${versionId === undefined ? "" : `&versionId=${encodeURIComponent(versionId)}`}`;
}

export function folderHref(bucket: string, prefix: string): string {
  return `/s3/buckets/${bucket}${prefix === "" ? "" : `?prefix=${encodeURIComponent(prefix)}`}`;
}

/** `txt` of `a/b.txt`; a dash where there is none. */
export function typeOf(key: string): string {
  const name = nameOf(key);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "–" : name.slice(dot + 1);
}

export const STORAGE_CLASSES: readonly (readonly [string, string, string])[] = [
  ["STANDARD", "Standard", "Frequently accessed data"],
  ["INTELLIGENT_TIERING", "Intelligent-Tiering", "Data with changing or unknown access patterns"],
  ["STANDARD_IA", "Standard-IA", "Infrequently accessed data"],
  ["ONEZONE_IA", "One Zone-IA", "Recreatable, infrequently accessed data in one Availability Zone"],
  ["GLACIER_IR", "Glacier Instant Retrieval", "Long-lived archive data with instant retrieval"],
  ["GLACIER", "Glacier Flexible Retrieval (formerly Glacier)", "Long-lived archive data"],
  ["DEEP_ARCHIVE", "Glacier Deep Archive", "Archive data accessed less than once a year"],
  ["REDUCED_REDUNDANCY", "Reduced redundancy", "Noncritical, frequently accessed data"],
];

export function storageClassName(id: string | undefined): string {
  return STORAGE_CLASSES.find(([known]) => known === (id ?? "STANDARD"))?.[1] ?? id ?? "Standard";
}
