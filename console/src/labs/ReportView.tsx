import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Check, Report } from "./api";

const OUTCOMES = { earned: "success", partly: "warning", missed: "error" } as const;

/** Points per task, what was found, and why points are missing. */
export function ReportView({ report }: { report: Report }) {
  return (
    <SpaceBetween size="m">
      <ProgressBar
        value={report.of === 0 ? 0 : (100 * report.points) / report.of}
        label={`${report.points} of ${report.of} points`}
        description={report.number === null ? "A check: it is not recorded." : `Submission ${report.number}`}
        status={report.points === report.of ? "success" : "in-progress"} resultText={`${report.points} of ${report.of} points`}
      />
      {report.tasks.map((task) => (
        <ExpandableSection
          key={task.id} variant="container" defaultExpanded={task.points < task.of} headerText={task.title}
          headerActions={<Badge color={task.points === task.of ? "green" : "grey"}>{task.points} / {task.of}</Badge>}
        >
          <SpaceBetween size="s">{task.checks.map((check) => <CheckView key={check.id} check={check} />)}</SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

function CheckView({ check }: { check: Check }) {
  return (
    <div>
      <StatusIndicator type={OUTCOMES[check.outcome]}>{check.says} ({check.points} of {check.of})</StatusIndicator>
      {check.why !== null && <Box margin={{ left: "l" }}>{check.why}</Box>}
      {check.found !== null && check.outcome !== "earned" && <Box margin={{ left: "l" }} color="text-body-secondary" fontSize="body-s">Found: {check.found}</Box>}
      {check.parts.map((part, index) => (
        <Box key={index} margin={{ left: "l" }}>
          <StatusIndicator type={part.passed ? "success" : "error"}>{part.says} ({part.points} of {part.of})</StatusIndicator>
          {part.why !== null && <Box margin={{ left: "l" }}>{part.why}</Box>}
          {part.found !== null && !part.passed && <Box margin={{ left: "l" }} color="text-body-secondary" fontSize="body-s">Found: {part.found}</Box>}
        </Box>
      ))}
    </div>
  );
}
