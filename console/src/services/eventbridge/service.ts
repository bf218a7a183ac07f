import type { ServicePages } from "../../app/service";

export const eventbridge: ServicePages = {
  id: "events",
  title: "Amazon EventBridge",
  about: "Events, rules and their targets",
  keywords: ["rules", "buses", "schedules"],
  navigation: [],
  pages: [],
};
