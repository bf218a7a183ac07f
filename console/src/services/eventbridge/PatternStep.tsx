// "Build event pattern": a pattern, made by a form or written, and tried on a sample event.
import { EventBridgeClient, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { TextEditor } from "../../components/TextEditor";
import { useSession } from "../../session/session";
import { EVENT_KINDS, type EventKind, patternOf, sampleOf } from "./samples";

const SERVICES = [...new Set(EVENT_KINDS.map(({ service }) => service))].sort();
const nameOf = (kind: EventKind) => (typeof kind.detail["eventName"] === "string" ? `${kind.detailType}: ${kind.detail["eventName"]}` : kind.detailType);

export function PatternStep({ pattern, set }: { pattern: string; set: (pattern: string) => void }) {
  const { identity, region } = useSession();
  const [sample, setSample] = useState("");
  const [how, setHow] = useState("form");
  const [service, setService] = useState("");
  const [kind, setKind] = useState<EventKind>();
  const kinds = EVENT_KINDS.filter((own) => own.service === service);
  const choose = (chosen: EventKind | undefined) => {
    if (chosen === undefined) return;
    setKind(chosen);
    set(patternOf(chosen));
    setSample(sampleOf(chosen, identity.account, region));
  };
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="Events of AWS services come on the default bus; those of your own, wherever you put them.">Creation method</Header>}>
        <SpaceBetween size="l">
          <RadioGroup
            ariaLabel="Creation method" value={how} onChange={({ detail }) => setHow(detail.value)}
            items={[{ value: "form", label: "Use pattern form" }, { value: "custom", label: "Custom pattern (JSON editor)" }]}
          />
          {how === "form" && (
            <SpaceBetween size="l">
              <FormField label="AWS service">
                <Select
                  options={SERVICES.map((value) => ({ value }))} selectedOption={service === "" ? null : { value: service }} placeholder="Choose a service" filteringType="auto"
                  onChange={({ detail }) => setService(detail.selectedOption.value ?? "")}
                />
              </FormField>
              <FormField label="Event type">
                <Select
                  options={kinds.map((own) => ({ value: nameOf(own) }))} selectedOption={kind === undefined || kind.service !== service ? null : { value: nameOf(kind) }} disabled={service === ""} placeholder="Choose an event type"
                  onChange={({ detail }) => choose(kinds.find((own) => nameOf(own) === detail.selectedOption.value))}
                />
              </FormField>
            </SpaceBetween>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Event pattern</Header>}>
        <TextEditor label="Event pattern" language="json" value={pattern} height={260} onChange={set} />
      </Container>
      <Sample pattern={pattern} sample={sample} set={setSample} />
    </SpaceBetween>
  );
}

function Sample({ pattern, sample, set }: { pattern: string; sample: string; set: (sample: string) => void }) {
  const { identity, region } = useSession();
  const test = useAct({
    what: "Test pattern", quiet: true,
    run: () => client(EventBridgeClient).send(new TestEventPatternCommand({ EventPattern: pattern, Event: sample })),
  });
  const failure = test.error === null ? undefined : failureOf(test.error);
  return (
    <Container header={<Header variant="h2" description="What the pattern is tried on. A rule does not need it." actions={<Button loading={test.isPending} disabled={pattern === "" || sample === ""} onClick={() => test.mutate(undefined)}>Test pattern</Button>}>Sample event - optional</Header>}>
      <SpaceBetween size="m">
        <FormField label="Sample events">
          <Select
            options={EVENT_KINDS.map((kind) => ({ value: `${kind.service}: ${nameOf(kind)}` }))} selectedOption={null} placeholder="Choose a sample event" filteringType="auto"
            onChange={({ detail }) => {
              const kind = EVENT_KINDS.find((own) => `${own.service}: ${nameOf(own)}` === detail.selectedOption.value);
              if (kind !== undefined) set(sampleOf(kind, identity.account, region));
            }}
          />
        </FormField>
        <TextEditor label="Sample event" language="json" value={sample} height={220} onChange={set} />
        {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
        {test.data?.Result === true && <Alert type="success">Sample event matched the event pattern</Alert>}
        {test.data?.Result === false && <Alert type="warning">Sample event did not match the event pattern</Alert>}
      </SpaceBetween>
    </Container>
  );
}
