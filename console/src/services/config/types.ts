// How the AWS Config console writes types, states and frequencies.

/** `AWS EC2 SecurityGroup`. */
export function typeName(type: string | undefined): string {
  return (type ?? "").replaceAll("::::", " ").replaceAll("::", " ");
}

/** The page of a recorded resource. */
export function resourceHref(type: string | undefined, id: string | undefined): string {
  return `/config/resources/${encodeURIComponent(type ?? "")}/${encodeURIComponent(id ?? "")}`;
}

export function ruleHref(name: string | undefined): string {
  return `/config/rules/${encodeURIComponent(name ?? "")}`;
}

export const FREQUENCIES = [
  { value: "One_Hour", label: "1 hour" },
  { value: "Three_Hours", label: "3 hours" },
  { value: "Six_Hours", label: "6 hours" },
  { value: "Twelve_Hours", label: "12 hours" },
  { value: "TwentyFour_Hours", label: "24 hours" },
] as const;

export function frequencyName(frequency: string | undefined): string {
  return FREQUENCIES.find(({ value }) => value === frequency)?.label ?? "–";
}

/** The page on which a resource is managed, where the console has one. */
export function managePage(type: string, id: string, name: string | undefined): string | undefined {
  const at = (path: string, key: string) => `${path}/${encodeURIComponent(key)}`;
  switch (type) {
    case "AWS::S3::Bucket": return at("/s3/buckets", id);
    case "AWS::EC2::SecurityGroup": return at("/vpc/security-groups", id);
    case "AWS::EC2::VPC": return at("/vpc/vpcs", id);
    case "AWS::EC2::Subnet": return at("/vpc/subnets", id);
    case "AWS::EC2::RouteTable": return at("/vpc/route-tables", id);
    case "AWS::EC2::InternetGateway": return at("/vpc/internet-gateways", id);
    case "AWS::EC2::NetworkAcl": return at("/vpc/network-acls", id);
    case "AWS::IAM::Role": return name === undefined ? undefined : at("/iam/roles", name);
    case "AWS::IAM::User": return name === undefined ? undefined : at("/iam/users", name);
    case "AWS::IAM::Group": return name === undefined ? undefined : at("/iam/groups", name);
    case "AWS::Lambda::Function": return at("/lambda/functions", name ?? id);
    case "AWS::DynamoDB::Table": return at("/dynamodb/tables", name ?? id);
    case "AWS::SQS::Queue": return name === undefined ? undefined : at("/sqs/queues", name);
    case "AWS::SNS::Topic": return at("/sns/topics", id);
    case "AWS::KMS::Key": return at("/kms/keys", id);
    case "AWS::CloudTrail::Trail": return at("/cloudtrail/trails", name ?? id);
    case "AWS::CloudFormation::Stack": return name === undefined ? undefined : at("/cloudformation/stacks", name);
    default: return undefined;
  }
}

export function triggerName(changes: boolean, periodic: boolean): string {
  if (changes && periodic) return "Periodic and configuration changes";
  return changes ? "Configuration changes" : "Periodic";
}
