// The choice of server-side encryption, of buckets and of objects.
import type { ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { KmsKey } from "../../components/KmsKey";

export interface Encryption {
  type: "AES256" | "aws:kms";
  /** An ARN, id or alias; "" is `aws/s3`. */
  key: string;
  bucketKey: boolean;
}

export const SSE_S3: Encryption = { type: "AES256", key: "", bucketKey: true };

export function EncryptionChoice({ value, onChange, withBucketKey = true }: {
  value: Encryption;
  onChange: (value: Encryption) => void;
  withBucketKey?: boolean;
}) {
  return (
    <SpaceBetween size="l">
      <FormField label="Encryption type" stretch>
        <RadioGroup
          ariaLabel="Encryption type"
          value={value.type}
          onChange={({ detail }) => onChange({ ...value, type: detail.value === "aws:kms" ? "aws:kms" : "AES256" })}
          items={[
            { value: "AES256", label: encryptionName("AES256"), description: "Amazon S3 key (SSE-S3): Amazon S3 makes, manages and uses the key." },
            { value: "aws:kms", label: encryptionName("aws:kms"), description: "The key is in KMS, its policy binds, and its use is recorded." },
          ]}
        />
      </FormField>
      {value.type === "aws:kms" && <KmsKey value={value.key} onChange={(key) => onChange({ ...value, key })} ownKey="aws/s3" />}
      {withBucketKey && (
        <FormField label="Bucket Key" description="With SSE-KMS, an S3 Bucket Key makes fewer calls to AWS KMS." stretch>
          <RadioGroup
            ariaLabel="Bucket Key"
            value={value.bucketKey ? "enable" : "disable"}
            onChange={({ detail }) => onChange({ ...value, bucketKey: detail.value === "enable" })}
            items={[{ value: "disable", label: "Disable" }, { value: "enable", label: "Enable" }]}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

/** As PutBucketEncryption takes it. */
export function ruleOf({ type, key, bucketKey }: Encryption): ServerSideEncryptionRule {
  return {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: type, ...(type === "aws:kms" && key !== "" && { KMSMasterKeyID: key }) },
    BucketKeyEnabled: bucketKey,
  };
}

export function encryptionOf(rule: ServerSideEncryptionRule | undefined): Encryption {
  const given = rule?.ApplyServerSideEncryptionByDefault;
  return {
    type: given?.SSEAlgorithm === "aws:kms" ? "aws:kms" : "AES256",
    key: given?.KMSMasterKeyID ?? "",
    bucketKey: rule?.BucketKeyEnabled ?? false,
  };
}

/** As requests that write an object take it. */
export function headersOf({ type, key, bucketKey }: Encryption) {
  return {
    ServerSideEncryption: type,
    ...(type === "aws:kms" && { BucketKeyEnabled: bucketKey, ...(key !== "" && { SSEKMSKeyId: key }) }),
  } as const;
}

export function encryptionName(algorithm: string | undefined): string {
  switch (algorithm) {
    case undefined:
      return "No server-side encryption";
    case "AES256":
      return "Server-side encryption with Amazon S3 managed keys (SSE-S3)";
    case "aws:kms":
      return "Server-side encryption with AWS Key Management Service keys (SSE-KMS)";
    default:
      return algorithm;
  }
}
