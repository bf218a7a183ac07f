// Makes a function, changes its code and settings, runs it, and finds its log.
import { writeCode } from "../browser.mjs";

export async function run({ page, go }) {
  await go("/lambda");
  await page.getByRole("button", { name: "Create function" }).click();
  await page.getByRole("textbox", { name: "Function name" }).fill("console-test");
  await page.getByRole("button", { name: "Create function" }).click();
  await page.getByRole("heading", { name: "console-test", level: 1 }).waitFor();

  // The editor holds what was made; what is typed is deployed.
  await page.getByText("lambda_handler").first().waitFor();
  await writeCode(page, 'def lambda_handler(event, context):\n    print("revoking for", event["group"])\n    return {"seen": event["group"]}\n');
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText("Successfully updated the function console-test.").first().waitFor();

  await page.getByRole("tab", { name: "Test" }).click();
  await page.getByText("key1").first().waitFor();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  // The event has no group: the failure is shown with its log.
  await page.getByText("Executing function: failed").waitFor({ timeout: 30_000 });
  await page.getByText("KeyError").first().waitFor();
  await writeCode(page, '{"group": "sg-1"}');
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByText("Executing function: succeeded").waitFor({ timeout: 30_000 });

  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Timeout" }).or(page.getByRole("spinbutton", { name: "Timeout" })).fill("300");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("5 min 0 sec").waitFor();
  await page.getByRole("tab", { name: "Asynchronous invocation" }).click();
  await page.getByText("(21600 seconds)").waitFor();
  await page.getByRole("tab", { name: "Permissions" }).click();
  await page.getByText("AWSLambdaBasicExecutionRole").first().waitFor();

  await page.getByRole("button", { name: "Export to SAM" }).click();
  await page.getByText("AWS::Serverless-2016-10-31").first().waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await page.getByRole("tab", { name: "Monitor" }).click();
  await page.getByRole("button", { name: "View CloudWatch logs" }).click();
  await page.getByRole("button", { name: "Search log group" }).click();
  await page.getByRole("searchbox", { name: "Filter events" }).fill('"revoking for sg"');
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("gridcell", { name: "revoking for sg-1" }).waitFor();
  await page.getByRole("gridcell", { name: /KeyError/ }).waitFor({ state: "hidden" });
}
