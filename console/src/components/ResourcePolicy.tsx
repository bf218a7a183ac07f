// The policy of a resource, shown and edited as JSON.
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useAct } from "../aws/queries";
import { Code } from "./Code";
import { Confirm } from "./Confirm";
import { FormModal } from "./FormModal";
import { SettingsBox } from "./SettingsBox";
import { pretty, TextEditor } from "./TextEditor";

/** `policy` is "" where the resource has none. Without `save` it is only shown; without `remove` it can be replaced only. */
export function ResourcePolicy({ title, description, policy, error, save, remove }: {
  title: string;
  description?: string;
  policy: string | undefined;
  error?: unknown;
  save?: (policy: string) => Promise<unknown>;
  remove?: () => Promise<unknown>;
}) {
  const [asking, setAsking] = useState<"edit" | "delete">();
  const drop = useAct({ what: `Delete ${title.toLowerCase()}`, run: async () => remove?.(), done: () => `${title} deleted.`, after: () => setAsking(undefined) });
  return (
    <SettingsBox
      title={title}
      description={description}
      error={error}
      {...(save !== undefined && { edit: () => setAsking("edit") })}
      actions={remove !== undefined && <Button ariaLabel={`Delete ${title}`} disabled={policy === undefined || policy === ""} onClick={() => setAsking("delete")}>Delete</Button>}
    >
      {policy === undefined ? null : policy === "" ? "No policy to display." : <Code>{pretty(policy)}</Code>}
      {asking === "edit" && save !== undefined && <EditPolicy title={title} policy={policy ?? ""} save={save} close={() => setAsking(undefined)} />}
      {asking === "delete" && (
        <Confirm title={`Delete ${title.toLowerCase()}`} action="Delete" type="confirm" busy={drop.isPending} onConfirm={() => drop.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          What the policy allowed is not allowed any more, and what it denied is not denied any more.
        </Confirm>
      )}
    </SettingsBox>
  );
}

function EditPolicy({ title, policy, save, close }: { title: string; policy: string; save: (policy: string) => Promise<unknown>; close: () => void }) {
  const [text, setText] = useState(pretty(policy));
  const action = useAct({ what: `Edit ${title.toLowerCase()}`, run: () => save(text), done: () => `${title} saved.`, after: close, quiet: true });
  return (
    <FormModal title={`Edit ${title.toLowerCase()}`} action="Save changes" size="large" busy={action.isPending} error={action.error} disabled={text.trim() === ""} onSubmit={() => action.mutate(undefined)} onCancel={close}>
      <TextEditor label="Policy" language="json" value={text} onChange={setText} />
    </FormModal>
  );
}
