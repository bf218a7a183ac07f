// The pages that edit one thing of an object. Tags are put; what else is changed, is changed by copying the object onto itself.
import { CopyObjectCommand, DeleteObjectTaggingCommand, PutObjectTaggingCommand, type StorageClass } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import RadioGroup from "@cloudscape-design/components/radio-group";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { type ReactNode, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { writtenTags } from "../../../aws/tags";
import { FormPage } from "../../../components/FormPage";
import { ReadFailed } from "../../../components/ReadFailed";
import { Lost } from "../../../app/Lost";
import { EncryptionChoice, headersOf, SSE_S3 } from "../encryption";
import { crumbsOf, s3Of } from "../read";
import { sourceOf } from "./copies";
import { headersOfMetadata, MetadataEditor, rowsOf, wrongMetadata } from "./MetadataEditor";
import { nameOf, objectHref, STORAGE_CLASSES } from "./read";
import { type ObjectName, useHead, useObjectTags } from "./readObject";

const TITLES: Record<string, string> = {
  "storage-class": "Edit storage class", encryption: "Edit server-side encryption", metadata: "Edit metadata", tags: "Edit tags",
};

export default function EditObject() {
  const { bucket = "", what = "" } = useParams();
  const [asked] = useSearchParams();
  const versionId = asked.get("versionId") ?? undefined;
  const name = { bucket, key: asked.get("key") ?? "", ...(versionId !== undefined && { versionId }) };
  const head = useHead(name);
  const tags = useObjectTags(name);
  if (TITLES[what] === undefined) return <Lost />;
  if (what === "tags") {
    if (tags.data === undefined) return <ReadFailed error={tags.error} what="tags" />;
    return <EditTags name={name} before={tags.data} />;
  }
  if (head.data === undefined) return <ReadFailed error={head.error} what="object" />;
  const common = { name, before: head.data, what };
  if (what === "storage-class") return <EditStorageClass {...common} />;
  if (what === "encryption") return <EditEncryption {...common} />;
  return <EditMetadata {...common} />;
}

type Head = NonNullable<ReturnType<typeof useHead>["data"]>;
type Changes = Omit<ConstructorParameters<typeof CopyObjectCommand>[0], "Bucket" | "Key" | "CopySource">;

function Form({ name, what, save, disabled = false, children }: { name: ObjectName; what: string; save: () => Promise<unknown>; disabled?: boolean; children: ReactNode }) {
  const navigate = useNavigate();
  const back = () => void navigate(objectHref(name.bucket, name.key, name.versionId));
  const title = TITLES[what] ?? "Edit";
  const action = useAct({ what: title, run: save, done: () => `Successfully edited ${title.slice(5)} of ${nameOf(name.key)}.`, after: back, quiet: true });
  return (
    <FormPage
      title={title}
      crumbs={crumbsOf(name.bucket, { text: nameOf(name.key), href: objectHref(name.bucket, name.key) }, { text: title, href: objectHref(name.bucket, name.key) })}
      action="Save changes"
      busy={action.isPending}
      error={action.error}
      disabled={disabled}
      onSubmit={() => action.mutate(undefined)}
      onCancel={back}
    >
      {what !== "tags" && <Alert type="info">This action copies the object onto itself, with the new settings and a new last-modified date. In a bucket with versions, it makes a new version.</Alert>}
      <Container>{children}</Container>
    </FormPage>
  );
}

/** Copies an object onto itself. What is not said stays as it was. */
async function rewrite({ bucket, key }: ObjectName, before: Head, changes: Partial<Changes>): Promise<unknown> {
  const kept = {
    StorageClass: before.StorageClass,
    ...(before.ServerSideEncryption !== undefined && {
      ServerSideEncryption: before.ServerSideEncryption,
      ...(before.ServerSideEncryption === "aws:kms" && { SSEKMSKeyId: before.SSEKMSKeyId, BucketKeyEnabled: before.BucketKeyEnabled }),
    }),
  };
  const encrypts = changes.ServerSideEncryption !== undefined;
  return (await s3Of(bucket)).send(new CopyObjectCommand({
    Bucket: bucket, Key: key, CopySource: sourceOf({ bucket, key }), ...(encrypts ? { StorageClass: before.StorageClass } : kept), ...changes,
  }));
}

function EditStorageClass({ name, before, what }: { name: ObjectName; before: Head; what: string }) {
  const [value, setValue] = useState<string>(before.StorageClass ?? "STANDARD");
  return (
    <Form name={name} what={what} save={() => rewrite(name, before, { StorageClass: value as StorageClass })}>
      <RadioGroup ariaLabel="Storage class" value={value} onChange={({ detail }) => setValue(detail.value)}
        items={STORAGE_CLASSES.map(([id, label, description]) => ({ value: id, label, description }))} />
    </Form>
  );
}

function EditEncryption({ name, before, what }: { name: ObjectName; before: Head; what: string }) {
  const kms = before.ServerSideEncryption === "aws:kms";
  const [value, setValue] = useState(kms ? { type: "aws:kms" as const, key: before.SSEKMSKeyId ?? "", bucketKey: before.BucketKeyEnabled === true } : SSE_S3);
  return (
    <Form name={name} what={what} save={() => rewrite(name, before, headersOf(value))}>
      <EncryptionChoice value={value} onChange={setValue} withBucketKey={value.type === "aws:kms"} />
    </Form>
  );
}

function EditMetadata({ name, before, what }: { name: ObjectName; before: Head; what: string }) {
  const [rows, setRows] = useState(rowsOf(before));
  return (
    <Form name={name} what={what} disabled={wrongMetadata(rows) !== undefined}
      save={() => rewrite(name, before, { ...headersOfMetadata(rows), MetadataDirective: "REPLACE" })}>
      <MetadataEditor value={rows} onChange={setRows} />
    </Form>
  );
}

function EditTags({ name, before }: { name: ObjectName; before: readonly { key: string; value: string }[] }) {
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>(before.map((tag) => ({ ...tag, existing: true })));
  const [valid, setValid] = useState(true);
  const save = async () => {
    const kept = tags.filter((tag) => tag.markedForRemoval !== true);
    const target = { Bucket: name.bucket, Key: name.key, VersionId: name.versionId };
    const s3 = await s3Of(name.bucket);
    if (kept.length === 0) return s3.send(new DeleteObjectTaggingCommand(target));
    return s3.send(new PutObjectTaggingCommand({ ...target, Tagging: { TagSet: writtenTags(kept) } }));
  };
  return (
    <Form name={name} what="tags" save={save} disabled={!valid}>
      <TagEditor tags={tags} tagLimit={10} onChange={({ detail }) => { setTags(detail.tags); setValid(detail.valid); }} />
    </Form>
  );
}
