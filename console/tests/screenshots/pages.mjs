// Every page of the console, by the name of its picture.
const text = encodeURIComponent;

/** A line of the page "Metrics". */
const ORDERS = [{ id: "m1", label: "Orders", stat: "Sum", period: 300, metric: { namespace: "Shop", name: "Orders", dimensions: [] } }];

export function pagesOf(made) {
  const stack = "/cloudformation/stacks/lab";
  const group = `/cloudwatch/log-groups/${text(`/aws/lambda/${made.function}`)}`;
  const alarm = `/cloudwatch/alarms/${made.alarm}`;
  const bucket = `/s3/buckets/${made.bucket}`;
  const object = `key=${text("Grimms' Fairy Tales.txt")}`;
  const table = `/dynamodb/tables/${made.table}`;
  const functionPage = `/lambda/functions/${made.function}`;
  const security = `/vpc/security-groups/${made.group}`;
  return {
    "home": "/", "switch-role": "/switchrole",
    "cloudformation-stacks": "/cloudformation/stacks", "cloudformation-create-stack": "/cloudformation/create-stack", "cloudformation-stack": stack,
    ...tabs("cloudformation-stack", stack, ["events", "resources", "outputs", "parameters", "template", "changesets"]),
    "cloudformation-update": `${stack}/update`, "cloudformation-create-change-set": `${stack}/create-change-set`, "cloudformation-change-set": `${stack}/change-sets/another-address`,
    "cloudformation-drifts": `${stack}/drifts`, "cloudformation-exports": "/cloudformation/exports",
    "cloudtrail-event-history": "/cloudtrail/events", "cloudtrail-event": `/cloudtrail/events/${made.event}`, "cloudtrail-trails": "/cloudtrail/trails", "cloudtrail-create-trail": "/cloudtrail/create-trail",
    "cloudtrail-trail": `/cloudtrail/trails/${made.trail}`, "cloudtrail-edit-trail": `/cloudtrail/trails/${made.trail}/edit`, "cloudtrail-edit-events": `/cloudtrail/trails/${made.trail}/edit-events`,
    "cloudwatch-overview": "/cloudwatch", "cloudwatch-alarms": "/cloudwatch/alarms", "cloudwatch-in-alarm": "/cloudwatch/in-alarm", "cloudwatch-alarm": alarm, ...tabs("cloudwatch-alarm", alarm, ["tags", "actions", "history", "parents"]),
    "cloudwatch-create-alarm": `/cloudwatch/create-alarm?graph=${text(JSON.stringify(ORDERS))}`, "cloudwatch-edit-alarm": `${alarm}/edit`, "cloudwatch-composite-alarm": "/cloudwatch/alarms/anything-wrong",
    "cloudwatch-create-composite-alarm": `/cloudwatch/create-composite-alarm?alarm=${made.alarm}`, "cloudwatch-dashboards": "/cloudwatch/dashboards", "cloudwatch-dashboard": "/cloudwatch/dashboards/shop",
    "cloudwatch-metrics": "/cloudwatch/metrics", "cloudwatch-metrics-graph": `/cloudwatch/metrics?graph=${text(JSON.stringify(ORDERS))}`, "cloudwatch-logs-insights": `/cloudwatch/logs-insights?group=${text(`/aws/lambda/${made.function}`)}`,
    "cloudwatch-log-groups": "/cloudwatch/log-groups", "cloudwatch-log-group": group, "cloudwatch-log-events": `${group}/events`, "cloudwatch-live-tail": "/cloudwatch/live-tail",
    ...tabs("cloudwatch-log-group", group, ["metric-filters", "subscription-filters"]), "cloudwatch-create-metric-filter": `${group}/create-metric-filter`, "cloudwatch-create-subscription-filter": `${group}/create-subscription-filter`,
    "config-dashboard": "/config/dashboard", "config-get-started": "/config/get-started", "config-rules": "/config/rules", "config-add-rule": "/config/add-rule", "config-rule": "/config/rules/access-logs",
    "config-edit-rule": "/config/rules/access-logs/edit", "config-remediation": "/config/rules/access-logs/remediation", "config-resources": "/config/resources",
    "config-resource": `/config/resources/${text("AWS::S3::Bucket")}/${made.bucket}`, ...tabs("config-resource", `/config/resources/${text("AWS::S3::Bucket")}/${made.bucket}`, ["timeline", "relationships"]),
    "config-controls": "/config/controls", "config-control": "/config/controls/SC-28", "config-settings": "/config/settings", "config-edit-settings": "/config/settings/edit",
    "dynamodb-tables": "/dynamodb/tables", "dynamodb-create-table": "/dynamodb/create-table", "dynamodb-table": table, "dynamodb-create-index": `${table}/create-index`,
    "dynamodb-explore": `/dynamodb/explore?table=${made.table}`, "dynamodb-create-item": `/dynamodb/edit-item?table=${made.table}`, "dynamodb-backups": "/dynamodb/backups",
    "eventbridge-buses": "/events/buses", "eventbridge-create-bus": "/events/create-bus", "eventbridge-bus": "/events/buses/default", "eventbridge-rules": "/events/rules", "eventbridge-create-rule": "/events/create-rule",
    "eventbridge-rule": "/events/buses/default/rules/compliance-changes", "eventbridge-edit-rule": "/events/buses/default/rules/compliance-changes/edit", "eventbridge-send": "/events/send",
    "iam-dashboard": "/iam/dashboard", "iam-groups": "/iam/groups", "iam-group": "/iam/groups/auditors", "iam-users": "/iam/users", "iam-user": "/iam/users/ann", "iam-roles": "/iam/roles",
    "iam-role": `/iam/roles/${made.role}`, "iam-edit-trust": `/iam/roles/${made.role}/trust`, "iam-policies": "/iam/policies", "iam-policy": `/iam/policies/${text(made.policy)}`,
    "iam-edit-policy": `/iam/policies/${text(made.policy)}/edit`, "iam-create-group": "/iam/create/group", "iam-create-user": "/iam/create/user", "iam-create-role": "/iam/create/role",
    "iam-create-policy": "/iam/create/policy", "iam-attach-policies": `/iam/attach/role/${made.role}`, "iam-inline-policy": `/iam/inline/role/${made.role}`, "iam-account-settings": "/iam/account-settings",
    "iam-credential-report": "/iam/credential-report", "iam-simulator": "/iam/simulator", "iam-security-credentials": "/iam/security-credentials",
    "kms-keys": "/kms/keys", "kms-aws-managed": "/kms/aws-managed", "kms-create-key": "/kms/create-key", "kms-key": `/kms/keys/${made.key}`,
    "labs": "/labs", "labs-guide": "/labs/guides/remediate-with-config", "labs-attempts": "/labs/attempts", "labs-classes": "/labs/classes",
    "lambda-functions": "/lambda/functions", "lambda-create-function": "/lambda/create-function", "lambda-function": functionPage,
    ...tabs("lambda-function", functionPage, ["test", "monitor", "configuration", "aliases", "versions"]), "lambda-layers": "/lambda/layers",
    "mail-inbox": "/mail/inbox", ...(made.message !== undefined && { "mail-message": `/mail/inbox/${text(made.message)}` }),
    "s3-buckets": "/s3/buckets", "s3-create-bucket": "/s3/create-bucket", "s3-bucket": bucket, ...tabs("s3-bucket", bucket, ["properties", "permissions", "management"]),
    "s3-upload": `${bucket}/upload`, "s3-create-folder": `${bucket}/create-folder`, "s3-object": `${bucket}/object?${object}`, "s3-empty-bucket": `${bucket}/empty`, "s3-delete-bucket": `${bucket}/delete`,
    "s3-notification": `${bucket}/notification`, "s3-lifecycle": `${bucket}/lifecycle`,
    "sns-topics": "/sns/topics", "sns-create-topic": "/sns/create-topic", "sns-topic": `/sns/topics/${made.topic}`, "sns-edit-topic": `/sns/topics/${made.topic}/edit`, "sns-publish": `/sns/topics/${made.topic}/publish`,
    "sns-subscriptions": "/sns/subscriptions", "sns-create-subscription": "/sns/create-subscription",
    ...(made.subscription !== undefined && { "sns-subscription": `/sns/subscriptions/${made.subscription}`, "sns-edit-subscription": `/sns/subscriptions/${made.subscription}/edit` }),
    "sqs-queues": "/sqs/queues", "sqs-create-queue": "/sqs/create-queue", "sqs-queue": `/sqs/queues/${made.queue}`, ...tabs("sqs-queue", `/sqs/queues/${made.queue}`, ["monitoring"]), "sqs-edit-queue": `/sqs/queues/${made.queue}/edit`, "sqs-messages": `/sqs/queues/${made.queue}/messages`,
    "systems-manager-executions": "/systems-manager/executions", "systems-manager-execution": `/systems-manager/executions/${made.execution}`, "systems-manager-execute": "/systems-manager/execute",
    "systems-manager-documents": "/systems-manager/documents", "systems-manager-document": "/systems-manager/documents/AWS-ConfigureS3BucketVersioning",
    "systems-manager-create-document": "/systems-manager/create-document", "systems-manager-parameters": "/systems-manager/parameters",
    "systems-manager-create-parameter": "/systems-manager/create-parameter", "systems-manager-parameter": `/systems-manager/parameters/${text("/inbox/limit")}`,
    "vpc-vpcs": "/vpc/vpcs", "vpc-vpc": `/vpc/vpcs/${made.vpc}`, "vpc-subnets": "/vpc/subnets", "vpc-subnet": `/vpc/subnets/${made.subnet}`, "vpc-route-tables": "/vpc/route-tables",
    "vpc-route-table": `/vpc/route-tables/${made.routes}`, "vpc-edit-routes": `/vpc/route-tables/${made.routes}/routes`, "vpc-internet-gateways": "/vpc/internet-gateways",
    "vpc-internet-gateway": `/vpc/internet-gateways/${made.gateway}`, "vpc-dhcp-option-sets": "/vpc/dhcp-option-sets", "vpc-prefix-lists": "/vpc/prefix-lists", "vpc-network-interfaces": "/vpc/network-interfaces",
    "vpc-network-acls": "/vpc/network-acls", "vpc-network-acl": `/vpc/network-acls/${made.acl}`, "vpc-security-groups": "/vpc/security-groups", "vpc-create-security-group": "/vpc/create-security-group",
    "vpc-security-group": security, "vpc-edit-inbound-rules": `${security}/inbound`,
  };
}

function tabs(name, path, of) {
  return Object.fromEntries(of.map((tab) => [`${name}-${tab}`, `${path}?tab=${tab}`]));
}
