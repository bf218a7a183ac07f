import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const kms: ServicePages = {
  id: "kms",
  title: "Key Management Service",
  about: "Encryption keys and their policies",
  keywords: ["KMS", "keys", "encryption", "aliases"],
  navigation: [
    { type: "link", text: "AWS managed keys", href: "/kms/aws-managed" },
    { type: "link", text: "Customer managed keys", href: "/kms/keys" },
  ],
  pages: [
    { path: "", page: lazy(() => import("./Keys")) },
    { path: "keys", page: lazy(() => import("./Keys")) },
    { path: "aws-managed", page: lazy(() => import("./ManagedKeys")) },
    { path: "create-key", page: lazy(() => import("./CreateKey")) },
    { path: "keys/:id", page: lazy(() => import("./Key")) },
  ],
  search: async () => (await import("./read")).found(),
};
