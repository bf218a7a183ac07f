import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const sns: ServicePages = {
  id: "sns",
  title: "Simple Notification Service",
  about: "Topics and subscriptions",
  keywords: ["SNS", "topics", "subscriptions", "notifications", "e-mail"],
  navigation: [
    { type: "link", text: "Topics", href: "/sns/topics" },
    { type: "link", text: "Subscriptions", href: "/sns/subscriptions" },
    { type: "divider" },
    { type: "link", text: "Mailbox", href: "/mail/inbox" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Topics")) },
    { path: "topics", page: lazy(() => import("./Topics")) },
    { path: "create-topic", page: lazy(() => import("./CreateTopic")) },
    { path: "topics/:arn", page: lazy(() => import("./Topic")) },
    { path: "topics/:arn/edit", page: lazy(() => import("./EditTopic")) },
    { path: "topics/:arn/publish", page: lazy(() => import("./Publish")) },
    { path: "subscriptions", page: lazy(() => import("./Subscriptions")) },
    { path: "create-subscription", page: lazy(() => import("./CreateSubscription")) },
    { path: "subscriptions/:arn", page: lazy(() => import("./Subscription")) },
    { path: "subscriptions/:arn/edit", page: lazy(() => import("./EditSubscription")) },
  ],
  search: async () => (await import("./read")).found(),
};
