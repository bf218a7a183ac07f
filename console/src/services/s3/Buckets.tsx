import { GetBucketPolicyStatusCommand, GetPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useNavigate } from "react-router";
import { notify } from "../../app/notifications";
import { regionName } from "./regions";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { orNone, useBuckets, useOfBucket } from "./read";

export default function Buckets() {
  const navigate = useNavigate();
  const buckets = useBuckets();
  return (
    <BarePage crumbs={[{ text: "Amazon S3", href: "/s3" }, { text: "Buckets", href: "/s3/buckets" }]}>
      <ResourceTable
        title="General purpose buckets"
        description="Buckets are containers for data stored in S3."
        variant="full-page"
        items={buckets.data}
        loading={buckets.isLoading}
        error={buckets.error}
        id={(bucket) => bucket.name}
        select="single"
        empty={
          <SpaceBetween size="s">
            <b>No buckets</b>
            <Button onClick={() => void navigate("/s3/create-bucket")}>Create a bucket</Button>
          </SpaceBetween>
        }
        columns={[
          { id: "name", header: "Name", cell: ({ name }) => <PageLink href={`/s3/buckets/${name}`}>{name}</PageLink>, value: ({ name }) => name },
          { id: "region", header: "AWS Region", cell: ({ region }) => regionName(region), value: ({ region }) => regionName(region) },
          { id: "access", header: "Access", cell: ({ name }) => <AccessOf bucket={name} /> },
          { id: "created", header: "Creation date", cell: ({ created }) => when(created), value: ({ created }) => created?.getTime() },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => selected !== undefined && void copyArn(selected.name)}>Copy ARN</Button>
            <Button disabled={selected === undefined} onClick={() => void navigate(`/s3/buckets/${selected?.name ?? ""}/empty`)}>Empty</Button>
            <Button disabled={selected === undefined} onClick={() => void navigate(`/s3/buckets/${selected?.name ?? ""}/delete`)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/s3/create-bucket")}>Create bucket</Button>
          </SpaceBetween>
        )}
      />
    </BarePage>
  );
}

async function copyArn(name: string): Promise<void> {
  await navigator.clipboard.writeText(`arn:aws:s3:::${name}`);
  notify({ type: "success", content: `ARN of ${name} copied.` });
}

/** Whether the public can get at it, as far as its settings tell. */
export function AccessOf({ bucket }: { bucket: string }) {
  const access = useOfBucket(bucket, "access", async (s3) => {
    const [block, status] = await Promise.all([
      orNone(s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket })), ["NoSuchPublicAccessBlockConfiguration"]),
      orNone(s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket })), ["NoSuchBucketPolicy"]),
    ]);
    const blocked = block?.PublicAccessBlockConfiguration;
    const isPublic = status?.PolicyStatus?.IsPublic === true;
    if (isPublic && blocked?.RestrictPublicBuckets === true) return "authorized";
    if (isPublic) return "public";
    return blocked?.BlockPublicAcls === true && blocked.IgnorePublicAcls === true ? "none" : "objects";
  });
  if (access.error !== null) return <StatusIndicator type="warning">Insufficient permissions</StatusIndicator>;
  switch (access.data) {
    case undefined:
    case null:
      return <>–</>;
    case "public":
      return <StatusIndicator type="error">Public</StatusIndicator>;
    case "authorized":
      return <>Only authorized users of this account</>;
    case "objects":
      return <StatusIndicator type="warning">Objects can be public</StatusIndicator>;
    case "none":
      return <>Bucket and objects not public</>;
  }
}
