import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useParams } from "react-router";
import { useAct } from "../aws/queries";
import { download } from "../components/download";
import { Page } from "../components/Page";
import { ReadFailed } from "../components/ReadFailed";
import { when } from "../components/time";
import { htmlReport, useReport } from "./api";
import { ReportView } from "./ReportView";

/** The report of one submission. */
export default function Submission() {
  const { account = "", number = "" } = useParams();
  const report = useReport(account, number);
  const html = useAct({ what: "Download report", run: () => htmlReport(account, number), after: (text) => download(`report-${account}-${number}.html`, text, "text/html") });
  return (
    <Page
      title={`Submission ${number}`}
      crumbs={[{ text: "Labs", href: "/labs" }, { text: report.data?.student ?? account, href: `/labs/attempts/${account}` }, { text: `Submission ${number}`, href: `/labs/attempts/${account}/submissions/${number}` }]}
      description={report.data !== undefined && `${report.data.title}, ${report.data.student}, ${when(report.data.at)}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={report.data === undefined} onClick={() => download(`report-${account}-${number}.json`, JSON.stringify(report.data, null, 2), "application/json")}>Download JSON</Button>
          <Button loading={html.isPending} onClick={() => html.mutate(undefined)}>Download HTML</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={report.error} what="report" />
      {report.data !== undefined && <ReportView report={report.data} />}
    </Page>
  );
}
