import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const mail: ServicePages = {
  id: "mail",
  title: "Mailbox",
  about: "Mail that notifications send",
  keywords: ["e-mail", "email", "inbox", "confirmation", "SNS"],
  navigation: [{ type: "link", text: "Inbox", href: "/mail/inbox" }],
  pages: [
    { path: "", page: lazy(() => import("./Inbox")) },
    { path: "inbox", page: lazy(() => import("./Inbox")) },
    { path: "inbox/:id", page: lazy(() => import("./Message")) },
  ],
};
