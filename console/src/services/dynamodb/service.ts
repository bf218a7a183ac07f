import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const dynamodb: ServicePages = {
  id: "dynamodb",
  title: "DynamoDB",
  about: "Tables and items",
  keywords: ["tables", "items", "NoSQL", "database"],
  navigation: [
    { type: "link", text: "Tables", href: "/dynamodb/tables" },
    { type: "link", text: "Explore items", href: "/dynamodb/explore" },
    { type: "link", text: "Backups", href: "/dynamodb/backups" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Tables")) },
    { path: "tables", page: lazy(() => import("./Tables")) },
    { path: "create-table", page: lazy(() => import("./CreateTable")) },
    { path: "tables/:table", page: lazy(() => import("./table/TablePage")) },
    { path: "tables/:table/create-index", page: lazy(() => import("./table/CreateIndex")) },
    { path: "explore", page: lazy(() => import("./explore/Explore")) },
    { path: "edit-item", page: lazy(() => import("./explore/EditItem")) },
    { path: "backups", page: lazy(() => import("./AllBackups")) },
  ],
  search: async () => (await import("./read")).found(),
};
