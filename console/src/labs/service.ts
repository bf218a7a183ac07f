import type { ServicePages } from "../app/service";

export const labs: ServicePages = {
  id: "labs",
  title: "Labs",
  about: "Guided labs, graded",
  keywords: ["lab", "guide", "grades"],
  navigation: [],
  pages: [],
};
