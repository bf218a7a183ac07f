// Where in the console a resource is shown, by its CloudFormation type.

type PageOf = (physicalId: string) => string;

/** After the last slash or colon: the name within an ARN, or the URL of a queue. */
const last = (id: string) => id.split(/[/:]/).at(-1) ?? id;

/** `NAME`, `BUS|NAME`, or an ARN that ends in rule/NAME or rule/BUS/NAME. */
function ruleOfBus(id: string): string {
  const parts = id.includes(":rule/") ? id.slice(id.indexOf(":rule/") + 6).split("/") : id.split("|");
  const [bus, name] = parts.length > 1 ? parts : ["default", parts[0] ?? id];
  return `/events/buses/${encodeURIComponent(bus ?? "default")}/rules/${encodeURIComponent(name ?? id)}`;
}

/** `NAME`, or an ARN that ends in alarm:NAME; a name may hold colons. */
function alarmOf(id: string): string {
  return `/cloudwatch/alarms/${encodeURIComponent(/^arn:[^:]*:cloudwatch:[^:]*:\d*:alarm:(.*)$/s.exec(id)?.[1] ?? id)}`;
}

const PAGES: Readonly<Record<string, PageOf>> = {
  "AWS::CloudFormation::Stack": (id) => `/cloudformation/stacks/${id.includes(":stack/") ? (id.split("/")[1] ?? id) : id}`,
  "AWS::CloudTrail::Trail": (id) => `/cloudtrail/trails/${last(id)}`,
  "AWS::CloudWatch::Alarm": alarmOf,
  "AWS::CloudWatch::CompositeAlarm": alarmOf,
  "AWS::CloudWatch::Dashboard": (id) => `/cloudwatch/dashboards/${encodeURIComponent(last(id))}`,
  "AWS::Config::ConfigRule": (id) => `/config/rules/${encodeURIComponent(id)}`,
  "AWS::DynamoDB::Table": (id) => `/dynamodb/tables/${id}`,
  "AWS::EC2::InternetGateway": (id) => `/vpc/internet-gateways/${id}`,
  "AWS::EC2::NetworkAcl": (id) => `/vpc/network-acls/${id}`,
  "AWS::EC2::RouteTable": (id) => `/vpc/route-tables/${id}`,
  "AWS::EC2::SecurityGroup": (id) => `/vpc/security-groups/${id}`,
  "AWS::EC2::Subnet": (id) => `/vpc/subnets/${id}`,
  "AWS::EC2::VPC": (id) => `/vpc/vpcs/${id}`,
  "AWS::Events::EventBus": (id) => `/events/buses/${encodeURIComponent(last(id))}`,
  "AWS::Events::Rule": ruleOfBus,
  "AWS::IAM::Group": (id) => `/iam/groups/${id}`,
  "AWS::IAM::ManagedPolicy": (id) => `/iam/policies/${encodeURIComponent(id)}`,
  "AWS::IAM::Role": (id) => `/iam/roles/${last(id)}`,
  "AWS::IAM::User": (id) => `/iam/users/${last(id)}`,
  "AWS::KMS::Key": (id) => `/kms/keys/${last(id)}`,
  "AWS::Lambda::Function": (id) => `/lambda/functions/${last(id)}`,
  "AWS::Logs::LogGroup": (id) => `/cloudwatch/log-groups/${encodeURIComponent(id)}`,
  "AWS::S3::Bucket": (id) => `/s3/buckets/${id}`,
  "AWS::SNS::Topic": (id) => `/sns/topics/${id}`,
  "AWS::SQS::Queue": (id) => `/sqs/queues/${last(id)}`,
  "AWS::SSM::Document": (id) => `/systems-manager/documents/${encodeURIComponent(id)}`,
  "AWS::SSM::Parameter": (id) => `/systems-manager/parameters/${encodeURIComponent(id)}`,
};

/** The page of a resource, or undefined where the console has none for its type. */
export function pageOf(type: string, physicalId: string): string | undefined {
  return PAGES[type]?.(physicalId);
}
