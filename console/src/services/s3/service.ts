import type { ServicePages } from "../../app/service";

export const s3: ServicePages = {
  id: "s3",
  title: "S3",
  about: "Buckets and objects",
  keywords: ["buckets", "objects", "storage"],
  navigation: [],
  pages: [],
};
