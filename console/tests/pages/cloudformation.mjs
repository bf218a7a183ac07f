// Creates a stack by the wizard, looks at its tabs, updates it by a change set, and deletes it.
import assert from "node:assert/strict";
import { fromMenu } from "../browser.mjs";

const TEMPLATE = (visibility) => `
Description: Two queues of a test
Parameters:
  Wait: { Type: Number, Default: 30, MinValue: 1, Description: Seconds that a message stays hidden }
  Kind: { Type: String, AllowedValues: [small, large], Default: small }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: console-test
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }]
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: !Ref Wait, MessageRetentionPeriod: ${visibility} }
Outputs:
  QueueArn: { Value: !GetAtt Queue.Arn, Export: { Name: console-test-queue } }
`;

export async function run({ page, go }) {
  await go("/cloudformation");
  await fromMenu(page, page.getByRole("button", { name: "Create stack" }), { name: "With new resources (standard)" });
  const template = (visibility) => ({ name: "queues.yaml", mimeType: "application/yaml", buffer: Buffer.from(TEMPLATE(visibility)) });
  await page.locator('input[type="file"]').setInputFiles(template(3600));
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("textbox", { name: "Stack name" }).fill("console-test");
  await page.getByRole("textbox", { name: "Wait" }).fill("0");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Acknowledge the capabilities").first().waitFor();
  await page.getByRole("checkbox", { name: /custom names/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Submit" }).click();
  // Bad values are refused in CloudFormation's words, and the wizard keeps what was typed.
  await page.getByText(/ValidationError.*Wait/).first().waitFor();
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByRole("textbox", { name: "Wait" }).fill("45");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("heading", { name: "console-test", level: 1 }).waitFor();
  await page.getByRole("tab", { name: "Stack info" }).click();
  await page.getByRole("tabpanel", { name: "Stack info" }).getByText("CREATE_COMPLETE", { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Resources" }).click();
  await page.getByRole("gridcell", { name: "AWS::SQS::Queue" }).waitFor();
  await page.getByRole("tab", { name: "Outputs" }).click();
  await page.getByRole("gridcell", { name: "console-test-queue", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Parameters" }).click();
  await page.getByRole("gridcell", { name: "45", exact: true }).waitFor();
  await page.getByRole("tab", { name: "Template" }).click();
  await page.getByText("Two queues of a test").first().waitFor();

  await page.getByRole("button", { name: "Update stack" }).click();
  await page.getByRole("radio", { name: "Replace existing template" }).check();
  await page.getByRole("radio", { name: "Upload a template file" }).check();
  await page.locator('input[type="file"]').setInputFiles(template(7200));
  for (const _ of [1, 2]) await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("checkbox", { name: /custom names/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "View change set" }).click();
  await page.getByRole("gridcell", { name: "Modify" }).waitFor();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("tab", { name: "Stack info" }).click();
  await page.getByRole("tabpanel", { name: "Stack info" }).getByText("UPDATE_COMPLETE", { exact: true }).first().waitFor({ timeout: 60_000 });

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await go("/cloudformation/stacks");
  await page.getByText("No stacks. Create one from a template.").waitFor({ timeout: 20_000 });
  assert.equal(await page.getByText("console-test").count(), 0);
}
