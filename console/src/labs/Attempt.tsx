import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../aws/queries";
import { Confirm } from "../components/Confirm";
import { Page } from "../components/Page";
import { PageLink } from "../components/PageLink";
import { Copyable, Properties } from "../components/Properties";
import { ReadFailed } from "../components/ReadFailed";
import { ResourceTable } from "../components/ResourceTable";
import { when } from "../components/time";
import { type Credentials, renew, reset, useAttempt, useLabs } from "./api";
import { CredentialsView } from "./CredentialsView";
import { Details } from "./Details";
import { Grading } from "./Grading";

/** One student's work on one lab: its account, its details, and its grades. */
export default function Attempt() {
  const { account = "" } = useParams();
  const navigate = useNavigate();
  const read = useAttempt(account);
  const teacher = useLabs().data?.teacher === true;
  const [resetting, setResetting] = useState(false);
  const [credentials, setCredentials] = useState<Credentials>();
  const again = useAct({ what: "Reset lab", run: () => reset(account), after: (answer) => { setResetting(false); setCredentials(answer.credentials); } });
  const fresh = useAct({ what: "New credentials", run: () => renew(account), after: (answer) => setCredentials(answer.credentials) });
  const attempt = read.data?.attempt;
  return (
    <Page
      title={attempt === undefined ? account : `${attempt.title}: ${attempt.student}`}
      crumbs={[{ text: "Labs", href: "/labs" }, { text: "Attempts", href: "/labs/attempts" }, { text: attempt?.student ?? account, href: `/labs/attempts/${account}` }]}
      actions={
        attempt?.state === "open" && (
          <SpaceBetween direction="horizontal" size="xs">
            {teacher && <Button loading={fresh.isPending} onClick={() => fresh.mutate(undefined)}>New credentials</Button>}
            <Button onClick={() => setResetting(true)}>Reset lab</Button>
          </SpaceBetween>
        )
      }
    >
      <ReadFailed error={read.error} what="attempt" />
      {attempt !== undefined && (
        <>
          <Container header={<Header variant="h2">Overview</Header>}>
            <Properties of={[
              ["Account", <Copyable text={attempt.account} />],
              ["Region", attempt.region],
              ["State", attempt.state],
              ["Started", when(attempt.started)],
              ["Sign-in link", <Copyable text={attempt.signIn} />],
              ["Class", attempt.class],
              ["Last grade", attempt.points === null ? undefined : `${attempt.points} of ${attempt.of}`],
              ["Best grade", attempt.best === null ? undefined : `${attempt.best} of ${attempt.of}`],
            ]} />
          </Container>
          {attempt.state === "open" && (
            <>
              <Container header={<Header variant="h2">Details</Header>}><Details account={account} /></Container>
              <Container header={<Header variant="h2">Grade</Header>}><Grading account={account} /></Container>
            </>
          )}
          <ResourceTable
            title="Submissions" items={read.data?.submissions} loading={false} id={({ number }) => String(number)} empty="Nothing has been submitted."
            columns={[
              { id: "number", header: "Submission", cell: ({ number }) => <PageLink href={`/labs/attempts/${account}/submissions/${number}`}>{`Submission ${number}`}</PageLink>, value: ({ number }) => number },
              { id: "at", header: "Time", cell: ({ at }) => when(at), value: ({ at }) => at },
              { id: "points", header: "Points", cell: ({ points, of }) => `${points} of ${of}`, value: ({ points }) => points },
            ]}
          />
        </>
      )}
      {resetting && (
        <Confirm title="Reset lab" action="Reset" type="reset" busy={again.isPending} onConfirm={() => again.mutate(undefined)} onCancel={() => setResetting(false)}>
          The work is closed, with all that was made in its account, and begins again in a fresh account. Whoever is signed in there is signed out.
        </Confirm>
      )}
      {credentials !== undefined && (
        <CredentialsView credentials={credentials} close={() => { setCredentials(undefined); void navigate(`/labs/attempts/${credentials.account}`); }} />
      )}
    </Page>
  );
}
