// The editor for policies: their text, and below it what is wrong with it - JSON that cannot be read, and the findings of Access Analyzer.
import { AccessAnalyzerClient, type PolicyType, type ValidatePolicyFinding, type ValidatePolicyResourceType, ValidatePolicyCommand } from "@aws-sdk/client-accessanalyzer";
import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useEffect, useRef, useState } from "react";
import { client } from "../aws/clients";
import { failureOf } from "../aws/errors";
import { every, useRead } from "../aws/queries";
import { type Place, problemOf } from "./jsonProblem";
import { TextEditor } from "./TextEditor";

const KINDS = [
  ["SECURITY_WARNING", "Security", "warning", "No security warnings."],
  ["ERROR", "Errors", "error", "No errors."],
  ["WARNING", "Warnings", "warning", "No warnings."],
  ["SUGGESTION", "Suggestions", "info", "No suggestions."],
] as const satisfies readonly (readonly [string, string, StatusIndicatorProps.Type, string])[];

const WAIT_FOR_MORE = 400;

/** `resource` says what a resource policy or trust policy is for, such as `AWS::S3::Bucket` or `AWS::IAM::AssumeRolePolicyDocument`. */
export function PolicyEditor({ value, onChange, label, type, resource, height = 380 }: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  type: PolicyType;
  resource?: ValidatePolicyResourceType;
  height?: number;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const problem = problemOf(value);
  const findings = useFindings(problem === undefined ? value : undefined, type, resource);
  return (
    <SpaceBetween size="xs">
      <div ref={frame}><TextEditor value={value} language="json" onChange={onChange} label={label} height={height} /></div>
      {problem === undefined
        ? findings !== undefined && <Findings findings={findings} go={(place) => moveTo(frame.current, place)} />
        : (
          <StatusIndicator type="error">
            <Spot place={problem} go={(place) => moveTo(frame.current, place)} /> {problem.message}
          </StatusIndicator>
        )}
    </SpaceBetween>
  );
}

/** Undefined while there is nothing to say: the text is being written, the check is not served, or not for this person. */
function useFindings(text: string | undefined, type: PolicyType, resource: ValidatePolicyResourceType | undefined): readonly ValidatePolicyFinding[] | undefined {
  const settled = useSettled(text);
  const findings = useRead({
    key: ["access-analyzer", "validate", type, resource, settled],
    enabled: settled !== undefined && settled.trim() !== "",
    read: () =>
      every(
        (nextToken) => client(AccessAnalyzerClient).send(new ValidatePolicyCommand({
          policyDocument: settled, policyType: type, nextToken, ...(resource !== undefined && { validatePolicyResourceType: resource }),
        })),
        (answer) => [answer.findings, answer.nextToken],
      ),
  });
  return settled === text && findings.error === null ? findings.data : undefined;
}

function useSettled(text: string | undefined): string | undefined {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT_FOR_MORE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Findings({ findings, go }: { findings: readonly ValidatePolicyFinding[]; go: (place: Place) => void }) {
  const first = KINDS.find(([kind]) => findings.some(({ findingType }) => findingType === kind))?.[0] ?? "SECURITY_WARNING";
  const [chosen, setChosen] = useState<string>();
  return (
    <Tabs
      ariaLabel="Findings"
      activeTabId={chosen ?? first}
      onChange={({ detail }) => setChosen(detail.activeTabId)}
      tabs={KINDS.map(([kind, name, status, none]) => {
        const some = findings.filter(({ findingType }) => findingType === kind);
        return {
          id: kind,
          label: `${name}: ${some.length}`,
          content: some.length === 0
            ? <Box color="text-status-inactive">{none}</Box>
            : <SpaceBetween size="s">{some.map((finding, index) => <Finding key={index} finding={finding} status={status} go={go} />)}</SpaceBetween>,
        };
      })}
    />
  );
}

function Finding({ finding, status, go }: { finding: ValidatePolicyFinding; status: StatusIndicatorProps.Type; go: (place: Place) => void }) {
  return (
    <div>
      <StatusIndicator type={status}>
        {(finding.locations ?? []).flatMap(({ span }, index) => {
          const start = span?.start;
          return start?.line === undefined ? [] : [<Spot key={index} place={{ line: start.line, column: start.column ?? 0 }} go={go} />];
        })}{" "}
        <b>{finding.issueCode}</b>
      </StatusIndicator>
      <Box>{finding.findingDetails}</Box>
    </div>
  );
}

/** `Ln 3, Col 8`, which moves the cursor there: columns from 1, as the editor counts them. */
function Spot({ place, go }: { place: Place; go: (place: Place) => void }) {
  return <Link href="#" onFollow={(event) => { event.preventDefault(); go(place); }}>{`Ln ${place.line}, Col ${place.column + 1}`}</Link>;
}

interface AceElement extends HTMLElement {
  env?: { editor?: { gotoLine: (line: number, column: number, animate: boolean) => void; focus: () => void } };
}

/** Ace keeps its editor at the element that it made one of; Cloudscape's editor does not hand it out. */
function moveTo(frame: HTMLElement | null, { line, column }: Place): void {
  const editor = frame?.querySelector<AceElement>(".ace_editor")?.env?.editor;
  editor?.gotoLine(line, column, true);
  editor?.focus();
}

/** Whether a form may be sent with this text; what else is wrong with it the server says. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return failureOf(error).code !== "SyntaxError";
  }
}
