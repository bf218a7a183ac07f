import type { ServicePages } from "../../app/service";

export const dynamodb: ServicePages = {
  id: "dynamodb",
  title: "DynamoDB",
  about: "Tables and their items",
  keywords: ["tables", "items"],
  navigation: [],
  pages: [],
};
