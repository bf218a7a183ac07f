import { CloudTrailClient, PutEventSelectorsCommand, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useCrumbs } from "../../app/breadcrumbs";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Properties } from "../../components/Properties";
import { useSession } from "../../session/session";
import { EventFields } from "./EventFields";
import { EventsSummary } from "./EventsSummary";
import { type EventsForm, eventsProblem, newEvents, selectorsOf } from "./selectors";
import { TrailFields } from "./TrailFields";
import { newTrail, putTrail, type TrailForm, trailProblem } from "./trailForm";

export default function CreateTrail() {
  useCrumbs([{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Trails", href: "/cloudtrail/trails" }, { text: "Create trail", href: "/cloudtrail/create-trail" }]);
  const navigate = useNavigate();
  const session = useSession();
  const [step, setStep] = useState(0);
  const [trail, setTrail] = useState<TrailForm>(() => newTrail(session.identity.account));
  const [events, setEvents] = useState<EventsForm>(newEvents);
  const [problem, setProblem] = useState<string>();
  const create = useAct({
    what: "Create trail",
    run: async () => {
      const Name = await putTrail(trail, session, undefined);
      await client(CloudTrailClient).send(new PutEventSelectorsCommand({ TrailName: Name, ...selectorsOf(events) }));
      await client(CloudTrailClient).send(new StartLoggingCommand({ Name }));
    },
    done: () => `The trail ${trail.name} was created.`,
    after: () => void navigate("/cloudtrail/trails"),
    quiet: true,
  });
  const problems = [trailProblem(trail), eventsProblem(events)];
  const failure = create.error === null ? undefined : failureOf(create.error);
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail: { requestedStepIndex: to } }) => {
        const found = problems.slice(0, to).find((own) => own !== undefined);
        setProblem(found);
        if (found === undefined) setStep(to);
      }}
      onCancel={() => void navigate("/cloudtrail/trails")}
      onSubmit={() => create.mutate(undefined)}
      isLoadingNextStep={create.isPending}
      submitButtonText="Create trail"
      steps={[
        { title: "Choose trail attributes", errorText: problem, content: <TrailFields of={trail} change={(change) => setTrail((old) => ({ ...old, ...change }))} /> },
        { title: "Choose log events", errorText: problem, content: <EventFields of={events} change={(change) => setEvents((old) => ({ ...old, ...change }))} /> },
        {
          title: "Review and create",
          content: (
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">General details</Header>}>
                <Properties of={[
                  ["Trail name", trail.name],
                  ["Multi-region trail", trail.multiRegion ? "Yes" : "No"],
                  ["Trail log location", `${trail.bucket}/${trail.prefix === "" ? "" : `${trail.prefix}/`}AWSLogs/${session.identity.account}`],
                  ["Log file SSE-KMS encryption", trail.encrypt ? trail.key : "Not enabled"],
                  ["Log file validation", trail.validation ? "Enabled" : "Disabled"],
                  ["SNS notification delivery", trail.notify ? trail.topic : "Disabled"],
                  ["CloudWatch Logs log group", trail.logs ? trail.group : "Not configured"],
                ]} />
              </Container>
              <EventsSummary of={events} />
              {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
