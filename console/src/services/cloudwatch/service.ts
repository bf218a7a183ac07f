import { lazy } from "react";
import type { ServicePages } from "../../app/service";

type Pages = Omit<typeof import("./pages"), "search">;

/** A page that is fetched when somebody opens it. */
const page = (name: keyof Pages) => lazy(async () => (await import("./pages"))[name]());

export const cloudwatch: ServicePages = {
  id: "cloudwatch",
  title: "CloudWatch",
  about: "Monitor resources and applications",
  keywords: ["logs", "log groups", "log streams", "live tail", "alarms", "metrics", "dashboards", "logs insights", "monitoring"],
  navigation: [
    { type: "link", text: "Dashboards", href: "/cloudwatch/dashboards" },
    {
      type: "section", text: "Alarms",
      items: [
        { type: "link", text: "In alarm", href: "/cloudwatch/in-alarm" },
        { type: "link", text: "All alarms", href: "/cloudwatch/alarms" },
      ],
    },
    {
      type: "section", text: "Logs",
      items: [
        { type: "link", text: "Log groups", href: "/cloudwatch/log-groups" },
        { type: "link", text: "Live Tail", href: "/cloudwatch/live-tail" },
        { type: "link", text: "Logs Insights", href: "/cloudwatch/logs-insights" },
      ],
    },
    { type: "section", text: "Metrics", items: [{ type: "link", text: "All metrics", href: "/cloudwatch/metrics" }] },
  ],
  pages: [
    { path: "", page: page("overview") },
    { path: "alarms", page: page("alarms") },
    { path: "alarms/:name", page: page("alarm") },
    { path: "alarms/:name/edit", page: page("editAlarm") },
    { path: "in-alarm", page: page("alarms") },
    { path: "create-alarm", page: page("createAlarm") },
    { path: "create-composite-alarm", page: page("createCompositeAlarm") },
    { path: "dashboards", page: page("dashboards") },
    { path: "dashboards/:name", page: page("dashboard") },
    { path: "log-groups", page: page("logGroups") },
    { path: "log-groups/:group", page: page("logGroup") },
    { path: "log-groups/:group/events", page: page("searchEvents") },
    { path: "log-groups/:group/streams/:stream", page: page("logStream") },
    { path: "log-groups/:group/create-metric-filter", page: page("createMetricFilter") },
    { path: "log-groups/:group/metric-filters/:filter/edit", page: page("createMetricFilter") },
    { path: "log-groups/:group/create-subscription-filter", page: page("createSubscriptionFilter") },
    { path: "live-tail", page: page("liveTail") },
    { path: "logs-insights", page: page("logsInsights") },
    { path: "metrics", page: page("allMetrics") },
  ],
  search: async () => (await (await import("./pages")).search()).found(),
};

/** The page of a log group; its name may hold slashes. */
export function groupPage(name: string): string {
  return `/cloudwatch/log-groups/${encodeURIComponent(name)}`;
}
