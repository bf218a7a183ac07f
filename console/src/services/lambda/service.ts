import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const lambda: ServicePages = {
  id: "lambda",
  title: "Lambda",
  about: "Run code without servers",
  keywords: ["functions", "code", "layers", "event source mappings"],
  navigation: [
    { type: "link", text: "Functions", href: "/lambda/functions" },
    { type: "link", text: "Layers", href: "/lambda/layers" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Functions")) },
    { path: "functions", page: lazy(() => import("./Functions")) },
    { path: "create-function", page: lazy(() => import("./CreateFunction")) },
    { path: "functions/:name", page: lazy(() => import("./Function")) },
    { path: "layers", page: lazy(() => import("./Layers")) },
  ],
  search: async () => (await import("./read")).found(),
};
