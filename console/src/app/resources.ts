// Where in the console a resource is shown, by its CloudFormation type.

type PageOf = (physicalId: string) => string;

/** After the last slash or colon: the name within an ARN, or the URL of a queue. */
const last = (id: string) => id.split(/[/:]/).at(-1) ?? id;

const PAGES: Readonly<Record<string, PageOf>> = {
  "AWS::CloudFormation::Stack": (id) => `/cloudformation/stacks/${id.includes(":stack/") ? (id.split("/")[1] ?? id) : id}`,
  "AWS::Config::ConfigRule": (id) => `/config/rules/${encodeURIComponent(id)}`,
  "AWS::DynamoDB::Table": (id) => `/dynamodb/tables/${id}`,
  "AWS::EC2::SecurityGroup": (id) => `/vpc/security-groups/${id}`,
  "AWS::EC2::VPC": (id) => `/vpc/vpcs/${id}`,
  "AWS::IAM::Group": (id) => `/iam/groups/${id}`,
  "AWS::IAM::ManagedPolicy": (id) => `/iam/policies/${encodeURIComponent(id)}`,
  "AWS::IAM::Role": (id) => `/iam/roles/${last(id)}`,
  "AWS::IAM::User": (id) => `/iam/users/${last(id)}`,
  "AWS::KMS::Key": (id) => `/kms/keys/${last(id)}`,
  "AWS::Lambda::Function": (id) => `/lambda/functions/${last(id)}`,
  "AWS::Logs::LogGroup": (id) => `/cloudwatch/log-groups/${encodeURIComponent(id)}`,
  "AWS::S3::Bucket": (id) => `/s3/buckets/${id}`,
  "AWS::SNS::Topic": (id) => `/sns/topics/${last(id)}`,
  "AWS::SQS::Queue": (id) => `/sqs/queues/${last(id)}`,
};

/** The page of a resource, or undefined where the console has none for its type. */
export function pageOf(type: string, physicalId: string): string | undefined {
  return PAGES[type]?.(physicalId);
}
