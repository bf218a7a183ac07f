import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const cloudtrail: ServicePages = {
  id: "cloudtrail",
  title: "CloudTrail",
  about: "Who did what, when and from where",
  keywords: ["events", "audit", "trails", "event history"],
  navigation: [
    { type: "link", text: "Event history", href: "/cloudtrail/events" },
    { type: "link", text: "Trails", href: "/cloudtrail/trails" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./EventHistory")) },
    { path: "events", page: lazy(() => import("./EventHistory")) },
    { path: "events/:id", page: lazy(() => import("./EventPage")) },
    { path: "trails", page: lazy(() => import("./Trails")) },
    { path: "create-trail", page: lazy(() => import("./CreateTrail")) },
    { path: "trails/:name", page: lazy(() => import("./Trail")) },
    { path: "trails/:name/edit", page: lazy(() => import("./EditTrail")) },
    { path: "trails/:name/edit-events", page: lazy(() => import("./EditEvents")) },
  ],
  // Imported when somebody searches, so that the first page does not carry every service's SDK.
  search: async () => (await import("./read")).found(),
};
