import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { failureOf } from "../aws/errors";
import { useAct } from "../aws/queries";
import { grade } from "./api";
import { ReportView } from "./ReportView";

/** "Check my work" looks, "Submit" looks and records; both say what was found. */
export function Grading({ account }: { account: string }) {
  const grading = useAct({ what: "Grade", run: (how: "check" | "submit") => grade(account, how), quiet: true });
  const failure = grading.error === null ? undefined : failureOf(grading.error);
  return (
    <SpaceBetween size="m">
      <SpaceBetween direction="horizontal" size="xs">
        <Button loading={grading.isPending && grading.variables === "check"} disabled={grading.isPending} onClick={() => grading.mutate("check")}>Check my work</Button>
        <Button variant="primary" loading={grading.isPending && grading.variables === "submit"} disabled={grading.isPending} onClick={() => grading.mutate("submit")}>Submit</Button>
      </SpaceBetween>
      {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
      {grading.data !== undefined && <ReportView report={grading.data} />}
    </SpaceBetween>
  );
}
