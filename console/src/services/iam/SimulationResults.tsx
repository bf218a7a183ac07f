// What a simulation said: the decision for each action and resource, and the statements that made it, shown in the policy's text.
import type { EvaluationResult, PermissionsBoundaryDecisionDetail, Statement } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { ExpandableTable } from "../../components/ExpandableTable";
import { type Kind, kindOf, type Owner } from "./identity";
import { Marked } from "./Marked";
import { useDocument, useHeld } from "./read";

interface Result {
  action: string;
  resource: string;
  decision: string;
  statements: readonly Statement[];
  missing: readonly string[];
  boundary?: PermissionsBoundaryDecisionDetail;
}

export function SimulationResults({ results, subject, policy }: { results: readonly EvaluationResult[]; subject: string; policy: string | undefined }) {
  const rows = results.flatMap(rowsOf);
  return (
    <ExpandableTable<Result>
      title="Simulation results"
      description="Open a result to see which statement decided."
      items={rows}
      id={(row) => `${row.action} ${row.resource}`}
      label={(row) => `${row.action} on ${row.resource}`}
      empty="Nothing was simulated."
      columns={[
        { header: "Action", cell: (row) => row.action },
        { header: "Resource", cell: (row) => row.resource },
        { header: "Permission", cell: (row) => <Decision row={row} /> },
        { header: "Matching statements", cell: (row) => row.statements.length },
      ]}
      detail={(row) => <Explanation row={row} subject={subject} policy={policy} />}
    />
  );
}

/** A row for each resource that was named. Only where none was (or `*`) does the result itself say everything. */
function rowsOf(result: EvaluationResult): Result[] {
  const action = result.EvalActionName ?? "";
  const specific = result.ResourceSpecificResults ?? [];
  if (specific.length > 0) {
    return specific.map((one) => ({
      action, resource: one.EvalResourceName ?? "*", decision: one.EvalResourceDecision ?? "", statements: one.MatchedStatements ?? [], missing: one.MissingContextValues ?? [],
      ...(one.PermissionsBoundaryDecisionDetail !== undefined && { boundary: one.PermissionsBoundaryDecisionDetail }),
    }));
  }
  return [{
    action, resource: result.EvalResourceName ?? "*", decision: result.EvalDecision ?? "", statements: result.MatchedStatements ?? [], missing: result.MissingContextValues ?? [],
    ...(result.PermissionsBoundaryDecisionDetail !== undefined && { boundary: result.PermissionsBoundaryDecisionDetail }),
  }];
}

function Decision({ row }: { row: Result }) {
  if (row.decision === "allowed") return <StatusIndicator>allowed</StatusIndicator>;
  const why = row.decision === "explicitDeny" ? "Explicitly denied" : "Implicitly denied (no matching statements)";
  return <StatusIndicator type="error">denied - {row.statements.length > 0 && row.decision !== "explicitDeny" ? "Implicitly denied" : why}</StatusIndicator>;
}

function Explanation({ row, subject, policy }: { row: Result; subject: string; policy: string | undefined }) {
  const sources = new Map<string, Statement[]>();
  for (const statement of row.statements) {
    const key = `${statement.SourcePolicyType ?? ""} ${statement.SourcePolicyId ?? ""}`;
    sources.set(key, [...(sources.get(key) ?? []), statement]);
  }
  return (
    <SpaceBetween size="m">
      {row.missing.length > 0 && <StatusIndicator type="warning">Conditions ask for values that were not given: {row.missing.join(", ")}</StatusIndicator>}
      {row.boundary?.AllowedByPermissionsBoundary === false && <StatusIndicator type="error">The permissions boundary does not allow it.</StatusIndicator>}
      {sources.size === 0 && <Box>No statement of any policy allows {row.action} on {row.resource}: what is not allowed is denied.</Box>}
      {[...sources.values()].map((statements) => <Source key={statements[0]?.SourcePolicyId} statements={statements} subject={subject} policy={policy} />)}
    </SpaceBetween>
  );
}

function Source({ statements, subject, policy }: { statements: readonly Statement[]; subject: string; policy: string | undefined }) {
  const id = statements[0]?.SourcePolicyId ?? "";
  const title = `Statements of ${id === "" ? "the policy" : id}`;
  const spans = statements.flatMap(({ StartPosition, EndPosition }) =>
    StartPosition?.Line === undefined || EndPosition?.Line === undefined ? [] : [{
      start: { line: StartPosition.Line, column: StartPosition.Column ?? 0 }, end: { line: EndPosition.Line, column: EndPosition.Column ?? 0 },
    }]);
  return (
    <section aria-label={title}>
      <Header variant="h3" description={spans.map(({ start, end }) => `Ln ${start.line}, Col ${start.column} - Ln ${end.line}, Col ${end.column}`).join("; ")}>{title}</Header>
      {policy !== undefined && /^PolicyInputList/.test(id) ? <Marked text={policy} spans={spans} label={title} /> : <HeldSource id={id} subject={subject} spans={spans} label={title} />}
    </section>
  );
}

type Spans = Parameters<typeof Marked>[0]["spans"];

/** A policy of the simulated identity. The simulator names inline policies `user_ann_NAME`, and managed ones by their ARN or name. */
function HeldSource({ id, subject, spans, label }: { id: string; subject: string; spans: Spans; label: string }) {
  const [kind, ...rest] = subject.split("/");
  const owner: Owner = { kind: kindOf(kind) satisfies Kind, name: rest.join("/") };
  const held = useHeld(owner);
  const found = held.data?.find(({ name, arn, by }) => {
    const inline = by === undefined ? `${owner.kind}_${owner.name}_${name}` : `group_${by}_${name}`;
    return arn === undefined ? id === inline || id === name : id === arn || id === name;
  });
  const where: Owner = found?.by === undefined ? owner : { kind: "group", name: found.by };
  const text = useDocument({
    ...(found?.arn !== undefined ? { arn: found.arn } : { owner: where, ...(found !== undefined && { name: found.name }) }), enabled: found !== undefined,
  });
  if (text.data === undefined) return null;
  return <Marked text={text.data} spans={spans} label={label} />;
}
