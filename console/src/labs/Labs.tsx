import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Cards from "@cloudscape-design/components/cards";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../aws/queries";
import { FormModal } from "../components/FormModal";
import { Page } from "../components/Page";
import { PageLink } from "../components/PageLink";
import { ReadFailed } from "../components/ReadFailed";
import { type Credentials, type LabSummary, start, useLabs } from "./api";
import { CredentialsView } from "./CredentialsView";
import { showGuide } from "./useLabDrawer";

export default function Labs() {
  const navigate = useNavigate();
  const labs = useLabs();
  const [starting, setStarting] = useState<LabSummary>();
  const [credentials, setCredentials] = useState<Credentials>();
  const teacher = labs.data?.teacher === true;
  return (
    <Page title="Labs" crumbs={[{ text: "Labs", href: "/labs" }]} description={teacher ? "Each lab is done in an account of its own." : "Follow the guide beside the pages, and submit as often as you like."}>
      <ReadFailed error={labs.error} what="labs" />
      <Cards
        items={labs.data?.labs ?? []} loading={labs.isLoading} loadingText="Loading labs" trackBy="name"
        ariaLabels={{ itemSelectionLabel: (_, { title }) => title, selectionGroupLabel: "Labs" }}
        empty={<Box textAlign="center">No lab is open to you. Sign in as the root of the first account, or as a lab's student.</Box>}
        cardsPerRow={[{ cards: 1 }, { minWidth: 800, cards: 2 }]}
        cardDefinition={{
          header: ({ name, title }) => <Header variant="h2"><PageLink href={`/labs/guides/${name}`} fontSize="heading-l">{title}</PageLink></Header>,
          sections: [
            { id: "summary", content: ({ summary }) => summary },
            { id: "size", header: "Size", content: ({ tasks, points, minutes, level }) => `${tasks} tasks, ${points} points, about ${minutes} minutes, ${level}` },
            {
              id: "do",
              content: (lab) =>
                lab.attempt === undefined ? (
                  <Button variant="primary" ariaLabel={`Start lab ${lab.title}`} onClick={() => setStarting(lab)}>Start lab</Button>
                ) : (
                  <SpaceBetween direction="horizontal" size="xs">
                    <Button variant="primary" onClick={showGuide}>Show the guide</Button>
                    <Button onClick={() => void navigate(`/labs/attempts/${lab.attempt?.account}`)}>Grades</Button>
                  </SpaceBetween>
                ),
            },
          ],
        }}
      />
      {starting !== undefined && <StartLab lab={starting} close={() => setStarting(undefined)} started={setCredentials} />}
      {credentials !== undefined && <CredentialsView credentials={credentials} close={() => setCredentials(undefined)} />}
    </Page>
  );
}

function StartLab({ lab, close, started }: { lab: LabSummary; close: () => void; started: (credentials: Credentials) => void }) {
  const navigate = useNavigate();
  const [student, setStudent] = useState("student");
  const begin = useAct({
    what: "Start lab",
    run: () => start(lab.name, student),
    after: ({ attempt, credentials }) => {
      close();
      if (credentials === null) void navigate(`/labs/attempts/${attempt.account}`);
      else started(credentials);
    },
    quiet: true,
  });
  return (
    <FormModal title={`Start ${lab.title}`} action="Start lab" busy={begin.isPending} error={begin.error} onSubmit={() => begin.mutate(undefined)} onCancel={close}>
      <FormField label="Student" description="Who does it: an account is made for this student and this lab." constraintText="Small letters, digits and hyphens; at most 32.">
        <Input value={student} onChange={({ detail }) => setStudent(detail.value)} autoFocus />
      </FormField>
    </FormModal>
  );
}
