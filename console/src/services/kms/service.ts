import type { ServicePages } from "../../app/service";

export const kms: ServicePages = {
  id: "kms",
  title: "Key Management Service",
  about: "Keys, and who may use them",
  keywords: ["KMS", "keys", "encryption"],
  navigation: [],
  pages: [],
};
