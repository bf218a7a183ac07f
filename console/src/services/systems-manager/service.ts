import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const systemsManager: ServicePages = {
  id: "systems-manager",
  title: "Systems Manager",
  about: "Automation documents and parameters",
  keywords: ["SSM", "automation", "runbooks", "parameter store", "documents"],
  navigation: [
    { type: "link", text: "Automation", href: "/systems-manager/executions" },
    { type: "link", text: "Parameter Store", href: "/systems-manager/parameters" },
    { type: "link", text: "Documents", href: "/systems-manager/documents" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Executions")) },
    { path: "executions", page: lazy(() => import("./Executions")) },
    { path: "executions/:id", page: lazy(() => import("./Execution")) },
    { path: "execute", page: lazy(() => import("./Execute")) },
    { path: "documents", page: lazy(() => import("./Documents")) },
    { path: "create-document", page: lazy(() => import("./EditDocument")) },
    { path: "documents/:name", page: lazy(() => import("./Document")) },
    { path: "documents/:name/new-version", page: lazy(() => import("./EditDocument")) },
    { path: "parameters", page: lazy(() => import("./Parameters")) },
    { path: "create-parameter", page: lazy(() => import("./EditParameter")) },
    { path: "parameters/:name", page: lazy(() => import("./Parameter")) },
    { path: "parameters/:name/edit", page: lazy(() => import("./EditParameter")) },
  ],
  // Imported when somebody searches, so that the first page does not carry every service's SDK.
  search: async () => (await import("./read")).found(),
};
