// What pages of dashboards read and write.
import { CloudWatchClient, GetDashboardCommand, ListDashboardsCommand, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { client } from "../../../aws/clients";
import { isMissing } from "../../../aws/errors";
import { every, useRead } from "../../../aws/queries";
import type { Found } from "../../../app/service";
import { type Body, bodyOf } from "./body";

const FOLLOWS = ["AWS::CloudWatch::Dashboard", "cloudwatch.dashboards"];

export function dashboardPage(name: string): string {
  return `/cloudwatch/dashboards/${encodeURIComponent(name)}`;
}

export function useDashboards() {
  return useRead({ key: ["cloudwatch", "dashboards"], follows: FOLLOWS, read: dashboards });
}

function dashboards() {
  return every((NextToken) => client(CloudWatchClient).send(new ListDashboardsCommand({ NextToken })), (answer) => [answer.DashboardEntries, answer.NextToken]);
}

export function useDashboard(name: string) {
  return useRead({ key: ["cloudwatch", "dashboard", name], follows: FOLLOWS, read: () => dashboard(name) });
}

export async function dashboard(name: string): Promise<Body> {
  const { DashboardBody = "" } = await client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: name }));
  return bodyOf(DashboardBody);
}

/** Saves a dashboard, new or not. What CloudWatch finds wrong with it is thrown. */
export async function putDashboard(name: string, body: Body | string): Promise<void> {
  const DashboardBody = typeof body === "string" ? body : JSON.stringify(body);
  await client(CloudWatchClient).send(new PutDashboardCommand({ DashboardName: name, DashboardBody }));
}

/** PutDashboard takes the place of a dashboard that has the name already; who creates one does not mean that. */
export async function createDashboard(name: string, body: Body): Promise<void> {
  try {
    await dashboard(name);
  } catch (error) {
    if (isMissing(error)) return putDashboard(name, body);
    throw error;
  }
  throw new Error(`There is a dashboard ${name} already. Choose another name.`);
}

export async function foundDashboards(): Promise<Found[]> {
  return (await dashboards()).map(({ DashboardName = "" }) => ({ label: DashboardName, href: dashboardPage(DashboardName), kind: "CloudWatch dashboard" }));
}
