import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const sqs: ServicePages = {
  id: "sqs",
  title: "Simple Queue Service",
  about: "Queues and their messages",
  keywords: ["SQS", "queues", "messages"],
  navigation: [{ type: "link", text: "Queues", href: "/sqs/queues" }],
  pages: [
    { path: "", page: lazy(() => import("./Queues")) },
    { path: "queues", page: lazy(() => import("./Queues")) },
    { path: "create-queue", page: lazy(() => import("./CreateQueue")) },
    { path: "queues/:name", page: lazy(() => import("./Queue")) },
    { path: "queues/:name/edit", page: lazy(() => import("./EditQueue")) },
    { path: "queues/:name/messages", page: lazy(() => import("./Messages")) },
  ],
  // Imported when somebody searches, so that the first page does not carry every service's SDK.
  search: async () => (await import("./read")).found(),
};
