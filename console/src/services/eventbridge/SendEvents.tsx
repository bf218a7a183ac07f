import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { TextEditor } from "../../components/TextEditor";
import { useBuses } from "./read";

export default function SendEvents() {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const buses = useBuses();
  const [bus, setBus] = useState(query.get("bus") ?? "default");
  const [source, setSource] = useState("");
  const [type, setType] = useState("");
  const [resources, setResources] = useState("");
  const [detail, setDetail] = useState("{}");
  const [sent, setSent] = useState<string>();
  const send = useAct({
    what: "Send events",
    run: async () => {
      setSent(undefined);
      const { Entries } = await client(EventBridgeClient).send(new PutEventsCommand({
        Entries: [{
          EventBusName: bus, Source: source, DetailType: type, Detail: detail,
          ...(resources.trim() !== "" && { Resources: resources.split(",").map((arn) => arn.trim()) }),
        }],
      }));
      const [entry] = Entries ?? [];
      if (entry?.ErrorCode !== undefined) {
        const error = new Error(entry.ErrorMessage);
        error.name = entry.ErrorCode;
        throw error;
      }
      return entry?.EventId ?? "";
    },
    after: (id) => setSent(id),
    quiet: true,
  });
  return (
    <FormPage
      title="Send events" action="Send" busy={send.isPending} error={send.error} onSubmit={() => send.mutate(undefined)} onCancel={() => void navigate("/events/buses")}
      description="Puts an event on a bus, to try its rules."
      crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Event buses", href: "/events/buses" }, { text: "Send events", href: "/events/send" }]}
    >
      <Container header={<Header variant="h2">Event detail</Header>}>
        <SpaceBetween size="l">
          <FormField label="Event bus">
            <Select options={(buses.data ?? []).map(({ Name = "" }) => ({ value: Name }))} selectedOption={{ value: bus }} onChange={(event) => setBus(event.detail.selectedOption.value ?? "default")} />
          </FormField>
          <FormField label="Event source" constraintText="Such as com.example.orders. Sources that begin with aws. are AWS's own."><Input value={source} onChange={(event) => setSource(event.detail.value)} /></FormField>
          <FormField label="Detail type"><Input value={type} onChange={(event) => setType(event.detail.value)} /></FormField>
          <FormField label="Resources - optional" constraintText="ARNs with commas between them"><Input value={resources} onChange={(event) => setResources(event.detail.value)} /></FormField>
          <FormField label="Event detail" stretch><TextEditor label="Event detail" language="json" value={detail} onChange={setDetail} height={220} /></FormField>
        </SpaceBetween>
      </Container>
      {sent !== undefined && <Alert type="success" header="Event sent">{sent}</Alert>}
    </FormPage>
  );
}
