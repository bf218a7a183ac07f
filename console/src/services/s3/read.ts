// What pages of S3 read of buckets.
import {
  GetBucketLocationCommand,
  ListBucketsCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { clientOf } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import type { Crumb } from "../../app/breadcrumbs";
import type { Found } from "../../app/service";
import { currentSession, onSession } from "../../session/session";

export interface BucketView {
  name: string;
  region: string;
  created?: Date;
}

export const FOLLOWS = ["AWS::S3::Bucket", "s3.buckets"];
export const FOLLOWS_OBJECTS = ["s3.objects", "s3.noncurrent-versions", "s3.buckets"];

/** As the SDK's, but it goes to the bucket's region where that turns out to be another one. */
class RegionalClient extends S3Client {
  constructor(settings: S3ClientConfig) {
    super({ ...settings, followRegionRedirects: true });
  }
}

const clients = new Map<string, S3Client>();
const regions = new Map<string, Promise<string>>();
onSession(() => {
  clients.clear();
  regions.clear();
});

function clientIn(region: string): S3Client {
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const made = clients.get(region) ?? clientOf(RegionalClient, { credentials: session.credentials, region });
  clients.set(region, made);
  return made;
}

/** The client for what is done in no bucket, or with a bucket in a region that is known. */
export function s3(region?: string): S3Client {
  return clientIn(region ?? currentSession()?.region ?? "us-east-1");
}

/** The client of the region that a bucket lives in: S3 answers there only. */
export async function s3Of(bucket: string): Promise<S3Client> {
  return s3(await regionOf(bucket));
}

export function regionOf(bucket: string): Promise<string> {
  const known = regions.get(bucket);
  if (known !== undefined) return known;
  const asked = s3()
    .send(new GetBucketLocationCommand({ Bucket: bucket }))
    .then(({ LocationConstraint }) => regionNamed(LocationConstraint))
    // Who may not ask where it is may still be allowed to use it; the client follows S3's redirect.
    .catch(() => {
      regions.delete(bucket);
      return currentSession()?.region ?? "us-east-1";
    });
  regions.set(bucket, asked);
  return asked;
}

function regionNamed(constraint: string | undefined): string {
  if (constraint === undefined || constraint === "") return "us-east-1";
  return constraint === "EU" ? "eu-west-1" : constraint;
}

export function useBuckets() {
  return useRead({ key: ["s3", "buckets"], follows: FOLLOWS, read: listBuckets });
}

export async function listBuckets(): Promise<BucketView[]> {
  // Asked in pages, for only then does S3 name the regions.
  const buckets = await every(
    (ContinuationToken) => s3().send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 })),
    (answer) => [answer.Buckets, answer.ContinuationToken],
  );
  return buckets.map(({ Name = "", BucketRegion, CreationDate }) => ({
    name: Name, region: BucketRegion ?? "", ...(CreationDate !== undefined && { created: CreationDate }),
  }));
}

export function useRegionOf(bucket: string) {
  return useRead({ key: ["s3", "region", bucket], read: () => regionOf(bucket) });
}

export async function found(): Promise<Found[]> {
  return (await listBuckets()).map(({ name }) => ({ label: name, href: `/s3/buckets/${name}`, kind: "S3 bucket" }));
}

/** Reads one thing of a bucket; undefined where S3 says that there is none, by one of these codes. */
export function useOfBucket<T>(bucket: string, what: string, read: (s3: S3Client) => Promise<T>, none: readonly string[] = []) {
  return useRead<T | null>({
    key: ["s3", "bucket", bucket, what],
    follows: FOLLOWS,
    read: async () => orNone(read(await s3Of(bucket)), none),
  });
}

/** Null in place of an error whose code is one of these. */
export async function orNone<T>(promise: Promise<T>, none: readonly string[]): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && none.includes(error.name)) return null;
    throw error;
  }
}

/** The way to a page of a bucket. */
export function crumbsOf(bucket: string, ...more: readonly Crumb[]): Crumb[] {
  return [
    { text: "Amazon S3", href: "/s3" },
    { text: "Buckets", href: "/s3/buckets" },
    { text: bucket, href: `/s3/buckets/${bucket}` },
    ...more,
  ];
}

/** Runs `each` over the items, a few at a time, in their order. */
export async function atOnce<T>(items: readonly T[], most: number, each: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (;;) {
      const item = items[next];
      next += 1;
      if (item === undefined) return;
      await each(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
