// What the search above every page finds of CloudWatch.
import type { Found } from "../../app/service";
import { foundAlarms } from "./alarms/read";
import { foundDashboards } from "./dashboards/read";
import { foundGroups } from "./read";

/** What this identity may not list is left out; the rest is found all the same. */
export async function found(): Promise<Found[]> {
  const lists = await Promise.allSettled([foundAlarms(), foundDashboards(), foundGroups()]);
  return lists.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
}
