import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  type ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import { notify } from "../../app/notifications";
import { REGIONS } from "../../app/regions";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { FormPage } from "../../components/FormPage";
import { useSession } from "../../session/session";
import { type Encryption, EncryptionChoice, ruleOf, SSE_S3 } from "./encryption";
import { ALL_BLOCKED, type Block, blocksAll, BlockPublicAccessChoice } from "./permissions/BlockPublicAccessChoice";
import { OwnershipChoice } from "./permissions/OwnershipChoice";
import { s3 } from "./read";

interface Wanted {
  name: string;
  region: string;
  ownership: ObjectOwnership;
  block: Block;
  versioning: boolean;
  tags: readonly TagEditorProps.Tag[];
  /** Undefined as long as nobody has touched it: the bucket then gets what this account's new buckets get. */
  encryption?: Encryption;
}

export default function CreateBucket() {
  const navigate = useNavigate();
  const session = useSession();
  const [wanted, setWanted] = useState<Wanted>({
    name: "", region: session.region, ownership: "BucketOwnerEnforced", block: ALL_BLOCKED, versioning: false, tags: [],
  });
  const [acknowledged, setAcknowledged] = useState(false);
  const [tagsValid, setTagsValid] = useState(true);
  const set = (part: Partial<Wanted>) => setWanted({ ...wanted, ...part });
  const wrong = wrongName(wanted.name);
  const create = useAct({
    what: "Create bucket",
    run: () => createBucket(wanted),
    after: (failed) => {
      if (failed.length === 0) notify({ type: "success", content: `Successfully created bucket "${wanted.name}"` });
      for (const { setting, error } of failed) {
        const { code, message } = failureOf(error);
        notify({ type: "error", header: `Bucket "${wanted.name}" was created, but ${setting} could not be set: ${code}`, content: message });
      }
      void navigate("/s3/buckets");
    },
    quiet: true,
  });
  return (
    <FormPage
      title="Create bucket"
      description="Buckets are containers for data stored in S3."
      crumbs={[{ text: "Amazon S3", href: "/s3" }, { text: "Buckets", href: "/s3/buckets" }, { text: "Create bucket", href: "/s3/create-bucket" }]}
      action="Create bucket"
      busy={create.isPending}
      error={create.error}
      disabled={wanted.name === "" || wrong !== undefined || !tagsValid || (!blocksAll(wanted.block) && !acknowledged)}
      onSubmit={() => create.mutate(undefined)}
      onCancel={() => void navigate("/s3/buckets")}
    >
      <Section title="General configuration">
        <FormField label="AWS Region">
          <Select
            selectedOption={{ value: wanted.region, label: `${REGIONS.find(([id]) => id === wanted.region)?.[1] ?? ""} ${wanted.region}` }}
            options={REGIONS.map(([id, name]) => ({ value: id, label: `${name} ${id}` }))}
            onChange={({ detail }) => set({ region: detail.selectedOption.value ?? wanted.region })}
          />
        </FormField>
        <FormField
          label="Bucket name"
          constraintText="Bucket names must be 3 to 63 characters and unique within the global namespace. They begin and end with a letter or number. Valid characters are a-z, 0-9, periods (.), and hyphens (-)."
          {...(wanted.name !== "" && wrong !== undefined && { errorText: wrong })}
        >
          <Input value={wanted.name} placeholder="myawsbucket" onChange={({ detail }) => set({ name: detail.value })} autoFocus />
        </FormField>
      </Section>
      <Section title="Object Ownership" description="Control ownership of objects written to this bucket from other AWS accounts and the use of access control lists (ACLs).">
        <OwnershipChoice value={wanted.ownership} onChange={(ownership) => set({ ownership })} />
      </Section>
      <Section title="Block Public Access settings for this bucket" description="Public access is granted to buckets and objects through access control lists (ACLs), bucket policies, or both.">
        <BlockPublicAccessChoice value={wanted.block} onChange={(block) => set({ block })} acknowledged={acknowledged} onAcknowledge={setAcknowledged} />
      </Section>
      <Section title="Bucket Versioning" description="Versioning keeps multiple variants of an object in the same bucket.">
        <FormField label="Bucket Versioning">
          <RadioGroup
            ariaLabel="Bucket Versioning"
            value={wanted.versioning ? "enable" : "disable"}
            onChange={({ detail }) => set({ versioning: detail.value === "enable" })}
            items={[{ value: "disable", label: "Disable" }, { value: "enable", label: "Enable" }]}
          />
        </FormField>
      </Section>
      <Section title="Tags - optional" description="You can use bucket tags to track costs and organize buckets.">
        <TagEditor tags={wanted.tags} tagLimit={50} onChange={({ detail }) => { set({ tags: detail.tags }); setTagsValid(detail.valid); }} />
      </Section>
      <Section title="Default encryption" description="Server-side encryption is automatically applied to new objects stored in this bucket.">
        <EncryptionChoice value={wanted.encryption ?? SSE_S3} onChange={(encryption) => set({ encryption })} />
      </Section>
    </FormPage>
  );
}

function Section({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <Container header={<Header variant="h2" description={description}>{title}</Header>}>
      <SpaceBetween size="l">{children}</SpaceBetween>
    </Container>
  );
}

function wrongName(name: string): string | undefined {
  if (/[A-Z]/.test(name)) return "Bucket name must not contain uppercase characters";
  if (name.length < 3 || name.length > 63) return "Bucket name must be between 3 and 63 characters long";
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name)) return "Bucket name must begin and end with a letter or number, and have no characters but a-z, 0-9, periods and hyphens";
  return undefined;
}

/** Makes the bucket, then its settings, as the console of AWS does; answers with the settings that failed. */
async function createBucket(wanted: Wanted): Promise<{ setting: string; error: unknown }[]> {
  const Bucket = wanted.name;
  const there = s3(wanted.region);
  await there.send(new CreateBucketCommand({
    Bucket,
    ObjectOwnership: wanted.ownership,
    ...(wanted.region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: wanted.region as BucketLocationConstraint } }),
  }));
  const failed: { setting: string; error: unknown }[] = [];
  const then = async (setting: string, done: () => Promise<unknown>) => {
    try {
      await done();
    } catch (error) {
      failed.push({ setting, error });
    }
  };
  if (!blocksAll(wanted.block)) {
    await then("Block Public Access", () => there.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: wanted.block })));
  }
  if (wanted.versioning) {
    await then("Bucket Versioning", () => there.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })));
  }
  if (wanted.tags.length > 0) {
    const TagSet = writtenTags(wanted.tags);
    await then("tags", () => there.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })));
  }
  const encryption = wanted.encryption;
  if (encryption !== undefined) {
    const rule = ruleOf(encryption);
    await then("Default encryption", () => there.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } })));
  }
  return failed;
}
