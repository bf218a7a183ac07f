import { type StreamViewType, type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { useAct } from "../../../aws/queries";
import { Confirm } from "../../../components/Confirm";
import { FormModal } from "../../../components/FormModal";
import { Copyable, Properties } from "../../../components/Properties";
import { SettingsBox } from "../../../components/SettingsBox";
import { dynamodb } from "../read";

const VIEWS: readonly (readonly [StreamViewType, string, string])[] = [
  ["KEYS_ONLY", "Key attributes only", "Only the key attributes of the changed item."],
  ["NEW_IMAGE", "New image", "The entire item as it appears after it was changed."],
  ["OLD_IMAGE", "Old image", "The entire item as it appeared before it was changed."],
  ["NEW_AND_OLD_IMAGES", "New and old images", "Both the new and old images of the changed item."],
];

export function Streams({ table }: { table: TableDescription }) {
  const [asking, setAsking] = useState<"on" | "off">();
  const [view, setView] = useState<StreamViewType>("NEW_AND_OLD_IMAGES");
  const on = table.StreamSpecification?.StreamEnabled === true;
  const turn = useAct({
    what: on ? "Turn off stream" : "Turn on stream",
    run: () => dynamodb().send(new UpdateTableCommand({
      TableName: table.TableName, StreamSpecification: on ? { StreamEnabled: false } : { StreamEnabled: true, StreamViewType: view },
    })),
    done: () => `The stream of the "${table.TableName ?? ""}" table was turned ${on ? "off" : "on"}.`,
    after: () => setAsking(undefined),
    quiet: !on,
  });
  return (
    <SettingsBox
      title="DynamoDB stream details"
      description="Capture item-level changes in your table, and push the changes to a DynamoDB stream."
      actions={on ? <Button onClick={() => setAsking("off")}>Turn off</Button> : <Button onClick={() => setAsking("on")}>Turn on</Button>}
    >
      <Properties of={[
        ["Stream status", on ? "On" : "Off"],
        ["View type", VIEWS.find(([id]) => id === table.StreamSpecification?.StreamViewType)?.[1]],
        ["Latest stream ARN", <Copyable text={table.LatestStreamArn} />],
      ]} />
      {asking === "on" && (
        <FormModal title="Turn on DynamoDB stream" action="Turn on stream" busy={turn.isPending} error={turn.error} onSubmit={() => turn.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          <FormField label="View type">
            <RadioGroup ariaLabel="View type" value={view} onChange={({ detail }) => setView(detail.value as StreamViewType)}
              items={VIEWS.map(([value, label, description]) => ({ value, label, description }))} />
          </FormField>
        </FormModal>
      )}
      {asking === "off" && (
        <Confirm title="Turn off DynamoDB stream" action="Turn off stream" busy={turn.isPending} onConfirm={() => turn.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          What reads the stream, such as Lambda triggers, is told of no more changes.
        </Confirm>
      )}
    </SettingsBox>
  );
}
