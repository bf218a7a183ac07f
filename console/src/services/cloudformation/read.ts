// What pages of CloudFormation read.
import {
  type ChangeSetSummary,
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  ListExportsCommand,
  ListImportsCommand,
  type Stack,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import type { StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import type { Found } from "../../app/service";

const FOLLOWS = ["AWS::CloudFormation::Stack", "cloudformation.*"];

export function useStacks() {
  return useRead({ key: ["cloudformation", "stacks"], follows: FOLLOWS, read: stacks });
}

function stacks(): Promise<Stack[]> {
  return every(
    (NextToken) => client(CloudFormationClient).send(new DescribeStacksCommand({ NextToken })),
    (answer) => [answer.Stacks, answer.NextToken],
  );
}

/** A stack by its name, or by its id where it has been deleted. */
export function useStack(name: string) {
  return useRead({
    key: ["cloudformation", "stack", name],
    follows: FOLLOWS,
    read: async () => {
      const { Stacks } = await client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: name }));
      const stack = Stacks?.[0];
      if (stack === undefined) throw new Error(`Stack with id ${name} does not exist`);
      return stack;
    },
  });
}

export function useEvents(name: string) {
  return useRead({
    key: ["cloudformation", "events", name],
    follows: FOLLOWS,
    read: () =>
      every<{ StackEvents?: StackEvent[]; NextToken?: string }, StackEvent>(
        (NextToken) => client(CloudFormationClient).send(new DescribeStackEventsCommand({ StackName: name, NextToken })),
        (answer) => [answer.StackEvents, answer.NextToken],
        1_000,
      ),
  });
}

export function useResources(name: string) {
  return useRead({
    key: ["cloudformation", "resources", name],
    follows: FOLLOWS,
    read: async () => {
      const answer = await client(CloudFormationClient).send(new DescribeStackResourcesCommand({ StackName: name }));
      return answer.StackResources ?? [];
    },
  });
}

export function useTemplate(name: string, stage: "Original" | "Processed" = "Original") {
  return useRead({
    key: ["cloudformation", "template", name, stage],
    follows: FOLLOWS,
    read: async () => {
      const answer = await client(CloudFormationClient).send(new GetTemplateCommand({ StackName: name, TemplateStage: stage }));
      return answer.TemplateBody ?? "";
    },
  });
}

export function useChangeSets(name: string) {
  return useRead({
    key: ["cloudformation", "change-sets", name],
    follows: FOLLOWS,
    read: () =>
      every<{ Summaries?: ChangeSetSummary[]; NextToken?: string }, ChangeSetSummary>(
        (NextToken) => client(CloudFormationClient).send(new ListChangeSetsCommand({ StackName: name, NextToken })),
        (answer) => [answer.Summaries, answer.NextToken],
      ),
  });
}

export function useExports() {
  return useRead({
    key: ["cloudformation", "exports"],
    follows: FOLLOWS,
    read: () =>
      every(
        (NextToken) => client(CloudFormationClient).send(new ListExportsCommand({ NextToken })),
        (answer) => [answer.Exports, answer.NextToken],
      ),
  });
}

/** The stacks that import an export; none where nothing does, which AWS answers as an error. */
export function useImports(name: string | undefined) {
  return useRead({
    key: ["cloudformation", "imports", name],
    follows: FOLLOWS,
    enabled: name !== undefined,
    read: async () => {
      try {
        const answer = await client(CloudFormationClient).send(new ListImportsCommand({ ExportName: name }));
        return answer.Imports ?? [];
      } catch (error) {
        if (error instanceof Error && error.message.includes("is not imported")) return [];
        throw error;
      }
    },
  });
}

export async function found(): Promise<Found[]> {
  return (await stacks()).map(({ StackName = "" }) => ({
    label: StackName, href: `/cloudformation/stacks/${StackName}`, kind: "CloudFormation stack",
  }));
}

/** How a status of a stack, resource or change set is shown. */
export function indicator(status: string | undefined): StatusIndicatorProps.Type {
  if (status === undefined) return "info";
  if (status.includes("FAILED")) return "error";
  if (status.includes("ROLLBACK")) return status.endsWith("COMPLETE") ? "warning" : "in-progress";
  if (status.endsWith("IN_PROGRESS") || status.endsWith("PENDING")) return "in-progress";
  if (status === "DELETE_COMPLETE" || status === "DELETE_SKIPPED") return "stopped";
  return status.endsWith("COMPLETE") || status === "AVAILABLE" ? "success" : "info";
}

/** Whether the stack is busy, so that it cannot be updated or deleted. */
export function isBusy(status: string | undefined): boolean {
  return status?.endsWith("IN_PROGRESS") === true;
}
