import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { useState } from "react";
import { FormModal } from "./FormModal";
import { ResourceTable } from "./ResourceTable";

export interface Tag {
  key: string;
  value: string;
}

export interface TagChange {
  set: readonly Tag[];
  remove: readonly string[];
}

/** The tags of one resource, with "Manage tags". `save` is given what has to change. */
export function Tags({ tags, loading = false, error, save }: {
  tags: readonly Tag[] | undefined;
  loading?: boolean;
  error?: unknown;
  save?: (change: TagChange) => Promise<unknown>;
}) {
  const [editing, setEditing] = useState(false);
  return (
    <>
      <ResourceTable
        title="Tags" items={tags} loading={loading} error={error} id={(tag) => tag.key} empty="No tags"
        columns={[
          { id: "key", header: "Key", cell: (tag) => tag.key, value: (tag) => tag.key },
          { id: "value", header: "Value", cell: (tag) => tag.value, value: (tag) => tag.value },
        ]}
        actions={() => save !== undefined && <Button onClick={() => setEditing(true)}>Manage tags</Button>}
      />
      {editing && save !== undefined && <ManageTags tags={tags ?? []} save={save} close={() => setEditing(false)} />}
    </>
  );
}

function ManageTags({ tags, save, close }: { tags: readonly Tag[]; save: (change: TagChange) => Promise<unknown>; close: () => void }) {
  const [edited, setEdited] = useState<readonly TagEditorProps.Tag[]>(tags.map((tag) => ({ ...tag, existing: true })));
  const [valid, setValid] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const submit = async () => {
    setBusy(true);
    try {
      await save(changeOf(tags, edited));
      close();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <FormModal title="Manage tags" action="Save changes" busy={busy} error={error} disabled={!valid} onSubmit={() => void submit()} onCancel={close}>
      <Box>
        <TagEditor tags={edited} tagLimit={50} onChange={({ detail }) => { setEdited(detail.tags); setValid(detail.valid); }} />
      </Box>
    </FormModal>
  );
}

function changeOf(before: readonly Tag[], after: readonly TagEditorProps.Tag[]): TagChange {
  const kept = after.filter((tag) => tag.markedForRemoval !== true).map(({ key, value }) => ({ key, value }));
  return {
    set: kept.filter((tag) => !before.some(({ key, value }) => key === tag.key && value === tag.value)),
    remove: before.filter((tag) => !kept.some(({ key }) => key === tag.key)).map(({ key }) => key),
  };
}
