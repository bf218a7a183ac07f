import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { type TrailView, useTrails } from "./read";
import { DeleteTrail } from "./trailActions";

export function Logging({ of: { status } }: { of: TrailView }) {
  if (status === undefined) return <>–</>;
  return status.IsLogging === true ? <StatusIndicator type="success">Logging</StatusIndicator> : <StatusIndicator type="stopped">Off</StatusIndicator>;
}

export default function Trails() {
  const trails = useTrails();
  const navigate = useNavigate();
  return (
    <BarePage crumbs={[{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Trails", href: "/cloudtrail/trails" }]}>
      <ResourceTable
        title="Trails" variant="full-page" items={trails.data} loading={trails.isLoading} error={trails.error} id={({ name }) => name} select="single"
        empty="No trails. A trail writes events to a bucket; without one, Event history keeps management events of 90 days."
        columns={[
          { id: "name", header: "Name", cell: ({ name }) => <PageLink href={`/cloudtrail/trails/${encodeURIComponent(name)}`}>{name}</PageLink>, value: ({ name }) => name },
          { id: "region", header: "Home region", cell: ({ trail }) => trail.HomeRegion, value: ({ trail }) => trail.HomeRegion },
          { id: "multi", header: "Multi-region trail", cell: ({ trail }) => (trail.IsMultiRegionTrail === true ? "Yes" : "No") },
          { id: "bucket", header: "S3 bucket", cell: ({ trail }) => <PageLink href={`/s3/buckets/${trail.S3BucketName ?? ""}`}>{trail.S3BucketName}</PageLink>, value: ({ trail }) => trail.S3BucketName },
          { id: "prefix", header: "Log file prefix", cell: ({ trail }) => trail.S3KeyPrefix ?? "–" },
          { id: "logs", header: "CloudWatch Logs log group", cell: ({ trail }) => trail.CloudWatchLogsLogGroupArn?.split(":")[6] ?? "–" },
          { id: "status", header: "Status", cell: (view) => <Logging of={view} />, value: ({ status }) => (status?.IsLogging === true ? "Logging" : "Off") },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <DeleteTrail of={selected} />
            <Button variant="primary" onClick={() => void navigate("/cloudtrail/create-trail")}>Create trail</Button>
          </SpaceBetween>
        )}
      />
    </BarePage>
  );
}
