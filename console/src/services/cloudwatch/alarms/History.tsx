import type { AlarmHistoryItem } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import { useState } from "react";
import { Code } from "../../../components/Code";
import { ResourceTable } from "../../../components/ResourceTable";
import { pretty } from "../../../components/TextEditor";
import { whenExactly } from "../../../components/time";
import { useHistory } from "./read";

const KINDS: Readonly<Record<string, string>> = { StateUpdate: "State update", ConfigurationUpdate: "Configuration update", Action: "Action" };

const kindOf = ({ HistoryItemType: type }: AlarmHistoryItem) => KINDS[type ?? ""] ?? type ?? "";

export function History({ name }: { name: string }) {
  const history = useHistory(name);
  const [shown, setShown] = useState<AlarmHistoryItem>();
  const numbered = history.data?.map((item, number) => ({ item, number }));
  return (
    <>
      <ResourceTable
        title="History" items={numbered} loading={history.isLoading} error={history.error} id={({ item, number }) => `${item.Timestamp?.getTime() ?? ""} ${number}`} empty="Nothing has happened to this alarm."
        columns={[
          { id: "date", header: "Date", width: 230, cell: ({ item }) => <Link onFollow={(event) => { event.preventDefault(); setShown(item); }} href="#details">{whenExactly(item.Timestamp)}</Link>, value: ({ item, number }) => (item.Timestamp?.getTime() ?? 0) * 1_000 - number },
          { id: "type", header: "Type", width: 180, cell: ({ item }) => kindOf(item), value: ({ item }) => kindOf(item) },
          { id: "description", header: "Description", cell: ({ item }) => item.HistorySummary, value: ({ item }) => item.HistorySummary },
        ]}
      />
      {shown !== undefined && (
        <Modal visible size="large" header={kindOf(shown)} onDismiss={() => setShown(undefined)} footer={<Box float="right"><Button variant="primary" onClick={() => setShown(undefined)}>Close</Button></Box>}>
          <Code>{pretty(shown.HistoryData ?? "")}</Code>
        </Modal>
      )}
    </>
  );
}
