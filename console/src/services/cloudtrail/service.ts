import type { ServicePages } from "../../app/service";

export const cloudtrail: ServicePages = {
  id: "cloudtrail",
  title: "CloudTrail",
  about: "Who did what, when and from where",
  keywords: ["events", "audit", "trails"],
  navigation: [],
  pages: [],
};
