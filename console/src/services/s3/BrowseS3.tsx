// "Browse S3": a place in S3 is chosen by looking for it.
import S3ResourceSelector from "@cloudscape-design/components/s3-resource-selector";
import { list } from "./objects/read";
import { listBuckets } from "./read";

/** An S3 URI, typed or found. `what` says what may be chosen: a bucket, or a folder in one too. */
export function BrowseS3({ uri, onChange, what, label, invalid = false, action = "Choose path" }: {
  uri: string;
  onChange: (uri: string) => void;
  what: "bucket" | "folder";
  label: string;
  invalid?: boolean;
  action?: string;
}) {
  return (
    <S3ResourceSelector
      ariaLabel={label}
      resource={{ uri }}
      invalid={invalid}
      inputPlaceholder="s3://bucket/prefix"
      selectableItemsTypes={what === "bucket" ? ["buckets"] : ["buckets", "objects"]}
      bucketsVisibleColumns={["Name", "Region", "CreationDate"]}
      objectsIsItemDisabled={({ IsFolder }) => IsFolder !== true}
      i18nStrings={{ modalTitle: "Choose a destination in S3", modalSubmitButton: action, columnBucketRegion: "AWS Region", inContextUriLabel: label }}
      fetchBuckets={async () => (await listBuckets()).map(({ name, region, created }) => ({ Name: name, Region: region, CreationDate: created?.toISOString() ?? "" }))}
      fetchObjects={async (bucket, prefix) => {
        // The component gives a folder without its slash, and wants names within it.
        const within = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
        const { entries } = await list(bucket, within, { versions: false, delimiter: "/", requests: 1 });
        return entries.map(({ kind, key, modified, size }) => ({
          Key: key.slice(within.length), IsFolder: kind === "folder", ...(modified !== undefined && { LastModified: modified.toISOString() }), ...(size !== undefined && { Size: size }),
        }));
      }}
      fetchVersions={async () => []}
      onChange={({ detail }) => onChange(detail.resource.uri)}
    />
  );
}

/** Bucket and prefix of `s3://bucket/prefix`; undefined where it is no S3 URI. */
export function parsed(uri: string): { bucket: string; prefix: string } | undefined {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(uri);
  return found === null ? undefined : { bucket: found[1] ?? "", prefix: found[2] ?? "" };
}
