import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const eventbridge: ServicePages = {
  id: "events",
  title: "Amazon EventBridge",
  about: "Events, rules and their targets",
  keywords: ["EventBridge", "rules", "buses", "schedules", "CloudWatch Events"],
  navigation: [
    { type: "link", text: "Event buses", href: "/events/buses" },
    { type: "link", text: "Rules", href: "/events/rules" },
    { type: "link", text: "Send events", href: "/events/send" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Buses")) },
    { path: "buses", page: lazy(() => import("./Buses")) },
    { path: "create-bus", page: lazy(() => import("./CreateBus")) },
    { path: "buses/:bus", page: lazy(() => import("./Bus")) },
    { path: "rules", page: lazy(() => import("./Rules")) },
    { path: "create-rule", page: lazy(() => import("./CreateRule")) },
    { path: "buses/:bus/rules/:rule", page: lazy(() => import("./Rule")) },
    { path: "buses/:bus/rules/:rule/edit", page: lazy(() => import("./CreateRule")) },
    { path: "send", page: lazy(() => import("./SendEvents")) },
  ],
  // Imported when somebody searches, so that the first page does not carry every service's SDK.
  search: async () => (await import("./read")).found(),
};
