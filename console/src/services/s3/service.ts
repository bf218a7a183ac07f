import { lazy } from "react";
import type { ServicePages } from "../../app/service";

export const s3: ServicePages = {
  id: "s3",
  title: "S3",
  about: "Buckets and objects",
  keywords: ["buckets", "objects", "storage", "Simple Storage Service"],
  navigation: [{ type: "link", text: "General purpose buckets", href: "/s3/buckets" }],
  pages: [
    { path: "", page: lazy(() => import("./Buckets")) },
    { path: "buckets", page: lazy(() => import("./Buckets")) },
    { path: "create-bucket", page: lazy(() => import("./CreateBucket")) },
    { path: "buckets/:bucket", page: lazy(() => import("./Bucket")) },
    { path: "buckets/:bucket/empty", page: lazy(() => import("./EmptyBucket")) },
    { path: "buckets/:bucket/delete", page: lazy(() => import("./DeleteBucket")) },
    { path: "buckets/:bucket/upload", page: lazy(() => import("./objects/Upload")) },
    { path: "buckets/:bucket/create-folder", page: lazy(() => import("./objects/CreateFolder")) },
    { path: "buckets/:bucket/delete-objects", page: lazy(() => import("./objects/DeleteObjects")) },
    { path: "buckets/:bucket/copy", page: lazy(() => import("./objects/CopyObjects")) },
    { path: "buckets/:bucket/move", page: lazy(() => import("./objects/CopyObjects")) },
    { path: "buckets/:bucket/object", page: lazy(() => import("./objects/ObjectPage")) },
    { path: "buckets/:bucket/object/edit/:what", page: lazy(() => import("./objects/EditObject")) },
    { path: "buckets/:bucket/properties/:what", page: lazy(() => import("./properties/EditProperty")) },
    { path: "buckets/:bucket/notification", page: lazy(() => import("./properties/EventNotification")) },
    { path: "buckets/:bucket/permissions/:what", page: lazy(() => import("./permissions/EditPermission")) },
    { path: "buckets/:bucket/lifecycle", page: lazy(() => import("./management/LifecycleRule")) },
  ],
  search: async () => (await import("./read")).found(),
};
