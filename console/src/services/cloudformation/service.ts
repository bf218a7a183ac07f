import type { ServicePages } from "../../app/service";

export const cloudformation: ServicePages = {
  id: "cloudformation",
  title: "CloudFormation",
  about: "Create and manage resources with templates",
  keywords: ["stacks", "templates"],
  navigation: [],
  pages: [],
};
