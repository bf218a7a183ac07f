// "Delivery channel" of the settings.
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useBucketChoices, useTopicChoices } from "../../components/choices";
import type { Delivery } from "./delivery";
import { FREQUENCIES } from "./types";

type Change = (change: Partial<Delivery>) => void;

export function DeliveryForm({ of: delivery, change }: { of: Delivery; change: Change }) {
  return (
    <Container header={<Header variant="h2" description="Configuration history and snapshots go to a bucket; changes can be streamed to a topic.">Delivery channel</Header>}>
      <SpaceBetween size="l">
        <Bucket of={delivery} change={change} />
        <Topic of={delivery} change={change} />
        <FormField label="Snapshot delivery frequency - optional">
          <Select
            selectedOption={FREQUENCIES.find(({ value }) => value === delivery.frequency) ?? { value: "", label: "Not by the clock" }}
            options={[{ value: "", label: "Not by the clock" }, ...FREQUENCIES]}
            onChange={({ detail }) => change({ frequency: detail.selectedOption.value ?? "" })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function Bucket({ of: delivery, change }: { of: Delivery; change: Change }) {
  const buckets = useBucketChoices();
  const choosing = delivery.bucketFrom === "account";
  return (
    <SpaceBetween size="l">
      <FormField label="Amazon S3 bucket">
        <RadioGroup
          ariaLabel="Amazon S3 bucket"
          value={delivery.bucketFrom}
          onChange={({ detail }) => change({ bucketFrom: detail.value as Delivery["bucketFrom"] })}
          items={[
            { value: "new", label: "Create a bucket" },
            { value: "account", label: "Choose a bucket from your account" },
            { value: "other", label: "Choose a bucket from another account" },
          ]}
        />
      </FormField>
      <FormField label="S3 bucket name" errorText={choosing && buckets.error !== null ? buckets.error.message : undefined}>
        {choosing ? (
          <Select
            selectedOption={delivery.bucket === "" ? null : { value: delivery.bucket, label: delivery.bucket }} options={buckets.data ?? []}
            filteringType="auto" placeholder="Choose a bucket" empty="No buckets" statusType={buckets.isLoading ? "loading" : "finished"} loadingText="Loading buckets"
            onChange={({ detail }) => change({ bucket: detail.selectedOption.value ?? "" })}
          />
        ) : <Input value={delivery.bucket} onChange={({ detail }) => change({ bucket: detail.value })} />}
      </FormField>
      <FormField label="Prefix (optional)" constraintText={`Files are written under ${delivery.prefix === "" ? "" : `${delivery.prefix}/`}AWSLogs/`}>
        <Input value={delivery.prefix} onChange={({ detail }) => change({ prefix: detail.value })} />
      </FormField>
      {choosing && (
        <Checkbox checked={delivery.addPolicy} onChange={({ detail }) => change({ addPolicy: detail.checked })}
          description="The service-linked role needs it; a role of yours can have the permissions instead.">
          Add to the bucket's policy that AWS Config may write to it
        </Checkbox>
      )}
    </SpaceBetween>
  );
}

function Topic({ of: delivery, change }: { of: Delivery; change: Change }) {
  const topics = useTopicChoices();
  return (
    <FormField label="Amazon SNS topic">
      <SpaceBetween size="s">
        <Checkbox checked={delivery.stream} onChange={({ detail }) => change({ stream: detail.checked })}>
          Stream configuration changes and notifications to an Amazon SNS topic.
        </Checkbox>
        {delivery.stream && (
          <SpaceBetween size="l">
            <RadioGroup
              ariaLabel="Amazon SNS topic"
              value={delivery.topicFrom}
              onChange={({ detail }) => change({ topicFrom: detail.value as Delivery["topicFrom"] })}
              items={[
                { value: "new", label: "Create a topic" },
                { value: "account", label: "Choose a topic from your account" },
                { value: "other", label: "Choose a topic from another account" },
              ]}
            />
            {delivery.topicFrom === "account" ? (
              <FormField label="SNS topic name" errorText={topics.error === null ? undefined : topics.error.message}>
                <Select
                  selectedOption={topics.data?.find(({ value }) => value === delivery.topicArn) ?? (delivery.topicArn === "" ? null : { value: delivery.topicArn })}
                  options={topics.data ?? []} filteringType="auto" placeholder="Choose a topic" empty="No topics"
                  statusType={topics.isLoading ? "loading" : "finished"} loadingText="Loading topics"
                  onChange={({ detail }) => change({ topicArn: detail.selectedOption.value ?? "" })}
                />
              </FormField>
            ) : delivery.topicFrom === "new" ? (
              <FormField label="SNS topic name">
                <Input value={delivery.topicName} onChange={({ detail }) => change({ topicName: detail.value })} />
              </FormField>
            ) : (
              <FormField label="SNS topic ARN">
                <Input value={delivery.topicArn} onChange={({ detail }) => change({ topicArn: detail.value })} />
              </FormField>
            )}
          </SpaceBetween>
        )}
      </SpaceBetween>
    </FormField>
  );
}
