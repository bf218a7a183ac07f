// The tags of one resource, with "Manage tags".
import Button from "@cloudscape-design/components/button";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { useState } from "react";
import { useAct } from "../aws/queries";
import type { Tag } from "../aws/tags";
import { FormModal } from "./FormModal";
import { ResourceTable } from "./ResourceTable";

export interface TagActions {
  /** Sets tags, of which there is at least one. */
  tag: (tags: readonly Tag[]) => Promise<unknown>;
  /** Removes tags by their keys, of which there is at least one. */
  untag: (keys: string[]) => Promise<unknown>;
}

/** `tags` is undefined while they are read, and null where this identity may not see them. Without actions they are only shown. */
export function Tags({ tags: known, error, tag, untag }: { tags: readonly Tag[] | null | undefined; error?: unknown } & Partial<TagActions>) {
  const [editing, setEditing] = useState(false);
  const tags = known ?? undefined;
  return (
    <>
      <ResourceTable
        title="Tags" items={tags} loading={known === undefined} error={error} id={({ key }) => key} empty={known === null ? "You may not see the tags." : "No tags"}
        columns={[
          { id: "key", header: "Key", cell: ({ key }) => key, value: ({ key }) => key },
          { id: "value", header: "Value", cell: ({ value }) => value, value: ({ value }) => value },
        ]}
        actions={() => tag !== undefined && untag !== undefined && <Button disabled={tags === undefined} onClick={() => setEditing(true)}>Manage tags</Button>}
      />
      {editing && tag !== undefined && untag !== undefined && <ManageTags tags={tags ?? []} tag={tag} untag={untag} close={() => setEditing(false)} />}
    </>
  );
}

function ManageTags({ tags, tag, untag, close }: { tags: readonly Tag[]; close: () => void } & TagActions) {
  const [edited, setEdited] = useState<readonly TagEditorProps.Tag[]>(tags.map((own) => ({ ...own, existing: true })));
  const [valid, setValid] = useState(true);
  const save = useAct({
    what: "Manage tags",
    run: async () => {
      const { set, remove } = changeOf(tags, edited);
      if (remove.length > 0) await untag(remove);
      if (set.length > 0) await tag(set);
    },
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Manage tags" action="Save changes" busy={save.isPending} error={save.error} disabled={!valid} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <TagEditor tags={edited} tagLimit={50} onChange={({ detail }) => { setEdited(detail.tags); setValid(detail.valid); }} />
    </FormModal>
  );
}

/** What has to be done to make the tags `before` those that were edited. */
export function changeOf(before: readonly Tag[], after: readonly TagEditorProps.Tag[]): { set: Tag[]; remove: string[] } {
  const kept = after.filter(({ markedForRemoval }) => markedForRemoval !== true).map(({ key, value }) => ({ key, value }));
  return {
    set: kept.filter((own) => !before.some(({ key, value }) => key === own.key && value === own.value)),
    remove: before.filter((own) => !kept.some(({ key }) => key === own.key)).map(({ key }) => key),
  };
}
