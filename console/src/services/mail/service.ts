import type { ServicePages } from "../../app/service";

export const mail: ServicePages = {
  id: "mail",
  title: "Mailbox",
  about: "The mail that this cloud sent",
  keywords: ["mail", "e-mail", "inbox"],
  navigation: [],
  pages: [],
};
