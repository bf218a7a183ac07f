import { type InvokeCommandOutput, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { pretty, TextEditor } from "../../components/TextEditor";
import { TEST_EVENTS } from "./testEvents";

interface Result {
  failed: boolean;
  status: number;
  payload: string;
  log: string;
}

/** Runs the function with an event. */
export function TestTab({ name }: { name: string }) {
  const [template, setTemplate] = useState("hello-world");
  const [event, setEvent] = useState(TEST_EVENTS["hello-world"] ?? "{}");
  const [type, setType] = useState<"RequestResponse" | "Event">("RequestResponse");
  const test = useAct({ what: "Test", run: () => invoke(name, event, type) });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={<Button variant="primary" loading={test.isPending} onClick={() => test.mutate(undefined)}>Test</Button>}>Test event</Header>}>
        <SpaceBetween size="m">
          <FormField label="Invocation type">
            <RadioGroup value={type} onChange={({ detail }) => setType(detail.value as typeof type)} items={[
              { value: "RequestResponse", label: "Synchronous", description: "Waits for the answer" },
              { value: "Event", label: "Asynchronous", description: "The event is queued" },
            ]} />
          </FormField>
          <FormField label="Template">
            <Select
              selectedOption={{ value: template }} options={Object.keys(TEST_EVENTS).map((value) => ({ value }))}
              onChange={({ detail }) => {
                const chosen = detail.selectedOption.value ?? template;
                setTemplate(chosen);
                setEvent(TEST_EVENTS[chosen] ?? "{}");
              }}
            />
          </FormField>
          <TextEditor label="Event JSON" language="json" height={240} value={event} onChange={setEvent} />
        </SpaceBetween>
      </Container>
      {test.data !== undefined && <Outcome result={test.data} />}
    </SpaceBetween>
  );
}

function Outcome({ result }: { result: Result }) {
  return (
    <Alert type={result.failed ? "error" : "success"} header={`Executing function: ${result.failed ? "failed" : "succeeded"} (status ${result.status})`}>
      <SpaceBetween size="s">
        <Box variant="awsui-key-label">Response</Box>
        <Code>{result.payload === "" ? "–" : pretty(result.payload)}</Code>
        {result.log !== "" && (
          <>
            <Box variant="awsui-key-label">Function logs (the last 4 KB)</Box>
            <Code>{result.log}</Code>
          </>
        )}
      </SpaceBetween>
    </Alert>
  );
}

async function invoke(FunctionName: string, event: string, InvocationType: "RequestResponse" | "Event"): Promise<Result> {
  JSON.parse(event);
  const answer: InvokeCommandOutput = await client(LambdaClient).send(
    new InvokeCommand({ FunctionName, InvocationType, Payload: new TextEncoder().encode(event), ...(InvocationType === "RequestResponse" && { LogType: "Tail" as const }) }),
  );
  return {
    failed: answer.FunctionError !== undefined,
    status: answer.StatusCode ?? 0,
    payload: answer.Payload === undefined ? "" : new TextDecoder().decode(answer.Payload),
    log: answer.LogResult === undefined ? "" : new TextDecoder().decode(Uint8Array.from(atob(answer.LogResult), (letter) => letter.charCodeAt(0))),
  };
}
