// What new objects are given: storage class, encryption, tags, metadata and, where lists are in use, an ACL.
import { GetBucketOwnershipControlsCommand, type ObjectCannedACL, type StorageClass } from "@aws-sdk/client-s3";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { type Encryption, EncryptionChoice, headersOf, SSE_S3 } from "../encryption";
import { useOfBucket } from "../read";
import { headersOfMetadata, MetadataEditor, type MetadataRow, wrongMetadata } from "./MetadataEditor";
import { STORAGE_CLASSES, storageClassName } from "./read";
import type { Settings } from "./uploads";

export interface Chosen {
  storageClass: string;
  /** Undefined: the bucket's default. */
  encryption?: Encryption;
  tags: readonly TagEditorProps.Tag[];
  tagsValid: boolean;
  metadata: readonly MetadataRow[];
  acl: string;
}

export const NO_SETTINGS: Chosen = { storageClass: "STANDARD", tags: [], tagsValid: true, metadata: [], acl: "" };

const ACLS = [
  { value: "", label: "None: the bucket decides" },
  { value: "private", label: "Private" },
  { value: "public-read", label: "Grant public-read access" },
  { value: "bucket-owner-full-control", label: "Grant the bucket's owner full control" },
  { value: "authenticated-read", label: "Grant read access to anyone with an AWS account" },
];

export function ObjectSettings({ bucket, value, onChange }: { bucket: string; value: Chosen; onChange: (value: Chosen) => void }) {
  const set = (part: Partial<Chosen>) => onChange({ ...value, ...part });
  const ownership = useOfBucket(bucket, "ownership", async (s3) => {
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? null;
  }, ["OwnershipControlsNotFoundError"]);
  const lists = ownership.data !== undefined && ownership.data !== "BucketOwnerEnforced";
  return (
    <SpaceBetween size="l">
      {lists && (
        <ExpandableSection variant="container" headerText="Permissions" headerDescription="Grant public access and access to other AWS accounts.">
          <FormField label="Access control list (ACL)">
            <Select
              selectedOption={ACLS.find((acl) => acl.value === value.acl) ?? null}
              options={ACLS}
              onChange={({ detail }) => set({ acl: detail.selectedOption.value ?? "" })}
            />
          </FormField>
        </ExpandableSection>
      )}
      <ExpandableSection variant="container" headerText="Properties" headerDescription="Specify storage class, encryption settings, tags, and more.">
        <SpaceBetween size="l">
          <Container header={<Header variant="h3">Storage class</Header>}>
            <FormField label="Storage class">
              <Select
                selectedOption={{ value: value.storageClass, label: storageClassName(value.storageClass) }}
                options={STORAGE_CLASSES.map(([id, label, description]) => ({ value: id, label, description }))}
                onChange={({ detail }) => set({ storageClass: detail.selectedOption.value ?? "STANDARD" })}
              />
            </FormField>
          </Container>
          <Container header={<Header variant="h3">Server-side encryption</Header>}>
            <SpaceBetween size="l">
              <FormField label="Server-side encryption">
                <RadioGroup
                  ariaLabel="Server-side encryption"
                  value={value.encryption === undefined ? "default" : "specify"}
                  onChange={({ detail }) => set({ encryption: detail.value === "specify" ? SSE_S3 : undefined })}
                  items={[
                    { value: "default", label: "Don't specify an encryption key", description: "The bucket settings for default encryption are used to encrypt objects when storing them in Amazon S3." },
                    { value: "specify", label: "Specify an encryption key", description: "The specified encryption key is used to encrypt objects before storing them in Amazon S3." },
                  ]}
                />
              </FormField>
              {value.encryption !== undefined && (
                <EncryptionChoice value={value.encryption} onChange={(encryption) => set({ encryption })} withBucketKey={value.encryption.type === "aws:kms"} />
              )}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h3" description="You can use object tags to analyze, manage and specify permissions for objects.">Tags</Header>}>
            <TagEditor tags={value.tags} tagLimit={10} onChange={({ detail }) => set({ tags: detail.tags, tagsValid: detail.valid })} />
          </Container>
          <Container header={<Header variant="h3" description="Metadata is optional information provided as a name-value (key-value) pair.">Metadata</Header>}>
            <MetadataEditor value={value.metadata} onChange={(metadata) => set({ metadata })} />
          </Container>
        </SpaceBetween>
      </ExpandableSection>
    </SpaceBetween>
  );
}

export function wrongSettings({ tagsValid, metadata }: Chosen): string | undefined {
  return tagsValid ? wrongMetadata(metadata) : "The tags are not valid.";
}

export function settingsOf({ storageClass, encryption, tags, metadata, acl }: Chosen): Settings {
  return {
    ...(storageClass !== "STANDARD" && { StorageClass: storageClass as StorageClass }),
    ...(encryption !== undefined && headersOf(encryption)),
    ...(tags.length > 0 && { Tagging: taggingOf(tags) }),
    ...(acl !== "" && { ACL: acl as ObjectCannedACL }),
    ...headersOfMetadata(metadata),
  };
}

/** Tags as a header has them. */
export function taggingOf(tags: readonly { key: string; value: string }[]): string {
  return tags.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&");
}
