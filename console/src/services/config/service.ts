import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const config: ServicePages = {
  id: "config",
  title: "AWS Config",
  about: "Record configurations, and judge them by rules",
  keywords: ["Config", "rules", "compliance", "conformance", "NIST", "recorder", "inventory", "remediation"],
  navigation: [
    { type: "link", text: "Dashboard", href: "/config/dashboard" },
    { type: "link", text: "Rules", href: "/config/rules" },
    { type: "link", text: "Resources", href: "/config/resources" },
    { type: "link", text: "Compliance by control", href: "/config/controls" },
    { type: "link", text: "Settings", href: "/config/settings" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Dashboard")) },
    { path: "dashboard", page: lazy(() => import("./Dashboard")) },
    { path: "get-started", page: lazy(() => import("./GetStarted")) },
    { path: "rules", page: lazy(() => import("./Rules")) },
    { path: "add-rule", page: lazy(() => import("./AddRule")) },
    { path: "rules/:name", page: lazy(() => import("./Rule")) },
    { path: "rules/:name/edit", page: lazy(() => import("./EditRule")) },
    { path: "rules/:name/remediation", page: lazy(() => import("./ManageRemediation")) },
    { path: "resources", page: lazy(() => import("./Resources")) },
    { path: "resources/:type/:id", page: lazy(() => import("./Resource")) },
    { path: "controls", page: lazy(() => import("./Controls")) },
    { path: "controls/:control", page: lazy(() => import("./Control")) },
    { path: "settings", page: lazy(() => import("./Settings")) },
    { path: "settings/edit", page: lazy(() => import("./EditSettings")) },
  ],
  // Imported when somebody searches, so that the first page does not carry every service's SDK.
  search: async () => (await import("./read")).found(),
};
