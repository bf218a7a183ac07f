import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import Tabs from "@cloudscape-design/components/tabs";
import { Asynchronous, Concurrency } from "./configuration/Behaviour";
import { Environment } from "./configuration/Environment";
import { FunctionTags } from "./configuration/FunctionTags";
import { General } from "./configuration/General";
import { Permissions } from "./configuration/Permissions";
import { Triggers } from "./configuration/Triggers";

export function ConfigurationTab({ of }: { of: GetFunctionCommandOutput }) {
  const configuration = of.Configuration ?? {};
  const name = configuration.FunctionName ?? "";
  return (
    <Tabs
      variant="container"
      tabs={[
        { id: "general", label: "General configuration", content: <General configuration={configuration} /> },
        { id: "triggers", label: "Triggers", content: <Triggers configuration={configuration} /> },
        { id: "permissions", label: "Permissions", content: <Permissions configuration={configuration} /> },
        { id: "environment", label: "Environment variables", content: <Environment configuration={configuration} /> },
        { id: "tags", label: "Tags", content: <FunctionTags arn={configuration.FunctionArn ?? ""} tags={of.Tags ?? {}} /> },
        { id: "asynchronous", label: "Asynchronous invocation", content: <Asynchronous name={name} /> },
        { id: "concurrency", label: "Concurrency and recursion detection", content: <Concurrency name={name} /> },
      ]}
    />
  );
}
