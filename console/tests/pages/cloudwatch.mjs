// Clicks through CloudWatch: a metric filter whose metric sets off an alarm that mails, dashboards, queries of Logs Insights, a subscription; and a user who may little.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, DescribeMetricFiltersCommand, DescribeQueryDefinitionsCommand, DescribeSubscriptionFiltersCommand, PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateLoginProfileCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { fromMenu, openWindow, signInAsUser, writeCode } from "../browser.mjs";

const ACCOUNT = "000000000000";
const GROUP = "/shop/calls";
const PASSWORD = "Little-may-he-1";
/** For what the cloud does by itself, on a machine that does a lot besides. */
const PATIENCE = 90_000;
const DENIED = JSON.stringify({ eventName: "GetObject", errorCode: "AccessDenied", user: "carl" });
const FINE = JSON.stringify({ eventName: "GetObject", user: "ann" });

export async function run({ page, go, browser, endpoint }) {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const clients = { cloudwatch: new CloudWatchClient(settings), logs: new CloudWatchLogsClient(settings), iam: new IAMClient(settings), cloudformation: new CloudFormationClient(settings) };
  const ui = { page, go, ...finders(page) };
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await clients.logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "today" }));
  await write(clients, [FINE, DENIED]);
  await metricFilter(ui, clients);
  await alarm(ui, clients);
  await goesOff(ui, clients);
  await compositeAlarm(ui, clients);
  await metrics(ui);
  await dashboard(ui, clients);
  await insights(ui, clients);
  await subscription(ui, clients);
  await mayLittle({ browser, endpoint }, clients);
  await deletion(ui, clients);
}

const finders = (page) => ({
  button: (name) => page.getByRole("button", { name, exact: true }),
  tab: (name) => page.getByRole("tab", { name, exact: true }),
  heading: (name) => page.getByRole("heading", { name, exact: true }),
  dialog: () => page.getByRole("dialog"),
});

/** Events of a minute ago: the period that they are in is over, so that an alarm need not wait for it. */
async function write({ logs }, messages) {
  const timestamp = Date.now() - 60_000;
  await logs.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: "today", logEvents: messages.map((message, at) => ({ timestamp: timestamp + at, message })) }));
}

async function metricFilter({ page, go, button, heading, tab }, { logs }) {
  await go("/cloudwatch/log-groups");
  await page.getByRole("link", { name: GROUP, exact: true }).click();
  await tab("Metric filters").click();
  await button("Create metric filter").click();
  await heading("Define pattern").waitFor();
  await page.getByLabel("Filter pattern").fill('{ $.errorCode = "AccessDenied" }');
  await page.getByRole("button", { name: /^Select log data to test/ }).click();
  await page.getByRole("option", { name: "today", exact: true }).click();
  await page.getByText(FINE).waitFor();
  await button("Test pattern").click();
  await page.getByText("Found 1 match out of 2 events in the sample log.").waitFor();
  await page.getByRole("cell", { name: DENIED }).or(page.getByRole("gridcell", { name: DENIED })).first().waitFor();
  await button("Next").click();
  await page.getByLabel("Filter name").fill("denied");
  await page.getByLabel("Metric namespace").fill("Shop");
  await page.getByLabel("Metric name", { exact: true }).fill("Denied");
  await page.getByLabel("Default value – optional").fill("0");
  await button("Next").click();
  await button("Create metric filter").click();
  await page.getByText("Metric filter denied was created.").waitFor();
  const { metricFilters: [made] } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName: GROUP }));
  assert.equal(made.filterPattern, '{ $.errorCode = "AccessDenied" }');
  assert.deepEqual(made.metricTransformations, [{ metricName: "Denied", metricNamespace: "Shop", metricValue: "1", defaultValue: 0, unit: "None" }]);

  await page.getByRole("checkbox", { name: "Select denied" }).check();
  await button("Edit").click();
  await button("Next").click();
  await page.getByRole("button", { name: /^Unit – optional/ }).click();
  await page.getByRole("option", { name: "Count", exact: true }).click();
  await button("Next").click();
  await button("Save changes").click();
  await page.getByText("Metric filter denied was saved.").waitFor();
  assert.equal((await logs.send(new DescribeMetricFiltersCommand({ logGroupName: GROUP }))).metricFilters[0].metricTransformations[0].unit, "Count");
}

async function alarm({ page, button, heading }, { cloudwatch }) {
  await page.getByRole("checkbox", { name: "Select denied" }).check();
  await button("Create alarm").click();
  await heading("Specify metric and conditions").waitFor();
  await page.getByRole("button", { name: /^Period/ }).click();
  await page.getByRole("option", { name: "1 minute", exact: true }).click();
  await button("Next").click();
  await page.getByText("Define the threshold: it is a number.").waitFor();
  await page.getByRole("radio", { name: "Greater/Equal" }).check();
  await page.getByLabel("than…").fill("1");
  await button("Next").click();
  await heading("Configure actions").waitFor();
  await button("Add notification").click();
  await page.getByRole("radio", { name: "Create new topic" }).check();
  await page.getByLabel("Create a new topic…").fill("denied-calls");
  await page.getByLabel("Email endpoints that will receive the notification…").fill("ann@example.com");
  await button("Create topic").click();
  await page.getByText("Topic denied-calls was created.").waitFor();
  await button("Next").click();
  await page.getByLabel("Alarm name").fill("denied calls");
  await page.getByLabel("Alarm description - optional").fill("Somebody is denied.");
  await button("Next").click();
  await page.getByText("This alarm will trigger when: Denied >= 1 for 1 datapoints within 1 minute").waitFor();
  await button("Create alarm").click();
  await page.getByText("Successfully created alarm denied calls.").waitFor();
  const { MetricAlarms: [made] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["denied calls"] }));
  const { Namespace, MetricName, Statistic, Period, Threshold, ComparisonOperator, EvaluationPeriods, AlarmActions } = made;
  assert.deepEqual({ Namespace, MetricName, Statistic, Period, Threshold, ComparisonOperator, EvaluationPeriods, AlarmActions }, {
    Namespace: "Shop", MetricName: "Denied", Statistic: "Sum", Period: 60, Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1,
    AlarmActions: [`arn:aws:sns:us-east-1:${ACCOUNT}:denied-calls`],
  });
}

/** The mail is confirmed, a call is denied, and the page that is open shows it: nobody presses refresh. */
async function goesOff({ page, go, heading, button, tab, dialog }, clients) {
  await go("/mail/inbox");
  await page.getByRole("link", { name: /Subscription Confirmation/ }).click();
  await button("Confirm subscription").click();
  await page.getByText("Subscription confirmed!").waitFor();
  await go(`/cloudwatch/alarms/${encodeURIComponent("denied calls")}`);
  await heading("denied calls").waitFor();
  const state = page.locator("dt").filter({ hasText: /^State$/ }).locator("xpath=following-sibling::dd[1]");
  await state.getByText(/^(Insufficient data|OK)$/).waitFor();
  await write(clients, [DENIED]);
  await state.getByText("In alarm", { exact: true }).waitFor({ timeout: PATIENCE });
  await page.getByRole("list", { name: "State over time" }).getByRole("listitem", { name: /^In alarm/ }).waitFor();
  await tab("History").click();
  await page.getByRole("gridcell", { name: /^Alarm updated from (INSUFFICIENT_DATA|OK) to ALARM/ }).waitFor();
  await page.getByRole("gridcell", { name: /^Successfully executed action .*:denied-calls/ }).waitFor({ timeout: PATIENCE });
  await page.getByRole("row", { name: /to ALARM/ }).getByRole("link").click();
  await dialog().getByText('"stateValue": "ALARM"').waitFor();
  await dialog().getByRole("button", { name: "Close", exact: true }).last().click();
  await tab("Actions").click();
  await page.getByText('When In alarm: Send message to topic "denied-calls"').waitFor();
  await go("/mail/inbox");
  await page.getByRole("link", { name: /^ALARM: "denied calls"/ }).click();
  await page.getByText("Somebody is denied.").waitFor();
}

async function compositeAlarm({ page, go, button, heading, tab }, { cloudwatch }) {
  await go("/cloudwatch/in-alarm");
  await page.getByRole("link", { name: "denied calls" }).waitFor();
  await go("/cloudwatch/alarms");
  await page.getByRole("checkbox", { name: "Select denied calls" }).check();
  await button("Create composite alarm").click();
  await page.getByText('ALARM("denied calls")').waitFor();
  await writeCode(page, 'ALARM("nothing is called so")');
  for (const _ of [1, 2]) await button("Next").click();
  await page.getByLabel("Alarm name").fill("anything");
  await button("Next").click();
  await button("Create composite alarm").click();
  // The server's own sentence; and back to put it right.
  await page.getByRole("alert").or(page.getByText(/nothing is called so/)).last().waitFor();
  for (const _ of [1, 2, 3]) await button("Previous").click();
  await writeCode(page, 'ALARM("denied calls") AND TRUE');
  for (const _ of [1, 2, 3]) await button("Next").click();
  await button("Create composite alarm").click();
  await page.getByText("Successfully created composite alarm anything.").waitFor();
  await page.locator("dd").getByText("In alarm", { exact: true }).waitFor({ timeout: PATIENCE });
  await tab("Child alarms").click();
  await page.getByRole("link", { name: "denied calls" }).click();
  await heading("denied calls").waitFor();
  await tab("Parent alarms").click();
  await page.getByRole("link", { name: "anything" }).waitFor();
  assert.equal((await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ["CompositeAlarm"] }))).CompositeAlarms[0].AlarmRule, 'ALARM("denied calls") AND TRUE');
  await page.getByRole("combobox", { name: "Search services and resources" }).fill("anything");
  await page.getByRole("option", { name: /^anything.*CloudWatch alarm/ }).click();
  await heading("anything").waitFor();
  await go("/cloudwatch/alarms/denied%20calls");
  await fromMenu(page, button("Actions"), { name: "Disable actions" });
  await page.getByText("Actions of alarm denied calls are disabled.").waitFor();
  assert.equal((await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["denied calls"] }))).MetricAlarms[0].ActionsEnabled, false);
}

async function metrics({ page, go, button, tab }) {
  await go("/cloudwatch/metrics");
  await page.getByRole("button", { name: /^Shop/ }).click();
  await page.getByRole("button", { name: /^Metrics with no dimensions/ }).click();
  await page.getByRole("checkbox", { name: "Select Denied" }).check();
  await tab("Graphed metrics (1)").click();
  await button("Add math").click();
  await page.getByLabel("Expression of e1").fill("m1 * (");
  await page.getByText(/^Cannot read metrics/).waitFor();
  await page.getByLabel("Expression of e1").fill("m1 * 10");
  await page.getByRole("application", { name: "Graph of the selected metrics" }).waitFor();
  await page.getByLabel("Legend").getByText("e1", { exact: true }).waitFor();
  await button("Create alarm for e1").click();
  await page.getByLabel("Metric math expression").and(page.locator('[value="m1 * 10"]')).waitFor();
}

async function dashboard({ page, go, button, heading, dialog }, { cloudwatch }) {
  const create = async () => {
    await dialog().getByRole("button", { name: "Create widget", exact: true }).click();
    await dialog().waitFor({ state: "hidden" });
  };
  await go("/cloudwatch/dashboards");
  await button("Create dashboard").click();
  await page.getByLabel("Dashboard name").fill("shop");
  await dialog().getByRole("button", { name: "Create dashboard", exact: true }).click();
  await heading("shop").waitFor();
  await button("Add widget").click();
  await page.getByLabel("Widget title - optional").fill("Denied calls");
  await dialog().getByRole("button", { name: /^Shop/ }).click();
  await dialog().getByRole("button", { name: /^Metrics with no dimensions/ }).click();
  await page.getByRole("checkbox", { name: "Select Denied" }).check();
  await create();
  await page.getByRole("region", { name: "Denied calls" }).getByRole("application", { name: "Denied calls" }).waitFor();
  await button("Add widget").click();
  await page.getByRole("radio", { name: "Text" }).check();
  await page.getByLabel("Markdown").fill("# The shop\n<script>alert(1)</script>");
  await create();
  await page.getByText("<script>alert(1)</script>").waitFor();
  await fromMenu(page, button("Actions of Text"), { name: "Edit" });
  await page.getByLabel("Markdown").fill("# The *other* shop");
  await button("Update widget").click();
  await heading("The other shop").waitFor();
  await fromMenu(page, button("Actions"), { name: "View/edit source" });
  await dialog().getByText('"widgets"').waitFor();
  await writeCode(page, '{"widgets": [{"type": "text"}]}');
  await button("Update").click();
  await dialog().getByRole("alert").or(dialog().getByText(/^Invalid|The dashboard body is invalid/i)).first().waitFor();
  await button("Cancel").click();
  const { DashboardBody } = await cloudwatch.send(new GetDashboardCommand({ DashboardName: "shop" }));
  assert.deepEqual(JSON.parse(DashboardBody).widgets.map(({ type, x, y }) => [type, x, y]), [["metric", 0, 0], ["text", 12, 0]]);
  await fromMenu(page, button("Actions"), { name: "Delete dashboard" });
  await dialog().getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Dashboard shop was deleted.").waitFor();
  assert.deepEqual((await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries ?? [], []);
}

async function insights({ page, go, button, tab, dialog }, { logs }) {
  await go(`/cloudwatch/log-groups/${encodeURIComponent(GROUP)}`);
  await button("View in Logs Insights").click();
  await page.getByRole("cell", { name: "errorCode" }).waitFor();
  await button("Run query").click();
  await page.getByText("Showing 3 of 3 records matched").waitFor({ timeout: PATIENCE });
  await button("Expand record 1").click();
  await page.getByRole("table", { name: "Fields of the record" }).getByRole("rowheader", { name: "errorCode" }).waitFor();
  await writeCode(page, "filter errorCode = 'AccessDenied'\n| stats count(*) as calls by user");
  await button("Run query").click();
  await page.getByRole("gridcell", { name: "carl" }).waitFor({ timeout: PATIENCE });
  await page.getByText(/Showing 1 of 2 records matched/).waitFor();
  const downloading = page.waitForEvent("download");
  await fromMenu(page, button("Export results"), { name: "Download table (CSV)" });
  assert.equal(readFileSync(await (await downloading).path(), "utf8"), "user,calls\r\ncarl,2\r\n");
  await button("Save").click();
  await page.getByLabel("Query name").fill("denied by user");
  await dialog().getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Query denied by user was saved.").waitFor();
  assert.equal((await logs.send(new DescribeQueryDefinitionsCommand({}))).queryDefinitions[0].queryString, "filter errorCode = 'AccessDenied'\n| stats count(*) as calls by user");
  await writeCode(page, "fields @message | nonsense");
  await button("Run query").click();
  await page.getByText(/MalformedQueryException/).waitFor();
  await tab("Queries").click();
  await page.getByRole("button", { name: "denied by user", exact: true }).click();
  await button("Apply denied by user").click();
  await button("Run query").click();
  await page.getByRole("gridcell", { name: "carl" }).waitFor({ timeout: PATIENCE });
}

const FUNCTION = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }] }
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: reads-log
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import base64, gzip, json
          def handler(event, context):
              data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
              for one in data["logEvents"]:
                  print("was told of", json.loads(one["message"])["user"])
`;

/** A function that is told of events, as its own log and its metrics show. */
async function subscription({ page, go, button, heading }, clients) {
  const { cloudformation, logs } = clients;
  await cloudformation.send(new CreateStackCommand({ StackName: "reader", TemplateBody: FUNCTION, Capabilities: ["CAPABILITY_IAM"] }));
  await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: "reader" });
  await go(`/cloudwatch/log-groups/${encodeURIComponent(GROUP)}?tab=subscription-filters`);
  await button("Create Lambda subscription filter").click();
  await page.getByRole("button", { name: /^Lambda function/ }).click();
  await page.getByRole("option", { name: "reads-log" }).click();
  await page.getByLabel("Subscription filter pattern").fill('{ $.user = "ann" }');
  await page.getByLabel("Subscription filter name").fill("to-reader");
  await button("Start streaming").click();
  await page.getByText(`Log events of ${GROUP} are streamed to reads-log.`).waitFor();
  assert.equal((await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: GROUP }))).subscriptionFilters[0].filterPattern, '{ $.user = "ann" }');
  await write(clients, [FINE, DENIED]);
  await go("/lambda/functions/reads-log?tab=monitor");
  await page.getByRole("gridcell", { name: "was told of ann" }).waitFor({ timeout: PATIENCE });
  await heading("Invocations").waitFor({ timeout: PATIENCE });
  await page.getByRole("application", { name: "Invocations" }).waitFor();
  await go(`/cloudwatch/log-groups/${encodeURIComponent(GROUP)}?tab=subscription-filters`);
  await page.getByRole("checkbox", { name: "Select to-reader" }).check();
  await button("Delete").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Subscription filter to-reader was deleted.").waitFor();
}

async function mayLittle({ browser, endpoint }, { iam, cloudwatch }) {
  const Statement = [{ Effect: "Allow", Action: ["cloudwatch:DescribeAlarm*", "cloudwatch:ListMetrics", "logs:DescribeLogGroups"], Resource: "*" }];
  await iam.send(new CreateUserCommand({ UserName: "carl" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "carl", Password: PASSWORD }));
  await iam.send(new PutUserPolicyCommand({ UserName: "carl", PolicyName: "little", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) }));
  const refused = (action) => new RegExp(`User: arn:aws:iam::${ACCOUNT}:user/carl is not authorized to perform: ${action} .*because no identity-based policy allows the ${action} action`);
  const window = await openWindow(browser, endpoint);
  try {
    const { page, go } = window;
    const { button, dialog } = finders(page);
    await signInAsUser(window, { account: ACCOUNT, userName: "carl", password: PASSWORD });
    await go("/cloudwatch/alarms");
    await page.getByRole("checkbox", { name: "Select denied calls" }).check();
    await fromMenu(page, button("Actions").first(), { name: "Delete" });
    await dialog().getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText(refused("cloudwatch:DeleteAlarms")).waitFor();
    await go("/cloudwatch/alarms/denied%20calls");
    await page.getByText(refused("cloudwatch:GetMetricData")).waitFor();
    await go("/cloudwatch/dashboards");
    await page.getByText(refused("cloudwatch:ListDashboards")).waitFor();
    await go(`/cloudwatch/logs-insights?group=${encodeURIComponent(GROUP)}`);
    await button("Run query").click();
    await page.getByText(refused("logs:StartQuery")).waitFor();
    assert.deepEqual(window.problems, []);
  } finally {
    await window.context.close();
  }
  assert.equal((await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["denied calls"] }))).MetricAlarms.length, 1);
}

async function deletion({ page, go, button, dialog }, { cloudwatch, logs }) {
  for (const name of ["anything", "denied calls"]) {
    await go("/cloudwatch/alarms");
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await fromMenu(page, button("Actions").first(), { name: "Delete" });
    await dialog().getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText(`Deleted alarm ${name}.`).waitFor();
  }
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  assert.deepEqual([MetricAlarms, CompositeAlarms], [[], []]);
  await go(`/cloudwatch/log-groups/${encodeURIComponent(GROUP)}?tab=metric-filters`);
  await page.getByRole("checkbox", { name: "Select denied" }).check();
  await button("Delete").click();
  await dialog().getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("Metric filter denied was deleted.").waitFor();
  assert.deepEqual((await logs.send(new DescribeMetricFiltersCommand({ logGroupName: GROUP }))).metricFilters ?? [], []);
}
