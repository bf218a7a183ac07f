import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { useRead } from "../../../aws/queries";
import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { bytes, when } from "../../../components/time";
import { FOLLOWS_OBJECTS } from "../read";
import type { Chosen } from "./ObjectActions";
import { folderOf, objectHref, pages, storageClassName, useVersioning } from "./read";
import type { ObjectName } from "./readObject";

export function ObjectVersions({ name: { bucket, key } }: { name: ObjectName }) {
  const navigate = useNavigate();
  const versioning = useVersioning(bucket);
  const versions = useRead({
    key: ["s3", "object", bucket, key, "versions"],
    follows: FOLLOWS_OBJECTS,
    read: async () => {
      const found = [];
      for await (const { entries } of pages(bucket, key, { versions: true })) {
        const own = entries.filter((entry) => entry.key === key);
        found.push(...own);
        // Versions of other keys that begin like this one come after it.
        if (own.length < entries.length) break;
      }
      return found;
    },
  });
  return (
    <SpaceBetween size="m">
      {versioning.data === "Disabled" && <Alert type="info">Bucket Versioning is disabled: an object that is overwritten or deleted is gone.</Alert>}
      <ResourceTable
        title="Versions"
        items={versions.data}
        loading={versions.isLoading}
        error={versions.error}
        id={({ versionId }) => versionId ?? "null"}
        select="multi"
        columns={[
          {
            id: "version", header: "Version ID", value: ({ versionId }) => versionId,
            cell: ({ kind, versionId, latest }) => (
              <>
                {kind === "marker" ? versionId : <PageLink href={objectHref(bucket, key, versionId)}>{versionId}</PageLink>}
                {latest === true && " (Current version)"}
              </>
            ),
          },
          { id: "type", header: "Type", cell: ({ kind }) => (kind === "marker" ? "Delete marker" : "Object"), value: ({ kind }) => kind },
          { id: "modified", header: "Last modified", cell: ({ modified }) => when(modified), value: ({ modified }) => modified?.getTime() },
          { id: "size", header: "Size", cell: ({ size }) => bytes(size), value: ({ size }) => size },
          { id: "class", header: "Storage class", cell: ({ kind, storageClass }) => (kind === "marker" ? "–" : storageClassName(storageClass)) },
        ]}
        actions={(selected) => (
          <Button
            disabled={selected.length === 0}
            onClick={() => {
              const state: Chosen = { entries: [...selected], versions: true, prefix: folderOf(key) };
              void navigate(`/s3/buckets/${bucket}/delete-objects`, { state });
            }}
          >
            Delete
          </Button>
        )}
      />
    </SpaceBetween>
  );
}
