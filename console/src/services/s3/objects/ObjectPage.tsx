import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { Page } from "../../../components/Page";
import { PageTabs } from "../../../components/PageTabs";
import { ReadFailed } from "../../../components/ReadFailed";
import { crumbsOf, s3Of } from "../read";
import { copied, type Chosen } from "./ObjectActions";
import { ObjectPermissions } from "./ObjectPermissions";
import { ObjectProperties } from "./ObjectProperties";
import { ObjectVersions } from "./ObjectVersions";
import { download, open } from "./presign";
import { folderHref, folderOf, nameOf, objectHref } from "./read";
import { SharePresigned } from "./SharePresigned";
import { useHead } from "./readObject";

export default function ObjectPage() {
  const { bucket = "" } = useParams();
  const [asked] = useSearchParams();
  const key = asked.get("key") ?? "";
  const versionId = asked.get("versionId") ?? undefined;
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"share" | "delete">();
  const target = { bucket, key, ...(versionId !== undefined && { versionId }) };
  const head = useHead(target);
  const fetch = useAct({ what: "Download", run: () => download(target) });
  const show = useAct({ what: "Open", run: () => open(target) });
  const remove = useAct({
    what: "Delete object",
    run: async () => (await s3Of(bucket)).send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
    done: () => `Successfully deleted ${key}.`,
    after: () => void navigate(folderHref(bucket, folderOf(key))),
  });
  const chosen: Chosen = { entries: [{ kind: "object", key, versionId, size: head.data?.ContentLength }], versions: versionId !== undefined, prefix: folderOf(key) };
  const name = nameOf(key);
  const folders = folderOf(key).split("/").slice(0, -1);
  return (
    <Page
      title={name}
      crumbs={crumbsOf(
        bucket,
        ...folders.map((text, at) => ({ text: `${text}/`, href: folderHref(bucket, `${folders.slice(0, at + 1).join("/")}/`) })),
        { text: name, href: objectHref(bucket, key, versionId) },
      )}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => void copied("S3 URI", `s3://${bucket}/${key}`)}>Copy S3 URI</Button>
          <Button loading={fetch.isPending} onClick={() => fetch.mutate(undefined)}>Download</Button>
          <Button loading={show.isPending} onClick={() => show.mutate(undefined)}>Open</Button>
          <ButtonDropdown
            items={[
              { id: "share", text: "Share with a presigned URL" },
              { id: "copy", text: "Copy" },
              { id: "move", text: "Move", disabled: versionId !== undefined },
              { id: "delete", text: "Delete" },
            ]}
            onItemClick={({ detail: { id } }) => {
              if (id === "share" || id === "delete") setAsking(id);
              else void navigate(`/s3/buckets/${bucket}/${id}`, { state: chosen });
            }}
          >
            Object actions
          </ButtonDropdown>
        </SpaceBetween>
      }
    >
      <ReadFailed error={head.error} what="object" />
      <PageTabs
        label="Object"
        tabs={[
          { id: "properties", label: "Properties", content: <ObjectProperties name={target} /> },
          { id: "permissions", label: "Permissions", content: <ObjectPermissions name={target} /> },
          { id: "versions", label: "Versions", content: <ObjectVersions name={target} /> },
        ]}
      />
      {asking === "share" && <SharePresigned target={target} close={() => setAsking(undefined)} />}
      {asking === "delete" && (
        <Confirm title="Delete object" action="Delete object" type={versionId === undefined ? "delete" : "permanently delete"} busy={remove.isPending}
          onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          {versionId === undefined ? `${key} is deleted; in a bucket with versions, a delete marker is added.` : `Version ${versionId} of ${key} is permanently deleted.`}
        </Confirm>
      )}
    </Page>
  );
}
