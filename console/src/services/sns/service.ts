import type { ServicePages } from "../../app/service";

export const sns: ServicePages = {
  id: "sns",
  title: "Simple Notification Service",
  about: "Topics and subscriptions",
  keywords: ["SNS", "topics", "subscriptions"],
  navigation: [],
  pages: [],
};
