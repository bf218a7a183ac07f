import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const cloudformation: ServicePages = {
  id: "cloudformation",
  title: "CloudFormation",
  about: "Create and manage resources with templates",
  keywords: ["stacks", "templates", "change sets", "drift"],
  navigation: [
    { type: "link", text: "Stacks", href: "/cloudformation/stacks" },
    { type: "link", text: "Exports", href: "/cloudformation/exports" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Stacks")) },
    { path: "stacks", page: lazy(() => import("./Stacks")) },
    { path: "create-stack", page: lazy(() => import("./CreateStack")) },
    { path: "stacks/:name", page: lazy(() => import("./Stack")) },
    { path: "stacks/:name/update", page: lazy(() => import("./UpdateStack")) },
    { path: "stacks/:name/create-change-set", page: lazy(() => import("./CreateChangeSet")) },
    { path: "stacks/:name/change-sets/:changeSet", page: lazy(() => import("./ChangeSet")) },
    { path: "stacks/:name/drifts", page: lazy(() => import("./Drifts")) },
    { path: "exports", page: lazy(() => import("./Exports")) },
  ],
  search: async () => (await import("./read")).found(),
};
