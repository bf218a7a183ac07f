import { lazy } from "react";
import type { ServicePages } from "../app/service";

export const labs: ServicePages = {
  id: "labs",
  title: "Labs",
  about: "Guided labs, graded",
  keywords: ["lab", "guide", "grades", "class", "students"],
  navigation: [
    { type: "link", text: "Labs", href: "/labs" },
    { type: "link", text: "Attempts", href: "/labs/attempts" },
    { type: "link", text: "Classes", href: "/labs/classes" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Labs")) },
    { path: "attempts", page: lazy(() => import("./Attempts")) },
    { path: "attempts/:account", page: lazy(() => import("./Attempt")) },
    { path: "attempts/:account/submissions/:number", page: lazy(() => import("./Submission")) },
    { path: "classes", page: lazy(() => import("./Classes")) },
    { path: "classes/:lab/:name", page: lazy(() => import("./Class")) },
    { path: "guides/:lab", page: lazy(() => import("./Lab")) },
  ],
};
