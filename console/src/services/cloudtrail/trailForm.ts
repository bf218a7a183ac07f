// A trail as the console's form has it, and what has to be done for it.
import { AddTagsCommand, CloudTrailClient, CreateTrailCommand, UpdateTrailCommand, type Trail } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";
import { writtenTags } from "../../aws/tags";
import { allowOnBucket, makeBucket, makeTopic } from "../../aws/grants";
import type { Session } from "../../session/session";

export interface TrailForm {
  name: string;
  multiRegion: boolean;
  bucketFrom: "new" | "existing";
  bucket: string;
  prefix: string;
  encrypt: boolean;
  key: string;
  validation: boolean;
  notify: boolean;
  topicFrom: "new" | "existing";
  topic: string;
  logs: boolean;
  groupFrom: "new" | "existing";
  /** A name of a new group, or the ARN of one that is there. */
  group: string;
  roleFrom: "new" | "existing";
  role: string;
  tags: readonly { key: string; value: string }[];
}

export function newTrail(account: string): TrailForm {
  const number = Math.random().toString(16).slice(2, 10);
  return {
    name: "", multiRegion: true, bucketFrom: "new", bucket: `aws-cloudtrail-logs-${account}-${number}`, prefix: "", encrypt: false, key: "", validation: true,
    notify: false, topicFrom: "new", topic: `aws-cloudtrail-logs-${account}-${number}`,
    logs: false, groupFrom: "new", group: `aws-cloudtrail-logs-${account}-${number}`, roleFrom: "new", role: "CloudTrailRoleForCloudWatchLogs", tags: [],
  };
}

export function formOf(trail: Trail, account: string): TrailForm {
  return {
    ...newTrail(account),
    name: trail.Name ?? "", multiRegion: trail.IsMultiRegionTrail === true, bucketFrom: "existing", bucket: trail.S3BucketName ?? "", prefix: trail.S3KeyPrefix ?? "",
    encrypt: trail.KmsKeyId !== undefined, key: trail.KmsKeyId ?? "", validation: trail.LogFileValidationEnabled === true,
    notify: trail.SnsTopicARN !== undefined, ...(trail.SnsTopicARN !== undefined && { topicFrom: "existing" as const, topic: trail.SnsTopicARN }),
    logs: trail.CloudWatchLogsLogGroupArn !== undefined,
    ...(trail.CloudWatchLogsLogGroupArn !== undefined && {
      groupFrom: "existing" as const, group: trail.CloudWatchLogsLogGroupArn.replace(/:\*$/, ""), roleFrom: "existing" as const, role: trail.CloudWatchLogsRoleArn ?? "",
    }),
  };
}

export function trailProblem(form: TrailForm): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{2,127}$/.test(form.name)) return "A trail's name has 3 to 128 letters, digits, periods, underscores or hyphens, and begins with a letter or digit.";
  if (form.bucket.trim() === "") return "Name the bucket.";
  if (form.encrypt && form.key === "") return "Choose the KMS key.";
  if (form.notify && form.topic === "") return "Choose the topic.";
  if (form.logs && form.group === "") return "Choose the log group.";
  if (form.logs && form.role === "") return "Choose the role.";
  return undefined;
}

/** Makes what is to be made, and creates or changes the trail. Done twice, it finds what it made. */
export async function putTrail(form: TrailForm, { identity: { account }, region }: Session, known: Trail | undefined): Promise<string> {
  const trailArn = known?.TrailARN ?? `arn:aws:cloudtrail:${region}:${account}:trail/${form.name}`;
  const prefix = form.prefix.trim();
  if (form.bucketFrom === "new") {
    await makeBucket(form.bucket, region);
    await allowOnBucket(form.bucket, bucketStatements(form.bucket, prefix, account, trailArn));
  }
  const topic = !form.notify ? undefined : form.topicFrom === "new" ? await makeTopic(form.topic, (arn) => [topicStatement(arn, trailArn)]) : form.topic;
  const group = form.logs ? await logGroup(form) : undefined;
  const role = form.logs ? await logRole(form, account, region, group ?? "") : undefined;
  const wanted = {
    Name: known?.TrailARN ?? form.name,
    S3BucketName: form.bucket.trim(),
    IsMultiRegionTrail: form.multiRegion,
    IncludeGlobalServiceEvents: true,
    EnableLogFileValidation: form.validation,
    // Where a trail is changed, an empty text takes a setting away.
    S3KeyPrefix: prefix !== "" || known !== undefined ? prefix : undefined,
    KmsKeyId: form.encrypt ? form.key : known === undefined ? undefined : "",
    SnsTopicName: topic ?? (known === undefined ? undefined : ""),
    CloudWatchLogsLogGroupArn: group === undefined ? (known === undefined ? undefined : "") : `${group}:*`,
    CloudWatchLogsRoleArn: role ?? (known === undefined ? undefined : ""),
  };
  const trail = client(CloudTrailClient);
  if (known !== undefined) await trail.send(new UpdateTrailCommand(wanted));
  else {
    const tags = writtenTags(form.tags.filter(({ key }) => key !== ""));
    await trail.send(new CreateTrailCommand({ ...wanted, ...(tags.length > 0 && { TagsList: tags }) }));
  }
  return trailArn;
}

function bucketStatements(bucket: string, prefix: string, account: string, trailArn: string) {
  const statement = (Sid: string, Action: string, Resource: string, more: Record<string, string> = {}) => ({
    Sid, Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action, Resource, Condition: { StringEquals: { "AWS:SourceArn": trailArn, ...more } },
  });
  return [
    statement("AWSCloudTrailAclCheck20150319", "s3:GetBucketAcl", `arn:aws:s3:::${bucket}`),
    statement("AWSCloudTrailWrite20150319", "s3:PutObject", `arn:aws:s3:::${bucket}/${prefix === "" ? "" : `${prefix}/`}AWSLogs/${account}/*`, { "s3:x-amz-acl": "bucket-owner-full-control" }),
  ];
}

function topicStatement(topic: string, trailArn: string) {
  return {
    Sid: "AWSCloudTrailSNSPolicy20150319", Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "SNS:Publish", Resource: topic,
    Condition: { StringEquals: { "aws:SourceArn": trailArn } },
  };
}

async function logGroup(form: TrailForm): Promise<string> {
  if (form.groupFrom === "existing") return form.group;
  const logs = client(CloudWatchLogsClient);
  try {
    await logs.send(new CreateLogGroupCommand({ logGroupName: form.group }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "ResourceAlreadyExistsException")) throw error;
  }
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: form.group }));
  return (logGroups?.find(({ logGroupName }) => logGroupName === form.group)?.arn ?? "").replace(/:\*$/, "");
}

async function logRole(form: TrailForm, account: string, region: string, group: string): Promise<string> {
  if (form.roleFrom === "existing") return form.role;
  const iam = client(IAMClient);
  const statement = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "sts:AssumeRole" };
  try {
    await iam.send(new CreateRoleCommand({ RoleName: form.role, AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "EntityAlreadyExistsException")) throw error;
  }
  const Resource = `${group}:log-stream:${account}_CloudTrail_${region}*`;
  await iam.send(new PutRolePolicyCommand({
    RoleName: form.role, PolicyName: "CloudTrailLogs",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource }] }),
  }));
  return `arn:aws:iam::${account}:role/${form.role}`;
}

export async function addTags(arn: string, set: readonly { key: string; value: string }[]): Promise<void> {
  await client(CloudTrailClient).send(new AddTagsCommand({ ResourceId: arn, TagsList: writtenTags(set) }));
}
