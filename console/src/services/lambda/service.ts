import type { ServicePages } from "../../app/service";

export const lambda: ServicePages = {
  id: "lambda",
  title: "Lambda",
  about: "Run code without servers",
  keywords: ["functions"],
  navigation: [],
  pages: [],
};
