import type { ServicePages } from "../../app/service";

export const cloudwatch: ServicePages = {
  id: "cloudwatch",
  title: "CloudWatch",
  about: "Logs of functions and services",
  keywords: ["logs", "log groups", "live tail"],
  navigation: [],
  pages: [],
};
