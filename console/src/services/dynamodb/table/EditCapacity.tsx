import { type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { Capacity } from "../CreateTable";
import { dynamodb, isOnDemand } from "../read";

export function EditCapacity({ table, close }: { table: TableDescription; close: () => void }) {
  const [mode, setMode] = useState(isOnDemand(table) ? "PAY_PER_REQUEST" : "PROVISIONED");
  const units = table.ProvisionedThroughput;
  const [reads, setReads] = useState(String(units?.ReadCapacityUnits || 5));
  const [writes, setWrites] = useState(String(units?.WriteCapacityUnits || 5));
  const save = useAct({
    what: "Edit capacity",
    run: () => {
      const ProvisionedThroughput = { ReadCapacityUnits: Number(reads), WriteCapacityUnits: Number(writes) };
      if (mode !== "PROVISIONED") return dynamodb().send(new UpdateTableCommand({ TableName: table.TableName, BillingMode: "PAY_PER_REQUEST" }));
      // Indexes of a table that was on-demand have no units yet: they are given the table's.
      const indexes = isOnDemand(table) ? (table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => ({ Update: { IndexName, ProvisionedThroughput } })) : [];
      return dynamodb().send(new UpdateTableCommand({
        TableName: table.TableName, BillingMode: "PROVISIONED", ProvisionedThroughput, ...(indexes.length > 0 && { GlobalSecondaryIndexUpdates: indexes }),
      }));
    },
    done: () => `Capacity of the "${table.TableName ?? ""}" table was updated.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit capacity" action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Capacity mode">
        <RadioGroup ariaLabel="Capacity mode" value={mode} onChange={({ detail }) => setMode(detail.value)}
          items={[{ value: "PAY_PER_REQUEST", label: "On-demand" }, { value: "PROVISIONED", label: "Provisioned" }]} />
      </FormField>
      {mode === "PROVISIONED" && <Capacity reads={reads} writes={writes} onReads={setReads} onWrites={setWrites} />}
    </FormModal>
  );
}
