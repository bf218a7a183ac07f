// What can be done with the selected objects.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { notify } from "../../../app/notifications";
import { useAct } from "../../../aws/queries";
import { bytes } from "../../../components/time";
import { uploadHref } from "./Objects";
import { download, open } from "./presign";
import { type Entry, objectHref, within } from "./read";
import { SharePresigned } from "./SharePresigned";

/** What the pages that act on several objects are given, by the browser's history. */
export interface Chosen {
  entries: Entry[];
  versions: boolean;
  prefix: string;
}

export function ObjectActions({ bucket, prefix, versions, selected }: { bucket: string; prefix: string; versions: boolean; selected: readonly Entry[] }) {
  const navigate = useNavigate();
  const [sharing, setSharing] = useState<Entry>();
  const [only] = selected;
  const one = selected.length === 1 ? only : undefined;
  const object = one?.kind === "object" ? one : undefined;
  const target = object === undefined ? undefined : { bucket, key: object.key, ...(versions && { versionId: object.versionId }) };
  const fetch = useAct({ what: "Download", run: async () => target && download(target) });
  const show = useAct({ what: "Open", run: async () => target && open(target) });
  const measure = useAct({
    what: "Calculate total size",
    run: () => measured(bucket, selected, versions),
    done: ({ objects, size }) => `Total: ${objects} ${objects === 1 ? "object" : "objects"}, ${bytes(size)}`,
  });
  const chosen: Chosen = { entries: [...selected], versions, prefix };
  const go = (page: string) => void navigate(`/s3/buckets/${bucket}/${page}`, { state: chosen });
  const copyable = selected.length > 0 && selected.every(({ kind }) => kind !== "marker");
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={one === undefined} onClick={() => one && void copied("S3 URI", `s3://${bucket}/${one.key}`)}>Copy S3 URI</Button>
      <Button disabled={object === undefined} onClick={() => object && void copied("URL", urlOf(bucket, object.key))}>Copy URL</Button>
      <Button disabled={target === undefined} loading={fetch.isPending} onClick={() => fetch.mutate(undefined)}>Download</Button>
      <Button disabled={target === undefined} loading={show.isPending} onClick={() => show.mutate(undefined)}>Open</Button>
      <Button disabled={selected.length === 0} onClick={() => go("delete-objects")}>Delete</Button>
      <ButtonDropdown
        loading={measure.isPending}
        items={[
          { id: "share", text: "Share with a presigned URL", disabled: object === undefined },
          { id: "size", text: "Calculate total size", disabled: selected.length === 0 },
          { id: "copy", text: "Copy", disabled: !copyable },
          { id: "move", text: "Move", disabled: !copyable || versions },
          { id: "storage-class", text: "Edit storage class", disabled: object === undefined || versions },
          { id: "encryption", text: "Edit server-side encryption", disabled: object === undefined || versions },
          { id: "metadata", text: "Edit metadata", disabled: object === undefined || versions },
          { id: "tags", text: "Edit tags", disabled: object === undefined },
        ]}
        onItemClick={({ detail: { id } }) => {
          if (id === "share") setSharing(object);
          else if (id === "size") measure.mutate(undefined);
          else if (id === "copy" || id === "move") go(id);
          else if (object !== undefined) void navigate(objectHref(bucket, object.key, versions ? object.versionId : undefined).replace("/object?", `/object/edit/${id}?`));
        }}
      >
        Actions
      </ButtonDropdown>
      <Button onClick={() => void navigate(`/s3/buckets/${bucket}/create-folder?prefix=${encodeURIComponent(prefix)}`)}>Create folder</Button>
      <Button variant="primary" onClick={() => void navigate(uploadHref(bucket, prefix))}>Upload</Button>
      {sharing !== undefined && <SharePresigned target={{ bucket, key: sharing.key, ...(versions && { versionId: sharing.versionId }) }} close={() => setSharing(undefined)} />}
    </SpaceBetween>
  );
}

/** An object's address on this cloud. */
export function urlOf(bucket: string, key: string): string {
  return `${location.origin}/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

export async function copied(what: string, text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  notify({ type: "success", content: `${what} copied.` });
}

async function measured(bucket: string, entries: readonly Entry[], versions: boolean): Promise<{ objects: number; size: number }> {
  const total = { objects: 0, size: 0 };
  for await (const some of within(bucket, entries, versions)) {
    total.objects += some.length;
    total.size += some.reduce((sum, { size = 0 }) => sum + size, 0);
  }
  return total;
}
