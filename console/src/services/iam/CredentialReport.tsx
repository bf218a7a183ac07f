import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { download } from "../../components/download";
import { Page } from "../../components/Page";
import Container from "@cloudscape-design/components/container";
import { IAM } from "./parts";

const BETWEEN = 500;
const PATIENCE = 60;

async function report(): Promise<string> {
  const iam = client(IAMClient);
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    const { State } = await iam.send(new GenerateCredentialReportCommand({}));
    if (State === "COMPLETE") return new TextDecoder().decode((await iam.send(new GetCredentialReportCommand({}))).Content);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
  throw new Error("The report takes too long: try again.");
}

export default function CredentialReport() {
  const make = useAct({ what: "Download credentials report", run: report, after: (text) => download("status_reports.csv", text, "text/csv") });
  return (
    <Page title="Credentials report of IAM users in this account" crumbs={[IAM, { text: "Credential report", href: "/iam/credential-report" }]}
      description="The credentials report lists all your IAM users in this account and the status of their various credentials.">
      <Container>
        <Button variant="primary" iconName="download" loading={make.isPending} onClick={() => make.mutate(undefined)}>Download credentials report</Button>
      </Container>
    </Page>
  );
}
