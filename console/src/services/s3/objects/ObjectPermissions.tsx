import { GetObjectAclCommand } from "@aws-sdk/client-s3";
import { useRead } from "../../../aws/queries";
import { FOLLOWS_OBJECTS, s3Of } from "../read";
import { AclTable } from "../permissions/AclTable";
import type { ObjectName } from "./readObject";

export function ObjectPermissions({ name: { bucket, key, versionId } }: { name: ObjectName }) {
  const acl = useRead({
    key: ["s3", "object", bucket, key, versionId, "acl"],
    follows: FOLLOWS_OBJECTS,
    read: async () => (await s3Of(bucket)).send(new GetObjectAclCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
  });
  return <AclTable acl={acl.data} error={acl.error} />;
}
