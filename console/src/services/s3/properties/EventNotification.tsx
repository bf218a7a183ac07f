// "Create event notification", and the same form for one that is there.
import { PutBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { failureOf } from "../../../aws/errors";
import { useAct, useRead } from "../../../aws/queries";
import { FormPage } from "../../../components/FormPage";
import { ReadFailed } from "../../../components/ReadFailed";
import { crumbsOf, s3Of, useRegionOf } from "../read";
import { destinations } from "./destinations";
import { configurationOf, EVENTS, type EventRule, type Notifications, useNotifications } from "./readProperties";

const NEW: EventRule = { id: "", kind: "Lambda function", arn: "", events: [], prefix: "", suffix: "" };

export default function EventNotification() {
  const { bucket = "" } = useParams();
  const [asked] = useSearchParams();
  const id = asked.get("id");
  const notifications = useNotifications(bucket);
  if (notifications.data === undefined || notifications.data === null) return <ReadFailed error={notifications.error} what="event notifications" />;
  const before = notifications.data.rules.find((rule) => rule.id === id);
  return <RuleForm key={id} bucket={bucket} all={notifications.data} before={before} />;
}

function RuleForm({ bucket, all, before }: { bucket: string; all: Notifications; before: EventRule | undefined }) {
  const navigate = useNavigate();
  const [rule, setRule] = useState(before ?? NEW);
  const set = (part: Partial<EventRule>) => setRule({ ...rule, ...part });
  const back = () => void navigate(`/s3/buckets/${bucket}?tab=properties`);
  const title = before === undefined ? "Create event notification" : "Edit event notification";
  const save = useAct({
    what: title,
    run: async () => {
      const rules = [...all.rules.filter(({ id }) => id !== before?.id), rule];
      return (await s3Of(bucket)).send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration: configurationOf({ ...all, rules }) }));
    },
    done: () => `Successfully ${before === undefined ? "created" : "edited"} event notification "${rule.id}".`,
    after: back,
    quiet: true,
  });
  const toggle = (event: string, on: boolean) => set({ events: on ? [...rule.events, event] : rule.events.filter((it) => it !== event) });
  return (
    <FormPage
      title={title}
      crumbs={crumbsOf(bucket, { text: title, href: `/s3/buckets/${bucket}/notification` })}
      description="To enable notifications, you must first add a notification configuration that identifies the events you want Amazon S3 to publish and the destinations where you want Amazon S3 to send the notifications."
      action={before === undefined ? "Create event notification" : "Save changes"}
      busy={save.isPending}
      error={save.error}
      disabled={rule.id === "" || rule.events.length === 0 || rule.arn === ""}
      onSubmit={() => save.mutate(undefined)}
      onCancel={back}
    >
      <Container header={<Header variant="h2">General configuration</Header>}>
        <SpaceBetween size="m">
          <FormField label="Event name" constraintText="Event name can contain up to 255 characters.">
            <Input value={rule.id} placeholder="Event name" disabled={before !== undefined} onChange={({ detail }) => set({ id: detail.value })} />
          </FormField>
          <FormField label="Prefix - optional" description="Limit the notifications to objects with key starting with specified characters.">
            <Input value={rule.prefix} placeholder="images/" onChange={({ detail }) => set({ prefix: detail.value })} />
          </FormField>
          <FormField label="Suffix - optional" description="Limit the notifications to objects with key ending with specified characters.">
            <Input value={rule.suffix} placeholder=".jpg" onChange={({ detail }) => set({ suffix: detail.value })} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Specify at least one event for which you want to receive notifications.">Event types</Header>}>
        <SpaceBetween size="l">
          {EVENTS.map(([group, whole, events]) => (
            <FormField key={group} label={group}>
              <SpaceBetween size="xs">
                {whole !== "" && (
                  <Checkbox
                    checked={rule.events.includes(whole)}
                    description={whole}
                    // The whole includes each: S3 refuses both together.
                    onChange={({ detail }) => set({ events: [...rule.events.filter((it) => it !== whole && !events.some(([id]) => id === it)), ...(detail.checked ? [whole] : [])] })}
                  >
                    {`All ${group.toLowerCase()} events`}
                  </Checkbox>
                )}
                {events.map(([id, label]) => (
                  <Checkbox key={id} checked={rule.events.includes(id) || rule.events.includes(whole)} disabled={rule.events.includes(whole)} description={id} onChange={({ detail }) => toggle(id, detail.checked)}>
                    {label}
                  </Checkbox>
                ))}
              </SpaceBetween>
            </FormField>
          ))}
        </SpaceBetween>
      </Container>
      <Destination bucket={bucket} rule={rule} set={set} />
    </FormPage>
  );
}

function Destination({ bucket, rule, set }: { bucket: string; rule: EventRule; set: (part: Partial<EventRule>) => void }) {
  const [how, setHow] = useState("choose");
  const region = useRegionOf(bucket);
  const choices = useRead({
    key: ["s3", "destinations", rule.kind, region.data],
    follows: ["AWS::Lambda::Function", "AWS::SNS::Topic", "AWS::SQS::Queue"],
    enabled: region.data !== undefined,
    read: () => destinations(rule.kind, region.data ?? "us-east-1"),
  });
  const noun = rule.kind;
  return (
    <Container header={<Header variant="h2" description="Before Amazon S3 can publish messages to a destination, you must grant the Amazon S3 principal the necessary permissions to call the relevant API.">Destination</Header>}>
      <SpaceBetween size="m">
        <FormField label="Destination" description="Choose a destination to publish the event.">
          <RadioGroup
            ariaLabel="Destination"
            value={rule.kind}
            onChange={({ detail }) => set({ kind: detail.value as EventRule["kind"], arn: "" })}
            items={[
              { value: "Lambda function", label: "Lambda function", description: "Run a Lambda function script based on S3 events." },
              { value: "SNS topic", label: "SNS topic", description: "Fanout messages to systems for parallel processing or directly to people." },
              { value: "SQS queue", label: "SQS queue", description: "Send notifications to an SQS queue to be read by a server." },
            ]}
          />
        </FormField>
        <FormField label={`Specify ${noun}`}>
          <RadioGroup
            ariaLabel={`Specify ${noun}`}
            value={how}
            onChange={({ detail }) => setHow(detail.value)}
            items={[
              { value: "choose", label: `Choose from your ${noun}s` },
              { value: "enter", label: `Enter ${noun} ARN` },
            ]}
          />
        </FormField>
        <FormField label={how === "choose" ? noun : `${noun} ARN`} {...(choices.error !== null && how === "choose" && { errorText: failureOf(choices.error).message })}>
          {how === "choose" ? (
            <Select
              selectedOption={rule.arn === "" ? null : { value: rule.arn, label: rule.arn.slice(rule.arn.lastIndexOf(":") + 1) }}
              placeholder={`Choose ${noun}`}
              filteringType="auto"
              empty={`There is no ${noun} in the bucket's Region.`}
              statusType={choices.isLoading ? "loading" : "finished"}
              options={(choices.data ?? []).map((arn) => ({ value: arn, label: arn.slice(arn.lastIndexOf(":") + 1), description: arn }))}
              onChange={({ detail }) => set({ arn: detail.selectedOption.value ?? "" })}
            />
          ) : (
            <Input value={rule.arn} onChange={({ detail }) => set({ arn: detail.value.trim() })} />
          )}
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
