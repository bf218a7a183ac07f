// What pages of Lambda read.
import {
  type EventSourceMappingConfiguration, type FunctionConfiguration, GetFunctionCommand, GetFunctionConcurrencyCommand, GetFunctionEventInvokeConfigCommand, GetFunctionRecursionConfigCommand,
  GetPolicyCommand, GetRuntimeManagementConfigCommand, LambdaClient, ListAliasesCommand, ListEventSourceMappingsCommand, ListFunctionsCommand, ListVersionsByFunctionCommand, type AliasConfiguration,
} from "@aws-sdk/client-lambda";
import { client } from "../../aws/clients";
import { isMissing } from "../../aws/errors";
import { every, useRead } from "../../aws/queries";
import type { Found } from "../../app/service";

const FOLLOWS = ["AWS::Lambda::Function", "lambda.*"];

export function useFunctions() {
  return useRead({ key: ["lambda", "functions"], follows: FOLLOWS, read: functions });
}

function functions(): Promise<FunctionConfiguration[]> {
  return every(
    (Marker) => client(LambdaClient).send(new ListFunctionsCommand({ Marker })),
    (answer) => [answer.Functions, answer.NextMarker],
  );
}

export function useFunction(name: string) {
  return useRead({ key: ["lambda", "function", name], follows: FOLLOWS, read: () => client(LambdaClient).send(new GetFunctionCommand({ FunctionName: name })) });
}

/** One statement of the function's resource-based policy. */
export interface PolicyStatement {
  Sid: string;
  Effect: string;
  Principal: unknown;
  Action: unknown;
  Resource: string;
  Condition?: unknown;
}

export function usePolicy(name: string) {
  return useRead({
    key: ["lambda", "policy", name],
    follows: FOLLOWS,
    read: async (): Promise<PolicyStatement[]> => {
      try {
        const { Policy = "{}" } = await client(LambdaClient).send(new GetPolicyCommand({ FunctionName: name }));
        return (JSON.parse(Policy) as { Statement?: PolicyStatement[] }).Statement ?? [];
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
  });
}

export function useMappings(arn: string) {
  return useRead({
    key: ["lambda", "mappings", arn],
    follows: FOLLOWS,
    read: () =>
      every<{ EventSourceMappings?: EventSourceMappingConfiguration[]; NextMarker?: string }, EventSourceMappingConfiguration>(
        (Marker) => client(LambdaClient).send(new ListEventSourceMappingsCommand({ FunctionName: arn, Marker })),
        (answer) => [answer.EventSourceMappings, answer.NextMarker],
      ),
  });
}

/** What stands beside a function's configuration; what is not set is undefined. */
export function useSettings(name: string) {
  return useRead({
    key: ["lambda", "settings", name],
    follows: FOLLOWS,
    read: async () => {
      const lambda = client(LambdaClient);
      const FunctionName = name;
      const [invoke, recursion, runtime, concurrency] = await Promise.all([
        orMissing(lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))),
        lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName })),
        lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName })),
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      ]);
      return {
        invoke,
        recursiveLoop: recursion.RecursiveLoop ?? "Terminate",
        updateRuntimeOn: runtime.UpdateRuntimeOn ?? "Auto",
        reserved: concurrency.ReservedConcurrentExecutions,
      };
    },
  });
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function useVersions(name: string) {
  return useRead({
    key: ["lambda", "versions", name],
    follows: FOLLOWS,
    read: () =>
      every<{ Versions?: FunctionConfiguration[]; NextMarker?: string }, FunctionConfiguration>(
        (Marker) => client(LambdaClient).send(new ListVersionsByFunctionCommand({ FunctionName: name, Marker })),
        (answer) => [answer.Versions, answer.NextMarker],
      ),
  });
}

export function useAliases(name: string) {
  return useRead({
    key: ["lambda", "aliases", name],
    follows: FOLLOWS,
    read: () =>
      every<{ Aliases?: AliasConfiguration[]; NextMarker?: string }, AliasConfiguration>(
        (Marker) => client(LambdaClient).send(new ListAliasesCommand({ FunctionName: name, Marker })),
        (answer) => [answer.Aliases, answer.NextMarker],
      ),
  });
}

export async function found(): Promise<Found[]> {
  return (await functions()).map(({ FunctionName = "" }) => ({ label: FunctionName, href: `/lambda/functions/${FunctionName}`, kind: "Lambda function" }));
}
