import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";

/** Asks and deletes: `<DeleteOne what="subnet" id={id} run={() => …} close={…} />`. */
export function DeleteOne({ what, id, run, close, after, children }: {
  what: string;
  id: string;
  run: () => Promise<unknown>;
  close: () => void;
  after?: () => void;
  children?: string;
}) {
  const remove = useAct({
    what: `Delete ${what}`,
    run,
    done: () => `You successfully deleted ${id}.`,
    after: () => {
      close();
      after?.();
    },
  });
  return (
    <Confirm title={`Delete ${what}`} action="Delete" type="delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
      {children ?? `${id} will be deleted permanently and cannot be recovered later.`}
    </Confirm>
  );
}
