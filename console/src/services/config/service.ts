import type { ServicePages } from "../../app/service";

export const config: ServicePages = {
  id: "config",
  title: "Config",
  about: "Record configurations, and judge them by rules",
  keywords: ["AWS Config", "rules", "compliance", "conformance", "NIST"],
  navigation: [],
  pages: [],
};
