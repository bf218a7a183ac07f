// "Get started": the wizard that sets AWS Config up. `?setup=1-click` begins at its end, with everything as AWS's console proposes it.
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useCrumbs } from "../../app/breadcrumbs";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Properties } from "../../components/Properties";
import { useSession } from "../../session/session";
import { BUILT_RULES, type BuiltRule, needsNothing } from "./coverage";
import { type Delivery, deliveryProblem, newDelivery } from "./delivery";
import { DeliveryForm } from "./DeliveryForm";
import { ManagedRules } from "./ManagedRules";
import { newRecording, problemOf, type Recording } from "./recording";
import { RecordingForm } from "./RecordingForm";
import { RecordingSummary } from "./RecordingSummary";
import { setUp } from "./setUp";

const OFFERED = BUILT_RULES.filter(needsNothing);

export default function GetStarted() {
  useCrumbs([{ text: "AWS Config", href: "/config" }, { text: "Set up AWS Config", href: "/config/get-started" }]);
  const navigate = useNavigate();
  const { identity } = useSession();
  const [query] = useSearchParams();
  const [step, setStep] = useState(query.get("setup") === "1-click" ? 2 : 0);
  const [recording, setRecording] = useState<Recording>(newRecording);
  const [delivery, setDelivery] = useState<Delivery>(() => newDelivery(identity.account));
  const [rules, setRules] = useState<readonly BuiltRule[]>([]);
  const [problem, setProblem] = useState<string>();
  const [doing, setDoing] = useState("");
  const confirm = useAct({
    what: "Set up AWS Config",
    run: () => setUp(recording, delivery, rules, setDoing),
    done: () => "AWS Config is set up and records.",
    after: () => void navigate("/config/dashboard"),
    quiet: true,
  });
  const failure = confirm.error === null ? undefined : failureOf(confirm.error);
  return (
    <Wizard
      activeStepIndex={step}
      onNavigate={({ detail }) => {
        const found = detail.requestedStepIndex > 0 ? problemOf(recording) ?? deliveryProblem(delivery) : undefined;
        setProblem(found);
        if (found === undefined || detail.requestedStepIndex === 0) setStep(detail.requestedStepIndex);
      }}
      onCancel={() => void navigate("/config")}
      onSubmit={() => {
        const found = problemOf(recording) ?? deliveryProblem(delivery);
        setProblem(found);
        if (found === undefined) confirm.mutate(undefined);
      }}
      isLoadingNextStep={confirm.isPending}
      submitButtonText="Confirm"
      steps={[
        {
          title: "Settings",
          errorText: problem,
          content: (
            <SpaceBetween size="l">
              <RecordingForm of={recording} change={(change) => setRecording((old) => ({ ...old, ...change }))} />
              <DeliveryForm of={delivery} change={(change) => setDelivery((old) => ({ ...old, ...change }))} />
            </SpaceBetween>
          ),
        },
        {
          title: "Rules",
          isOptional: true,
          description: "Rules that judge the recorded configurations. More, and those that need parameters, can be added afterwards.",
          content: <ManagedRules rules={OFFERED} chosen={rules} choose={setRules} many />,
        },
        {
          title: "Review",
          description: "Review your AWS Config setup details, and choose Confirm.",
          errorText: problem,
          content: (
            <SpaceBetween size="l">
              <RecordingSummary of={recording} />
              <Container header={<Header variant="h2">Delivery method</Header>}>
                <Properties of={[
                  ["S3 bucket name", delivery.bucket],
                  ["Prefix", delivery.prefix],
                  ["SNS topic", !delivery.stream ? undefined : delivery.topicFrom === "new" ? delivery.topicName : delivery.topicArn],
                ]} />
              </Container>
              <Container header={<Header variant="h2" counter={`(${rules.length})`}>AWS Config rules</Header>}>
                {rules.length === 0 ? "None" : <ul>{rules.map(({ name }) => <li key={name}>{name}</li>)}</ul>}
              </Container>
              {confirm.isPending && <Alert type="info">{doing} …</Alert>}
              {failure !== undefined && <Alert type="error" header={`${doing}: ${failure.code}`}>{failure.message}</Alert>}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
