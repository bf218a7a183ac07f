import {
  DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand, PutFunctionRecursionConfigCommand, UpdateFunctionEventInvokeConfigCommand, PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { Properties } from "../../../components/Properties";
import { ReadFailed } from "../../../components/ReadFailed";
import { useSettings } from "../read";

/** What Lambda does where nothing is set: six hours, two retries. */
const USUAL_AGE = 21_600;
const USUAL_RETRIES = 2;

export function Asynchronous({ name }: { name: string }) {
  const settings = useSettings(name);
  const [editing, setEditing] = useState(false);
  const age = settings.data?.invoke?.MaximumEventAgeInSeconds ?? USUAL_AGE;
  const retries = settings.data?.invoke?.MaximumRetryAttempts ?? USUAL_RETRIES;
  return (
    <SpaceBetween size="m">
      <ReadFailed error={settings.error} what="settings" />
      <Header variant="h3" actions={<Button disabled={settings.data === undefined} onClick={() => setEditing(true)}>Edit</Button>}>Asynchronous invocation</Header>
      <Properties of={[
        ["Maximum age of event", `${Math.floor(age / 3600)} h ${Math.floor((age % 3600) / 60)} min ${age % 60} sec (${age} seconds)`],
        ["Retry attempts", String(retries)],
        ["On failure", settings.data?.invoke?.DestinationConfig?.OnFailure?.Destination],
        ["On success", settings.data?.invoke?.DestinationConfig?.OnSuccess?.Destination],
      ]} columns={2} />
      {editing && <EditAsynchronous name={name} age={age} retries={retries} set={settings.data?.invoke !== undefined} close={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function EditAsynchronous({ name, age: age0, retries: retries0, set, close }: { name: string; age: number; retries: number; set: boolean; close: () => void }) {
  const [age, setAge] = useState(String(age0));
  const [retries, setRetries] = useState(String(retries0));
  const save = useAct({
    what: "Edit asynchronous configuration",
    run: async () => {
      const input = { FunctionName: name, MaximumEventAgeInSeconds: Number(age), MaximumRetryAttempts: Number(retries) };
      // Update leaves the destinations as they are; Put is for what is not there yet.
      await client(LambdaClient).send(set ? new UpdateFunctionEventInvokeConfigCommand(input) : new PutFunctionEventInvokeConfigCommand(input));
    },
    done: () => `Successfully updated the function ${name}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit asynchronous configuration" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Maximum age of event" constraintText="60 to 21600 seconds"><Input type="number" value={age} onChange={({ detail }) => setAge(detail.value)} /></FormField>
      <FormField label="Retry attempts" constraintText="0, 1 or 2"><Input type="number" value={retries} onChange={({ detail }) => setRetries(detail.value)} /></FormField>
    </FormModal>
  );
}

export function Concurrency({ name }: { name: string }) {
  const settings = useSettings(name);
  const [editing, setEditing] = useState(false);
  const reserved = settings.data?.reserved;
  return (
    <SpaceBetween size="m">
      <ReadFailed error={settings.error} what="settings" />
      <Header variant="h3" actions={<Button disabled={settings.data === undefined} onClick={() => setEditing(true)}>Edit</Button>}>Concurrency and recursion detection</Header>
      <Properties of={[
        ["Function concurrency", reserved === undefined ? "Use unreserved account concurrency" : `Reserve concurrency: ${reserved}`],
        ["Recursive loop detection", settings.data?.recursiveLoop === "Allow" ? "Allow recursive loops" : "Terminate recursive loops"],
      ]} columns={2} />
      {editing && settings.data !== undefined && <EditConcurrency name={name} reserved={reserved} loop={settings.data.recursiveLoop} close={() => setEditing(false)} />}
    </SpaceBetween>
  );
}

function EditConcurrency({ name, reserved: reserved0, loop: loop0, close }: { name: string; reserved: number | undefined; loop: string; close: () => void }) {
  const [reserved, setReserved] = useState(reserved0 === undefined ? "" : String(reserved0));
  const [loop, setLoop] = useState(loop0);
  const save = useAct({
    what: "Edit concurrency",
    run: async () => {
      const lambda = client(LambdaClient);
      if (loop !== loop0) await lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName: name, RecursiveLoop: loop as "Allow" }));
      if (reserved !== "") await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: Number(reserved) }));
      else if (reserved0 !== undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
    },
    done: () => `Successfully updated the function ${name}.`,
    after: close,
    quiet: true,
  });
  const loops = [{ value: "Terminate", label: "Terminate recursive loops" }, { value: "Allow", label: "Allow recursive loops" }];
  return (
    <FormModal title="Edit concurrency" action="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Reserve concurrency" constraintText="Empty: unreserved account concurrency. 0: the function is throttled.">
        <Input type="number" value={reserved} onChange={({ detail }) => setReserved(detail.value)} />
      </FormField>
      <FormField label="Recursive loop detection">
        <Select selectedOption={loops.find(({ value }) => value === loop) ?? null} options={loops} onChange={({ detail }) => setLoop(detail.selectedOption.value ?? loop)} />
      </FormField>
    </FormModal>
  );
}
