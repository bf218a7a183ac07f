// Without a mouse: a stack is made, and the inbound rules of a security group are edited, by keys alone. What is reached has a name and shows that it is focused.
import assert from "node:assert/strict";
import { DescribeStacksCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CreateSecurityGroupCommand, DescribeSecurityGroupRulesCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { settingsOf } from "./steps.mjs";

const TEMPLATE = "Description: By keys\nResources: { Queue: { Type: AWS::SQS::Queue } }\n";
const FAR = 120;

export async function run({ page, go, endpoint }) {
  const keys = keysOf(page);
  await inboundRules({ page, go, endpoint, keys });
  await stack({ page, go, endpoint, keys });
}

/** The keys of a person who looks for what is called so. */
function keysOf(page) {
  const press = (key) => page.keyboard.press(key);
  /** What is focused: its role and name, as assistive technology is told them. */
  const focused = () => page.evaluate(() => {
    const element = document.activeElement === document.body ? null : document.activeElement;
    const labelled = element?.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id)?.innerText ?? "").join(" ");
    const label = element?.id === undefined || element.id === "" ? undefined : document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.innerText;
    const name = element?.getAttribute("aria-label") ?? labelled ?? label ?? element?.innerText ?? "";
    return { tag: element?.tagName ?? "", name: name.replace(/\s+/g, " ").trim() };
  });
  const seen = () => page.evaluate(() => {
    const element = document.activeElement;
    const { width, height } = element?.getBoundingClientRect() ?? { width: 0, height: 0 };
    return document.activeElement !== document.body && (width > 0 || height > 0);
  });
  return {
    press,
    type: (text) => page.keyboard.insertText(text),
    focused,
    /** Goes on (or back) with the tabulator until what is focused is called so. */
    to: async (name, { back = false } = {}) => {
      const passed = [];
      for (let steps = 0; steps < FAR; steps += 1) {
        await press(back ? "Shift+Tab" : "Tab");
        const at = await focused();
        passed.push(at.name.slice(0, 60));
        if (name.test(at.name)) {
          assert.ok(await seen(), `${at.name} is focused and cannot be seen`);
          return at;
        }
      }
      return assert.fail(`the tabulator never comes to ${name}; it passed ${passed.join(" | ")}`);
    },
  };
}

async function inboundRules({ page, go, endpoint, keys: { to, press, type, focused } }) {
  const ec2 = new EC2Client(settingsOf(endpoint));
  const { Vpcs: [{ VpcId }] } = await ec2.send(new DescribeVpcsCommand({}));
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "by-keys", Description: "By keys" }));
  await go(`/vpc/security-groups/${GroupId}`);
  await page.getByRole("heading", { level: 1, name: new RegExp(GroupId) }).waitFor();
  await page.getByRole("button", { name: "Edit inbound rules" }).waitFor();
  await to(/^Edit inbound rules$/);
  await press("Enter");
  await page.getByRole("heading", { name: "Edit inbound rules", level: 1 }).waitFor();
  await to(/^Add rule$/);
  await press("Enter");
  await page.getByRole("button", { name: /^Type/ }).waitFor();
  // Whoever added a row is in it.
  await to(/Type/, { back: !/Type|Security group/.test((await focused()).name) });
  await press("Enter");
  await type("HTTPS");
  await page.getByRole("option", { name: /^HTTPS\b/ }).waitFor();
  await press("ArrowDown");
  await press("Enter");
  await page.getByRole("button", { name: /^Type HTTPS/ }).waitFor();
  await to(/Source type|type/);
  await press("Enter");
  await page.getByRole("option", { name: "Anywhere-IPv4" }).waitFor();
  await press("ArrowDown");
  await press("Enter");
  await page.getByRole("button", { name: /^Source type Anywhere-IPv4/ }).waitFor();
  await to(/^Description/);
  await type("By keys");
  await to(/^Save rules$/);
  await press("Enter");
  await page.getByText(/Inbound security group rules successfully modified/).waitFor();
  const { SecurityGroupRules } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }));
  assert.deepEqual(SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map(({ FromPort, CidrIpv4, Description }) => [FromPort, CidrIpv4, Description]), [[443, "0.0.0.0/0", "By keys"]]);
}

async function stack({ page, go, endpoint, keys: { to, press, type } }) {
  const cloudformation = new CloudFormationClient(settingsOf(endpoint));
  // To the service by the search.
  await go("/");
  await page.getByRole("heading", { name: "Console home" }).waitFor();
  await to(/^Search services and resources$/);
  await type("CloudFormation");
  await page.getByRole("option", { name: /^CloudFormation/ }).first().waitFor();
  await press("ArrowDown");
  await press("Enter");
  await page.getByRole("heading", { name: /^Stacks/ }).first().waitFor();
  await to(/^Create stack$/);
  await press("Enter");
  await page.getByRole("menuitem", { name: "With new resources (standard)" }).waitFor();
  await press("Enter");
  await page.getByRole("heading", { name: "Create stack", level: 1 }).waitFor();
  await to(/^Upload a template file$/);
  // From one choice to the next by arrows, into the editor by Enter, and out of it by Escape.
  await press("ArrowDown");
  await press("ArrowDown");
  await page.locator(".ace_text-input").waitFor({ state: "attached" });
  await to(/^Editor content, press Enter to start editing/);
  await press("Enter");
  await press("Control+a");
  await type(TEMPLATE);
  await press("Escape");
  await to(/^Next$/);
  await press("Enter");
  await page.getByRole("textbox", { name: "Stack name" }).waitFor();
  await to(/^Stack name/);
  await type("by-keys");
  await to(/^Next$/);
  await press("Enter");
  await page.getByRole("heading", { name: "Stack failure options" }).waitFor();
  await to(/^Next$/);
  await press("Enter");
  await page.getByRole("button", { name: "Submit", exact: true }).waitFor();
  await to(/^Submit$/);
  await press("Enter");
  await page.getByRole("heading", { name: "by-keys", level: 1 }).waitFor();
  await page.getByText("CREATE_COMPLETE", { exact: true }).first().waitFor({ timeout: 60_000 });
  const { Stacks: [made] } = await cloudformation.send(new DescribeStacksCommand({ StackName: "by-keys" }));
  assert.equal(made.Description, "By keys");
}
