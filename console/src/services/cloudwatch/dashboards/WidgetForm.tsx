// "Add widget" and "Edit widget".
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Tabs from "@cloudscape-design/components/tabs";
import Textarea from "@cloudscape-design/components/textarea";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { FormModal } from "../../../components/FormModal";
import { type Line, metricKeys, toggled } from "../../../components/metrics/metric";
import { TextEditor } from "../../../components/TextEditor";
import { useSession } from "../../../session/session";
import { useAlarms } from "../alarms/read";
import { GroupsChoice } from "../insights/GroupsChoice";
import { DEFAULT_QUERY } from "../insights/query";
import { GraphedMetrics } from "../metrics/GraphedMetrics";
import { MetricBrowser } from "../metrics/MetricBrowser";
import { type Json, linesOf, logQuery, logQueryOf, sourceOf, type Widget } from "./body";

type Kind = "line" | "number" | "text" | "alarm" | "log";

const KINDS: readonly { value: Kind; label: string; description: string; size: { width: number; height: number } }[] = [
  { value: "line", label: "Line", description: "Compare metrics over time", size: { width: 12, height: 6 } },
  { value: "number", label: "Number", description: "Instantly see the latest value for a metric", size: { width: 6, height: 3 } },
  { value: "text", label: "Text", description: "Free text with markdown formatting", size: { width: 6, height: 6 } },
  { value: "alarm", label: "Alarm status", description: "A list of alarms and their states", size: { width: 6, height: 3 } },
  { value: "log", label: "Logs table", description: "Explore results from Logs Insights", size: { width: 24, height: 6 } },
];

function kindOf({ type, properties }: Widget): Kind {
  if (type === "metric") return properties["view"] === "singleValue" ? "number" : "line";
  return KINDS.find(({ value }) => value === type)?.value ?? "text";
}

/** `save` is given the widget with its new properties; where it stands is not changed. */
export function WidgetForm({ start, busy, error, save, close }: { start?: Widget; busy: boolean; error: Error | null; save: (widget: Widget) => void; close: () => void }) {
  const { region } = useSession();
  const [kind, setKind] = useState<Kind>(start === undefined ? "line" : kindOf(start));
  const [title, setTitle] = useState(String(start?.properties["title"] ?? ""));
  const [lines, setLines] = useState<readonly Line[]>(() => linesOf(start?.properties ?? {}));
  const [markdown, setMarkdown] = useState(String(start?.properties["markdown"] ?? ""));
  const [alarms, setAlarms] = useState<readonly string[]>(() => [start?.properties["alarms"] ?? []].flat().map(String));
  const [logs, setLogs] = useState(() => (start?.type === "log" ? logQueryOf(start.properties) : { groups: [], query: DEFAULT_QUERY }));
  const named = { ...start?.properties, ...(title !== "" && { title }) };
  const properties: Json = {
    line: () => sourceOf(lines, region, { ...named, view: "timeSeries" }),
    number: () => sourceOf(lines, region, { ...named, view: "singleValue" }),
    text: () => ({ ...start?.properties, markdown }),
    alarm: () => ({ ...named, title: title === "" ? "Alarms" : title, alarms }),
    log: () => ({ view: "table", ...named, region, query: logQuery(logs.groups, logs.query) }),
  }[kind]();
  const ready = { line: lines.length > 0, number: lines.length > 0, text: markdown !== "", alarm: alarms.length > 0, log: logs.groups.length > 0 && logs.query.trim() !== "" }[kind];
  const action = start === undefined ? "Create widget" : "Update widget";
  return (
    <FormModal
      title={start === undefined ? "Add widget" : "Edit widget"} action={action} size="max" busy={busy} error={error} disabled={!ready} onCancel={close}
      onSubmit={() => save({ ...KINDS.find(({ value }) => value === kind)?.size, ...start, type: kind === "line" || kind === "number" ? "metric" : kind, properties })}
    >
      {start === undefined && (
        <FormField label="Widget type" stretch>
          <Tiles ariaLabel="Widget type" columns={3} value={kind} items={KINDS.map(({ value, label, description }) => ({ value, label, description }))} onChange={({ detail }) => setKind(KINDS.find(({ value }) => value === detail.value)?.value ?? "line")} />
        </FormField>
      )}
      {kind !== "text" && <FormField label="Widget title - optional"><Input value={title} onChange={({ detail }) => setTitle(detail.value)} /></FormField>}
      {(kind === "line" || kind === "number") && <MetricFields lines={lines} change={setLines} />}
      {kind === "text" && <FormField label="Markdown" stretch><Textarea value={markdown} rows={10} onChange={({ detail }) => setMarkdown(detail.value)} /></FormField>}
      {kind === "alarm" && <AlarmField chosen={alarms} choose={setAlarms} />}
      {kind === "log" && <LogFields of={logs} change={setLogs} />}
    </FormModal>
  );
}

function MetricFields({ lines, change }: { lines: readonly Line[]; change: (lines: readonly Line[]) => void }) {
  return (
    <Tabs
      ariaLabel="Metrics of the widget"
      tabs={[
        {
          id: "browse", label: "Browse",
          content: <MetricBrowser chosen={metricKeys(lines)} toggle={(metric) => change(toggled(lines, metric))} />,
        },
        { id: "graphed", label: `Graphed metrics (${lines.length})`, content: <GraphedMetrics lines={lines} change={change} alarms={false} /> },
      ]}
    />
  );
}

function AlarmField({ chosen, choose }: { chosen: readonly string[]; choose: (arns: readonly string[]) => void }) {
  const alarms = useAlarms();
  const options = (alarms.data ?? []).map(({ name, arn }) => ({ value: arn, label: name }));
  return (
    <FormField label="Alarms" stretch>
      <Multiselect
        options={options} selectedOptions={chosen.map((arn) => options.find(({ value }) => value === arn) ?? { value: arn, label: arn })} placeholder="Choose alarms" filteringType="auto" empty="No alarms"
        statusType={alarms.isLoading ? "loading" : "finished"} deselectAriaLabel={({ label }) => `Remove ${label}`} onChange={({ detail }) => choose(detail.selectedOptions.map(({ value = "" }) => value))}
      />
    </FormField>
  );
}

function LogFields({ of, change }: { of: { groups: string[]; query: string }; change: (of: { groups: string[]; query: string }) => void }) {
  return (
    <>
      <GroupsChoice value={of.groups} onChange={(groups) => change({ ...of, groups })} />
      <Box><TextEditor label="Query editor" language="text" value={of.query} onChange={(query) => change({ ...of, query })} height={140} /></Box>
    </>
  );
}
