import {
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  type ObjectOwnership,
} from "@aws-sdk/client-s3";
import { useOfBucket } from "../read";
import { type Block, NONE_BLOCKED } from "./BlockPublicAccessChoice";

export function useBlock(bucket: string) {
  return useOfBucket(bucket, "block", async (s3): Promise<Block> => {
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));
    return { ...NONE_BLOCKED, ...PublicAccessBlockConfiguration } as Block;
  }, ["NoSuchPublicAccessBlockConfiguration"]);
}

export function usePolicy(bucket: string) {
  return useOfBucket(bucket, "policy", async (s3) => (await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy ?? "", ["NoSuchBucketPolicy"]);
}

/** A bucket without ownership controls is as buckets were before there were any: the writer owns. */
export function useOwnership(bucket: string) {
  return useOfBucket(bucket, "ownership-of", async (s3): Promise<ObjectOwnership> => {
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? "ObjectWriter";
  }, ["OwnershipControlsNotFoundError"]);
}

export function useAcl(bucket: string) {
  return useOfBucket(bucket, "acl", (s3) => s3.send(new GetBucketAclCommand({ Bucket: bucket })));
}
