import { CloudWatchLogsClient, PutSubscriptionFilterCommand } from "@aws-sdk/client-cloudwatch-logs";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../../aws/clients";
import { failureOf } from "../../../aws/errors";
import { letInvoke } from "../../../aws/grants";
import { useAct } from "../../../aws/queries";
import { useFunctionChoices } from "../../../components/choices";
import { FormPage } from "../../../components/FormPage";
import { useGroup } from "../read";
import { groupPage } from "../service";
import { PatternTest } from "./PatternTest";
import { crumbsOf, filtersPage } from "./read";

/** What CloudWatch Logs invokes functions as: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const PRINCIPAL = "logs.amazonaws.com";

export default function CreateSubscriptionFilter() {
  const { group = "" } = useParams();
  const navigate = useNavigate();
  const known = useGroup(group);
  const functions = useFunctionChoices();
  const [destination, setDestination] = useState("");
  const [pattern, setPattern] = useState("");
  const [name, setName] = useState("");
  const back = () => void navigate(filtersPage(group, "subscription-filters"));
  const start = useAct({
    what: "Start streaming",
    run: async () => {
      await letInvoke(destination, { service: "LogsSubscription", principal: PRINCIPAL, sourceArn: known.data?.arn ?? "" });
      await client(CloudWatchLogsClient).send(new PutSubscriptionFilterCommand({ logGroupName: group, filterName: name, filterPattern: pattern, destinationArn: destination }));
    },
    done: () => `Log events of ${group} are streamed to ${destination.split(":").slice(6).join(":")}.`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage
      title="Create Lambda subscription filter" crumbs={crumbsOf(group, { text: "Create Lambda subscription filter", href: `${groupPage(group)}/create-subscription-filter` })}
      action="Start streaming" busy={start.isPending} error={start.error} disabled={destination === "" || name === "" || known.data === undefined} onSubmit={() => start.mutate(undefined)} onCancel={back}
    >
      <Container header={<Header variant="h2" description="The permission to invoke the function is added to the function's resource-based policy.">Choose destination</Header>}>
        <FormField label="Lambda function" {...(functions.error !== null && { errorText: failureOf(functions.error).message })}>
          <Select
            options={functions.data ?? []} selectedOption={functions.data?.find(({ value }) => value === destination) ?? null} placeholder="Select a function" filteringType="auto" empty="No functions"
            statusType={functions.isLoading ? "loading" : "finished"} onChange={({ detail }) => setDestination(detail.selectedOption.value ?? "")}
          />
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Configure log format and filters</Header>}>
        <SpaceBetween size="m">
          <FormField label="Subscription filter pattern" constraintText="An empty pattern matches all events." stretch><Input value={pattern} onChange={({ detail }) => setPattern(detail.value)} /></FormField>
          <FormField label="Subscription filter name"><Input value={name} onChange={({ detail }) => setName(detail.value)} /></FormField>
        </SpaceBetween>
      </Container>
      <PatternTest group={group} pattern={pattern} />
    </FormPage>
  );
}
