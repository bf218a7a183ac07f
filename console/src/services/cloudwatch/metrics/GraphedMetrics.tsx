// The lines of a graph, to be edited: label, statistic, period; and expressions of them.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { useNavigate } from "react-router";
import { freeId, type Line, nameOfLine, watching } from "../../../components/metrics/metric";
import { createAlarmPage } from "../../../components/metrics/pages";
import { PeriodChoice, StatChoice } from "./choices";

/** `alarms` offers "Create alarm" for a line. */
export function GraphedMetrics({ lines, change, alarms = true }: { lines: readonly Line[]; change: (lines: readonly Line[]) => void; alarms?: boolean }) {
  const navigate = useNavigate();
  const set = (id: string, part: Partial<Line>) => change(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  const addMath = () => change([...lines, { id: freeId(lines, "e"), label: "", expression: lines[0] === undefined ? "" : `${lines[0].id} * 1`, stat: "Average", period: lines[0]?.period ?? 300 }]);
  return (
    <Table
      items={lines}
      trackBy="id"
      variant="embedded"
      ariaLabels={{ tableLabel: "Graphed metrics" }}
      header={<Header variant="h3" counter={`(${lines.length})`} actions={<Button onClick={addMath}>Add math</Button>}>Graphed metrics</Header>}
      empty={<Box textAlign="center" color="inherit">Select metrics under Browse to graph them.</Box>}
      columnDefinitions={[
        { id: "shown", header: "Shown", width: 90, cell: (line) => <Toggle ariaLabel={`Show ${line.id}`} checked={line.hidden !== true} onChange={({ detail }) => set(line.id, { hidden: !detail.checked })} /> },
        { id: "id", header: "Id", width: 70, cell: ({ id }) => id },
        { id: "label", header: "Label", minWidth: 180, cell: (line) => <Input ariaLabel={`Label of ${line.id}`} value={line.label} placeholder={nameOfLine(line)} onChange={({ detail }) => set(line.id, { label: detail.value })} /> },
        {
          id: "details", header: "Details", minWidth: 220,
          cell: (line) => line.metric === undefined
            ? <Input ariaLabel={`Expression of ${line.id}`} value={line.expression ?? ""} onChange={({ detail }) => set(line.id, { expression: detail.value })} />
            : [line.metric.namespace, line.metric.name, ...line.metric.dimensions.map(({ name, value }) => `${name}: ${value}`)].join(" • "),
        },
        { id: "stat", header: "Statistic", width: 160, cell: (line) => line.metric !== undefined && <StatChoice label={`Statistic of ${line.id}`} value={line.stat} onChange={(stat) => set(line.id, { stat })} /> },
        { id: "period", header: "Period", width: 150, cell: (line) => <PeriodChoice label={`Period of ${line.id}`} value={line.period} onChange={(period) => set(line.id, { period })} /> },
        {
          id: "actions", header: "Actions", width: 150,
          cell: (line) => (
            <SpaceBetween direction="horizontal" size="xxs">
              {alarms && (
                <Button
                  variant="inline-icon" iconName="notification" ariaLabel={`Create alarm for ${line.id}`}
                  onClick={() => void navigate(createAlarmPage(line.metric === undefined ? watching(lines, line.id) : [{ ...line, hidden: false }]))}
                />
              )}
              <Button variant="inline-icon" iconName="close" ariaLabel={`Remove ${line.id}`} onClick={() => change(lines.filter(({ id }) => id !== line.id))} />
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
