// What of a topic's messages a subscription gets, and where those go that cannot be delivered.
import Container from "@cloudscape-design/components/container";
import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { pretty, TextEditor } from "../../components/TextEditor";

export interface Wanted {
  filter: string;
  scope: "MessageAttributes" | "MessageBody";
  deadLetterArn: string;
  raw: boolean;
}

export const NOTHING: Wanted = { filter: "", scope: "MessageAttributes", deadLetterArn: "", raw: false };

export function wantedOf(attributes: Record<string, string>): Wanted {
  const redrive = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as { deadLetterTargetArn?: string };
  return {
    filter: pretty(attributes["FilterPolicy"] ?? ""),
    scope: attributes["FilterPolicyScope"] === "MessageBody" ? "MessageBody" : "MessageAttributes",
    deadLetterArn: redrive.deadLetterTargetArn ?? "",
    raw: attributes["RawMessageDelivery"] === "true",
  };
}

/** As SNS takes them; what is empty is taken back to its default. */
export function attributesOf({ filter, scope, deadLetterArn, raw }: Wanted): Record<string, string> {
  return {
    // Before the policy: which policies are valid depends on the scope.
    FilterPolicyScope: filter.trim() === "" ? "" : scope,
    FilterPolicy: filter.trim(),
    RedrivePolicy: deadLetterArn === "" ? "" : JSON.stringify({ deadLetterTargetArn: deadLetterArn }),
    RawMessageDelivery: String(raw),
  };
}

export function FilterSettings({ protocol, value, onChange, open = false }: { protocol: string; value: Wanted; onChange: (value: Wanted) => void; open?: boolean }) {
  const set = (part: Partial<Wanted>) => onChange({ ...value, ...part });
  return (
    <SpaceBetween size="l">
      {["sqs", "http", "https"].includes(protocol) && (
        <Container>
          <Checkbox checked={value.raw} onChange={({ detail }) => set({ raw: detail.checked })}>Enable raw message delivery</Checkbox>
        </Container>
      )}
      <ExpandableSection variant="container" defaultExpanded={open} headerText="Subscription filter policy - optional" headerDescription="This policy filters the messages that a subscriber receives.">
        <SpaceBetween size="m">
          <FormField label="Subscription filter policy scope">
            <RadioGroup ariaLabel="Subscription filter policy scope" value={value.scope} onChange={({ detail }) => set({ scope: detail.value === "MessageBody" ? "MessageBody" : "MessageAttributes" })} items={[
              { value: "MessageAttributes", label: "Message attributes", description: "The filter policy will be applied to the message attributes." },
              { value: "MessageBody", label: "Message body", description: "The filter policy will be applied to the message body." },
            ]} />
          </FormField>
          <TextEditor label="Filter policy" language="json" value={value.filter} onChange={(filter) => set({ filter })} height={200} />
        </SpaceBetween>
      </ExpandableSection>
      <ExpandableSection variant="container" defaultExpanded={open} headerText="Redrive policy (dead-letter queue) - optional" headerDescription="Send undeliverable messages to a dead-letter queue.">
        <FormField label="Dead-letter queue ARN" constraintText="A standard queue in the subscription's account and Region. Empty: undeliverable messages are lost.">
          <Input value={value.deadLetterArn} placeholder="arn:aws:sqs:…" onChange={({ detail }) => set({ deadLetterArn: detail.value.trim() })} />
        </FormField>
      </ExpandableSection>
    </SpaceBetween>
  );
}
