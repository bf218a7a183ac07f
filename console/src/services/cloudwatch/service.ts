import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const cloudwatch: ServicePages = {
  id: "cloudwatch",
  title: "CloudWatch",
  about: "Logs of functions and services",
  keywords: ["logs", "log groups", "log streams", "live tail"],
  navigation: [
    {
      type: "section", text: "Logs",
      items: [
        { type: "link", text: "Log groups", href: "/cloudwatch/log-groups" },
        { type: "link", text: "Live Tail", href: "/cloudwatch/live-tail" },
      ],
    },
  ],
  pages: [
    { path: "", page: lazy(() => import("./LogGroups")) },
    { path: "log-groups", page: lazy(() => import("./LogGroups")) },
    { path: "log-groups/:group", page: lazy(() => import("./LogGroup")) },
    { path: "log-groups/:group/events", page: lazy(() => import("./SearchEvents")) },
    { path: "log-groups/:group/streams/:stream", page: lazy(() => import("./LogStream")) },
    { path: "live-tail", page: lazy(() => import("./LiveTail")) },
  ],
  search: async () => (await import("./read")).found(),
};

/** The page of a log group; its name may hold slashes. */
export function groupPage(name: string): string {
  return `/cloudwatch/log-groups/${encodeURIComponent(name)}`;
}
