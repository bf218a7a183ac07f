// A function as a template of AWS SAM, as "Export" > "SAM template" of the Lambda console gives it.
import type { EventSourceMappingConfiguration, FunctionConfiguration } from "@aws-sdk/client-lambda";

interface Beside {
  mappings: readonly EventSourceMappingConfiguration[];
  /** The statements of the execution role's policies. */
  statements: readonly unknown[];
  invoke?: { MaximumEventAgeInSeconds?: number; MaximumRetryAttempts?: number };
  recursiveLoop: string;
  updateRuntimeOn: string;
  tags: Readonly<Record<string, string>>;
}

export function samTemplate(configuration: FunctionConfiguration, beside: Beside): string {
  const { FunctionName = "function", Environment, EphemeralStorage, Architectures, SnapStart } = configuration;
  const logical = FunctionName.replace(/[^A-Za-z0-9]/g, "") || "Function";
  const events = beside.mappings.map((mapping, index) => [`Source${index + 1}`, eventOf(mapping)] as const);
  const properties: Record<string, unknown> = {
    CodeUri: ".",
    Description: configuration.Description ?? "",
    MemorySize: configuration.MemorySize,
    Timeout: configuration.Timeout,
    Handler: configuration.Handler,
    Runtime: configuration.Runtime,
    Architectures: Architectures ?? ["x86_64"],
    EphemeralStorage: { Size: EphemeralStorage?.Size ?? 512 },
    ...(Environment?.Variables !== undefined && { Environment: { Variables: Environment.Variables } }),
    EventInvokeConfig: {
      MaximumEventAgeInSeconds: beside.invoke?.MaximumEventAgeInSeconds ?? 21_600,
      MaximumRetryAttempts: beside.invoke?.MaximumRetryAttempts ?? 2,
    },
    PackageType: configuration.PackageType ?? "Zip",
    ...(beside.statements.length > 0 && { Policies: [{ Version: "2012-10-17", Statement: beside.statements }] }),
    RecursiveLoop: beside.recursiveLoop,
    SnapStart: { ApplyOn: SnapStart?.ApplyOn ?? "None" },
    RuntimeManagementConfig: { UpdateRuntimeOn: beside.updateRuntimeOn },
    ...(Object.keys(beside.tags).length > 0 && { Tags: beside.tags }),
    ...(events.length > 0 && { Events: Object.fromEntries(events) }),
  };
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Transform: "AWS::Serverless-2016-10-31",
    Description: `An AWS Serverless Application Model template describing the function ${FunctionName}.`,
    Resources: { [logical]: { Type: "AWS::Serverless::Function", Properties: properties } },
  };
  return yaml(template, 0);
}

function eventOf(mapping: EventSourceMappingConfiguration): unknown {
  const arn = mapping.EventSourceArn ?? "";
  if (arn.includes(":sqs:")) return { Type: "SQS", Properties: { Queue: arn, BatchSize: mapping.BatchSize, Enabled: mapping.State === "Enabled" } };
  return {
    Type: "DynamoDB",
    Properties: { Stream: arn, BatchSize: mapping.BatchSize, StartingPosition: mapping.StartingPosition ?? "LATEST", Enabled: mapping.State === "Enabled" },
  };
}

/** YAML of plain data; strings that YAML would read as something else are quoted. */
function yaml(value: unknown, depth: number): string {
  const indent = "  ".repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return " []\n";
    return value.map((item) => `${indent}- ${yaml(item, depth + 1).trimStart()}`).join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, content]) => content !== undefined);
    if (entries.length === 0) return " {}\n";
    return entries
      .map(([key, content]) => {
        const below = yaml(content, depth + 1);
        const nested = typeof content === "object" && content !== null && !/^ [[{]/.test(below);
        return `${indent}${scalar(key)}:${nested ? "\n" : below.startsWith(" ") ? "" : " "}${below}`;
      })
      .join("");
  }
  return `${typeof value === "string" ? scalar(value) : String(value)}\n`;
}

function scalar(text: string): string {
  return /^[A-Za-z_][\w./-]*( [\w./-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : quoted(text);
}

/** JSON's quotes are YAML's, but YAML takes some letters for line breaks, and others not at all, where they are not escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
