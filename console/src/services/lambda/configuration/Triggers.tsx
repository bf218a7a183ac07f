import {
  CreateEventSourceMappingCommand, DeleteEventSourceMappingCommand, type EventSourceMappingConfiguration, type FunctionConfiguration, LambdaClient, UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { ResourceTable } from "../../../components/ResourceTable";
import { useMappings } from "../read";

/** Queues and streams that the function is polled from. */
export function Triggers({ configuration }: { configuration: FunctionConfiguration }) {
  const mappings = useMappings(configuration.FunctionArn ?? "");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<EventSourceMappingConfiguration>();
  const remove = useAct({
    what: "Delete trigger",
    run: ({ UUID }: EventSourceMappingConfiguration) => client(LambdaClient).send(new DeleteEventSourceMappingCommand({ UUID })),
    done: () => "The trigger is being deleted.",
    after: () => setRemoving(undefined),
  });
  const toggle = useAct({
    what: "Edit trigger",
    run: ({ UUID, State }: EventSourceMappingConfiguration) => client(LambdaClient).send(new UpdateEventSourceMappingCommand({ UUID, Enabled: State !== "Enabled" })),
  });
  return (
    <>
      <ResourceTable
        title="Triggers" variant="embedded" items={mappings.data} loading={mappings.isLoading} error={mappings.error} id={({ UUID }) => UUID ?? ""} select="single"
        empty="No event source mappings. Services that invoke the function are under Permissions."
        columns={[
          { id: "source", header: "Event source", cell: ({ EventSourceArn }) => EventSourceArn, value: ({ EventSourceArn }) => EventSourceArn },
          { id: "state", header: "State", cell: ({ State }) => <StatusIndicator type={State === "Enabled" ? "success" : State === "Disabled" ? "stopped" : "in-progress"}>{State}</StatusIndicator>, value: ({ State }) => State },
          { id: "batch", header: "Batch size", cell: ({ BatchSize }) => BatchSize, value: ({ BatchSize }) => BatchSize },
          { id: "last", header: "Last processing result", cell: ({ LastProcessingResult, StateTransitionReason }) => LastProcessingResult ?? StateTransitionReason ?? "–" },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} loading={toggle.isPending} onClick={() => selected !== undefined && toggle.mutate(selected)}>
              {selected?.State === "Enabled" ? "Deactivate" : "Activate"}
            </Button>
            <Button disabled={selected === undefined} onClick={() => setRemoving(selected)}>Delete</Button>
            <Button onClick={() => setAdding(true)}>Add trigger</Button>
          </SpaceBetween>
        )}
      />
      {adding && <AddTrigger name={configuration.FunctionName ?? ""} close={() => setAdding(false)} />}
      {removing !== undefined && (
        <Confirm title="Delete trigger" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(removing)} onCancel={() => setRemoving(undefined)}>
          {removing.EventSourceArn} no longer runs the function.
        </Confirm>
      )}
    </>
  );
}

function AddTrigger({ name, close }: { name: string; close: () => void }) {
  const [arn, setArn] = useState("");
  const [batch, setBatch] = useState("10");
  const [window, setWindow] = useState("0");
  const [partial, setPartial] = useState(false);
  const [position, setPosition] = useState<"LATEST" | "TRIM_HORIZON">("LATEST");
  const stream = arn.includes(":dynamodb:");
  const add = useAct({
    what: "Add trigger",
    run: () =>
      client(LambdaClient).send(
        new CreateEventSourceMappingCommand({
          FunctionName: name,
          EventSourceArn: arn,
          BatchSize: Number(batch),
          MaximumBatchingWindowInSeconds: Number(window),
          ...(partial && { FunctionResponseTypes: ["ReportBatchItemFailures"] }),
          ...(stream && { StartingPosition: position }),
        }),
      ),
    done: () => "The trigger was added.",
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Add trigger" action="Add" busy={add.isPending} error={add.error} disabled={arn === ""} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      <FormField label="Event source ARN" constraintText="An SQS queue or the stream of a DynamoDB table">
        <Input value={arn} onChange={({ detail }) => setArn(detail.value.trim())} autoFocus placeholder="arn:aws:sqs:us-east-1:123456789012:queue" />
      </FormField>
      <FormField label="Batch size"><Input type="number" value={batch} onChange={({ detail }) => setBatch(detail.value)} /></FormField>
      <FormField label="Batch window" constraintText="Seconds"><Input type="number" value={window} onChange={({ detail }) => setWindow(detail.value)} /></FormField>
      {stream && (
        <FormField label="Starting position">
          <Select selectedOption={{ value: position }} options={[{ value: "LATEST" }, { value: "TRIM_HORIZON" }]} onChange={({ detail }) => setPosition(detail.selectedOption.value as typeof position)} />
        </FormField>
      )}
      <Checkbox checked={partial} onChange={({ detail }) => setPartial(detail.checked)}>Report batch item failures</Checkbox>
    </FormModal>
  );
}
