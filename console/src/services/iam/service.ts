import type { ServicePages } from "../../app/service";

export const iam: ServicePages = {
  id: "iam",
  title: "IAM",
  about: "Users, roles and their permissions",
  keywords: ["users", "roles", "policies", "permissions"],
  navigation: [],
  pages: [],
};
