// The parts of the forms "Create queue" and "Edit queue".
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { KmsKey } from "../../components/KmsKey";
import { pretty, TextEditor } from "../../components/TextEditor";
import { Duration } from "./Duration";
import { useQueues } from "./read";
import type { Settings } from "./settings";

const ON_OFF = [{ value: "off", label: "Disabled" }, { value: "on", label: "Enabled" }];

export function QueueSettings({ value, onChange }: { value: Settings; onChange: (value: Settings) => void }) {
  const set = (part: Partial<Settings>) => onChange({ ...value, ...part });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="Set the maximum message size, visibility to other consumers, and message retention.">Configuration</Header>}>
        <SpaceBetween size="m">
          <Grid gridDefinition={[{ colspan: 6 }, { colspan: 6 }, { colspan: 6 }, { colspan: 6 }, { colspan: 6 }]}>
            <Duration label="Visibility timeout" constraint="Should be between 0 seconds and 12 hours." seconds={value.visibility} onChange={(visibility) => set({ visibility })} />
            <Duration label="Message retention period" constraint="Should be between 1 minute and 14 days." seconds={value.retention} onChange={(retention) => set({ retention })} />
            <Duration label="Delivery delay" constraint="Should be between 0 seconds and 15 minutes." seconds={value.delay} onChange={(delay) => set({ delay })} />
            <FormField label="Maximum message size" constraintText="KB. Should be between 1 KB and 1024 KB.">
              <Input type="number" value={value.largest} onChange={({ detail }) => set({ largest: detail.value })} />
            </FormField>
            <FormField label="Receive message wait time" constraintText="Seconds. Should be between 0 and 20 seconds.">
              <Input type="number" value={value.wait} onChange={({ detail }) => set({ wait: detail.value })} />
            </FormField>
          </Grid>
          {value.fifo && (
            <>
              <Checkbox checked={value.contentDeduplication} onChange={({ detail }) => set({ contentDeduplication: detail.checked })}>Content-based deduplication</Checkbox>
              <Checkbox checked={value.highThroughput} description="Deduplication and throughput are by message group." onChange={({ detail }) => set({ highThroughput: detail.checked })}>Enable high throughput FIFO</Checkbox>
            </>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Amazon SQS provides in-transit encryption by default. To add at-rest encryption to your queue, enable server-side encryption.">Encryption</Header>}>
        <SpaceBetween size="m">
          <FormField label="Server-side encryption">
            <RadioGroup ariaLabel="Server-side encryption" value={value.encryption === "off" ? "off" : "on"} items={ON_OFF} onChange={({ detail }) => set({ encryption: detail.value === "on" ? "sqs" : "off" })} />
          </FormField>
          {value.encryption !== "off" && (
            <FormField label="Encryption key type">
              <RadioGroup ariaLabel="Encryption key type" value={value.encryption} onChange={({ detail }) => set({ encryption: detail.value === "kms" ? "kms" : "sqs" })} items={[
                { value: "sqs", label: "Amazon SQS key (SSE-SQS)", description: "An encryption key that Amazon SQS creates, manages, and uses for you." },
                { value: "kms", label: "AWS Key Management Service key (SSE-KMS)", description: "An encryption key protected by AWS Key Management Service (AWS KMS)." },
              ]} />
            </FormField>
          )}
          {value.encryption === "kms" && (
            <>
              <KmsKey value={value.key === "alias/aws/sqs" ? "" : value.key} onChange={(key) => set({ key })} ownKey="alias/aws/sqs" />
              <Duration label="Data key reuse period" constraint="Should be between 1 minute and 24 hours." seconds={value.reuse} onChange={(reuse) => set({ reuse })} />
            </>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Define who can access your queue. Without a policy, only the account's own identities can, by their policies.">Access policy</Header>}>
        <TextEditor label="Access policy" language="json" value={pretty(value.policy)} onChange={(policy) => set({ policy })} height={220} />
      </Container>
      <DeadLetters value={value} set={set} />
    </SpaceBetween>
  );
}

function DeadLetters({ value, set }: { value: Settings; set: (part: Partial<Settings>) => void }) {
  const queues = useQueues();
  const options = (queues.data ?? []).filter(({ fifo }) => fifo === value.fifo).map(({ name, arn }) => ({ value: arn, label: name, description: arn }));
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="Identify which source queues can use this queue as the dead-letter queue.">Redrive allow policy</Header>}>
        <SpaceBetween size="m">
          <RadioGroup ariaLabel="Redrive allow policy" value={value.allow === "" ? "off" : "on"} items={ON_OFF} onChange={({ detail }) => set({ allow: detail.value === "on" ? "allowAll" : "" })} />
          {value.allow !== "" && (
            <FormField label="Redrive permission">
              <RadioGroup ariaLabel="Redrive permission" value={value.allow} onChange={({ detail }) => set({ allow: detail.value as Settings["allow"] })} items={[
                { value: "allowAll", label: "Allow all" }, { value: "byQueue", label: "By queue" }, { value: "denyAll", label: "Deny all" },
              ]} />
            </FormField>
          )}
          {value.allow === "byQueue" && (
            <FormField label="Source queue ARNs" constraintText="One a line, at most 10.">
              <Textarea value={value.allowed} onChange={({ detail }) => set({ allowed: detail.value })} />
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Send undeliverable messages to a dead-letter queue.">Dead-letter queue</Header>}>
        <SpaceBetween size="m">
          <RadioGroup ariaLabel="Dead-letter queue" value={value.deadLetters ? "on" : "off"} items={ON_OFF} onChange={({ detail }) => set({ deadLetters: detail.value === "on" })} />
          {value.deadLetters && (
            <>
              <FormField label="Choose queue">
                <Select
                  selectedOption={options.find((option) => option.value === value.deadLetterArn) ?? (value.deadLetterArn === "" ? null : { value: value.deadLetterArn, label: value.deadLetterArn })}
                  options={options}
                  placeholder="Choose an existing queue"
                  filteringType="auto"
                  empty={`There is no other ${value.fifo ? "FIFO" : "standard"} queue.`}
                  onChange={({ detail }) => set({ deadLetterArn: detail.selectedOption.value ?? "" })}
                />
              </FormField>
              <FormField label="Maximum receives" constraintText="Should be between 1 and 1000.">
                <Input type="number" value={value.mostReceives} onChange={({ detail }) => set({ mostReceives: detail.value })} />
              </FormField>
            </>
          )}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
