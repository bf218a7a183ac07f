import { DeleteDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";

export function DeleteDocument({ name, deleted }: { name: string | undefined; deleted?: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useAct({
    what: "Delete document", run: () => client(SSMClient).send(new DeleteDocumentCommand({ Name: name })), done: () => `The document ${name ?? ""} was deleted.`,
    after: () => {
      setAsking(false);
      deleted?.();
    },
  });
  return (
    <>
      <Button disabled={name === undefined} onClick={() => setAsking(true)}>Delete</Button>
      {asking && (
        <Confirm title={`Delete document ${name ?? ""}?`} action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(false)}>
          All its versions are deleted. Executions that were started go on.
        </Confirm>
      )}
    </>
  );
}
