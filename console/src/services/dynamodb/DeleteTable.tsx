import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { Confirm } from "../../components/Confirm";

export function DeleteTable({ table, busy, onConfirm, onCancel }: { table: TableDescription; busy: boolean; onConfirm: () => void; onCancel: () => void }) {
  return (
    <Confirm title="Delete table" action="Delete" type="confirm" busy={busy} onConfirm={onConfirm} onCancel={onCancel}>
      {`Table ${table.TableName ?? ""} and all its items and indexes are deleted and cannot be got back, unless there is a backup.`}
    </Confirm>
  );
}
