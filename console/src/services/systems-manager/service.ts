import type { ServicePages } from "../../app/service";

export const systemsManager: ServicePages = {
  id: "systems-manager",
  title: "Systems Manager",
  about: "Automation documents and parameters",
  keywords: ["SSM", "automation", "runbooks", "parameter store"],
  navigation: [],
  pages: [],
};
