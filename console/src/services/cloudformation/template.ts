// Templates as the wizard hands them to the API.
import { CloudFormationClient, GetTemplateSummaryCommand, type GetTemplateSummaryOutput } from "@aws-sdk/client-cloudformation";
import { client } from "../../aws/clients";
import { currentSession } from "../../session/session";

/** A template by its text or by where it lies in S3, or the one that the stack has. */
export type TemplateSource = { TemplateBody: string } | { TemplateURL: string } | { UsePreviousTemplate: true };

/** The API takes no more bytes than this in a call; larger templates go by way of a bucket, as the AWS console sends all of them. */
const LARGEST_BODY = 51_200;

/** A template's text as a call can carry it. */
export async function sourceOf(text: string, fileName: string): Promise<TemplateSource> {
  if (new Blob([text]).size <= LARGEST_BODY) return { TemplateBody: text };
  const session = currentSession();
  if (session === undefined) throw new Error("Sign in first.");
  const { CreateBucketCommand, HeadBucketCommand, PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const s3 = client(S3Client);
  const bucket = `cf-templates-${session.identity.account}-${session.region}`;
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch {
    const location = session.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: session.region as "eu-west-1" } };
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ...location }));
  }
  const key = `${new Date().toISOString()}-${fileName.replace(/[^\w.-]/g, "_")}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  return { TemplateURL: `${location.origin}/${bucket}/${encodeURIComponent(key)}` };
}

/** What the template declares: parameters, capabilities it needs, resource types. Fails with CloudFormation's sentence where it is no template. */
export async function summaryOf(source: TemplateSource, stack?: string): Promise<GetTemplateSummaryOutput> {
  const what = "UsePreviousTemplate" in source ? { StackName: stack } : source;
  return client(CloudFormationClient).send(new GetTemplateSummaryCommand(what));
}

/** Groups and labels of parameters, as a template's AWS::CloudFormation::Interface gives them. */
export interface Interface {
  groups: readonly { label: string; parameters: readonly string[] }[];
  labels: Readonly<Record<string, string>>;
}

export function interfaceOf(metadata: string | undefined): Interface {
  const none: Interface = { groups: [], labels: {} };
  if (metadata === undefined) return none;
  try {
    const all = JSON.parse(metadata) as Record<string, unknown>;
    const given = all["AWS::CloudFormation::Interface"] as
      | { ParameterGroups?: { Label?: { default?: string }; Parameters?: string[] }[]; ParameterLabels?: Record<string, { default?: string }> }
      | undefined;
    return {
      groups: (given?.ParameterGroups ?? []).map(({ Label, Parameters }) => ({ label: Label?.default ?? "Parameters", parameters: Parameters ?? [] })),
      labels: Object.fromEntries(Object.entries(given?.ParameterLabels ?? {}).map(([name, label]) => [name, label.default ?? name])),
    };
  } catch {
    return none;
  }
}
