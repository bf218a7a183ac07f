import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Copyable, Properties } from "../../../components/Properties";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { SettingsBox } from "../../../components/SettingsBox";
import { bytes, when } from "../../../components/time";
import { encryptionName } from "../encryption";
import { useRegionOf } from "../read";
import { regionName } from "../regions";
import { rowsOf } from "./MetadataEditor";
import { urlOf } from "./ObjectActions";
import { storageClassName, typeOf, useVersioning } from "./read";
import { editHref, type ObjectName, useHead, useObjectTags } from "./readObject";

export function ObjectProperties({ name }: { name: ObjectName }) {
  const { bucket, key } = name;
  const head = useHead(name);
  const tags = useObjectTags(name);
  const versioning = useVersioning(bucket);
  const region = useRegionOf(bucket);
  const object = head.data;
  if (object === undefined) return null;
  const checksums = [
    ["CRC32", object.ChecksumCRC32], ["CRC32C", object.ChecksumCRC32C], ["CRC64NVME", object.ChecksumCRC64NVME], ["SHA1", object.ChecksumSHA1], ["SHA256", object.ChecksumSHA256],
  ] as const;
  const edit = (what: string) => (name.versionId === undefined ? { edit: editHref(name, what) } : {});
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Object overview</Header>}>
        <Properties of={[
          ["AWS Region", region.data === undefined ? undefined : regionName(region.data)],
          ["Last modified", when(object.LastModified)],
          ["Size", bytes(object.ContentLength)],
          ["Type", typeOf(key)],
          ["Key", <Copyable text={key} />],
          ["Version ID", object.VersionId === undefined ? undefined : <Copyable text={object.VersionId} />],
          ["S3 URI", <Copyable text={`s3://${bucket}/${key}`} />],
          ["Amazon Resource Name (ARN)", <Copyable text={`arn:aws:s3:::${bucket}/${key}`} />],
          ["Entity tag (Etag)", <Copyable text={object.ETag?.replaceAll('"', "")} />],
          ["Object URL", <Copyable text={urlOf(bucket, key)} />],
        ]} />
      </Container>
      <Container header={<Header variant="h2">Object management overview</Header>}>
        <Properties columns={1} of={[
          ["Bucket Versioning", <>{versioning.data ?? "–"} (<PageLink href={`/s3/buckets/${bucket}?tab=properties`}>bucket properties</PageLink>)</>],
        ]} />
      </Container>
      <SettingsBox title="Storage class" {...edit("storage-class")} description="Amazon S3 offers a range of storage classes designed for different use cases.">
        <Properties of={[["Storage class", storageClassName(object.StorageClass)]]} />
      </SettingsBox>
      <SettingsBox title="Server-side encryption settings" {...edit("encryption")} description="Server-side encryption protects data at rest.">
        <Properties of={[
          ["Encryption type", encryptionName(object.ServerSideEncryption)],
          ...(object.SSEKMSKeyId === undefined ? [] : [
            ["Encryption key ARN", <PageLink href={`/kms/keys/${object.SSEKMSKeyId.slice(object.SSEKMSKeyId.lastIndexOf("/") + 1)}`}>{object.SSEKMSKeyId}</PageLink>] as const,
            ["Bucket Key", object.BucketKeyEnabled === true ? "Enabled" : "Disabled"] as const,
          ]),
        ]} />
      </SettingsBox>
      <SettingsBox title="Additional checksums" description="Checksum functions are used for additional data integrity verification of new objects.">
        <Properties of={[
          ["Checksum function", checksums.filter(([, value]) => value !== undefined).map(([function_]) => function_).join(", ") || "Off"],
          ["Checksum value", <Copyable text={checksums.find(([, value]) => value !== undefined)?.[1]} />],
          ["Checksum type", object.ChecksumType],
        ]} />
      </SettingsBox>
      <SettingsBox title="Tags" edit={editHref(name, "tags")} error={tags.error} description="You can use object tags to analyze, manage and specify permissions for objects.">
        <ResourceTable
          title="Object tags" variant="embedded" items={tags.data} loading={tags.isLoading} id={(tag) => tag.key} empty="No tags associated with this resource."
          columns={[
            { id: "key", header: "Key", cell: (tag) => tag.key, value: (tag) => tag.key },
            { id: "value", header: "Value", cell: (tag) => tag.value, value: (tag) => tag.value },
          ]}
        />
      </SettingsBox>
      <SettingsBox title="Metadata" {...edit("metadata")} description="Metadata is optional information provided as a name-value (key-value) pair.">
        <ResourceTable
          title="Object metadata" variant="embedded" items={rowsOf(object)} loading={false} id={(row) => row.key} empty="No metadata"
          columns={[
            { id: "type", header: "Type", cell: (row) => (row.type === "user" ? "User defined" : "System defined"), value: (row) => row.type },
            { id: "key", header: "Key", cell: (row) => row.key, value: (row) => row.key },
            { id: "value", header: "Value", cell: (row) => row.value, value: (row) => row.value },
          ]}
        />
      </SettingsBox>
    </SpaceBetween>
  );
}
