import { DeleteFunctionCommand, type GetFunctionCommandOutput, LambdaClient, PublishVersionCommand } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { CodeTab } from "./CodeTab";
import { ConfigurationTab } from "./ConfigurationTab";
import { Export } from "./Export";
import { MonitorTab } from "./MonitorTab";
import { useFunction, useMappings, usePolicy } from "./read";
import { TestTab } from "./TestTab";
import { AliasesTab, VersionsTab } from "./VersionsTab";

export default function Function() {
  const { name = "" } = useParams();
  const read = useFunction(name);
  const [asked, ask] = useSearchParams();
  return (
    <Page
      title={name}
      crumbs={[{ text: "Lambda", href: "/lambda" }, { text: "Functions", href: "/lambda/functions" }, { text: name, href: `/lambda/functions/${name}` }]}
      actions={read.data !== undefined && <Actions of={read.data} />}
    >
      <ReadFailed error={read.error} what="function" />
      {read.data?.Configuration !== undefined && (
        <>
          <Overview of={read.data} />
          <Tabs
            activeTabId={asked.get("tab") ?? "code"}
            onChange={({ detail }) => ask({ tab: detail.activeTabId }, { replace: true })}
            tabs={[
              { id: "code", label: "Code", content: <CodeTab of={read.data} /> },
              { id: "test", label: "Test", content: <TestTab name={name} /> },
              { id: "monitor", label: "Monitor", content: <MonitorTab configuration={read.data.Configuration} /> },
              { id: "configuration", label: "Configuration", content: <ConfigurationTab of={read.data} /> },
              { id: "aliases", label: "Aliases", content: <AliasesTab name={name} /> },
              { id: "versions", label: "Versions", content: <VersionsTab name={name} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}

function Overview({ of: { Configuration, Concurrency } }: { of: GetFunctionCommandOutput }) {
  const mappings = useMappings(Configuration?.FunctionArn ?? "");
  const policy = usePolicy(Configuration?.FunctionName ?? "");
  const invokers = (policy.data ?? []).flatMap(({ Principal }) => {
    const service = (Principal as { Service?: string } | undefined)?.Service;
    return service === undefined ? [] : [service.replace(".amazonaws.com", "")];
  });
  const sources = (mappings.data ?? []).map(({ EventSourceArn = "" }) => EventSourceArn.split(":").slice(2, 3).concat(EventSourceArn.split(/[:/]/).at(-1) ?? "").join(": "));
  return (
    <Container header={<Header variant="h2">Function overview</Header>}>
      <Properties of={[
        ["Description", Configuration?.Description],
        ["Function ARN", <Copyable text={Configuration?.FunctionArn} />],
        ["Last modified", when(Configuration?.LastModified)],
        ["State", Configuration?.StateReason === undefined ? Configuration?.State : `${Configuration.State}: ${Configuration.StateReason}`],
        ["Triggers", [...new Set([...sources, ...invokers])].join(", ")],
        ["Reserved concurrency", Concurrency?.ReservedConcurrentExecutions],
      ]} />
    </Container>
  );
}

function Actions({ of }: { of: GetFunctionCommandOutput }) {
  const navigate = useNavigate();
  const name = of.Configuration?.FunctionName ?? "";
  const [asking, setAsking] = useState<"delete" | "export">();
  const remove = useAct({
    what: "Delete function",
    run: () => client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: name })),
    done: () => `Your Lambda function ${name} was successfully deleted.`,
    after: () => void navigate("/lambda/functions"),
  });
  const publish = useAct({
    what: "Publish new version",
    run: () => client(LambdaClient).send(new PublishVersionCommand({ FunctionName: name })),
    done: ({ Version }) => `Version ${Version} of ${name} was published.`,
  });
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setAsking("export")}>Export to SAM</Button>
      <ButtonDropdown
        items={[{ id: "publish", text: "Publish new version" }, { id: "delete", text: "Delete function" }]}
        onItemClick={({ detail: { id } }) => (id === "publish" ? publish.mutate(undefined) : setAsking("delete"))}
      >
        Actions
      </ButtonDropdown>
      {asking === "export" && <Export of={of} close={() => setAsking(undefined)} />}
      {asking === "delete" && (
        <Confirm title={`Delete function ${name}`} action="Delete" type="confirm" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setAsking(undefined)}>
          Deleting a function permanently removes the function code. The related logs and roles are retained in your account.
        </Confirm>
      )}
    </SpaceBetween>
  );
}
