import { CloudTrailClient, RemoveTagsCommand } from "@aws-sdk/client-cloudtrail";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { SettingsBox } from "../../components/SettingsBox";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { EventsSummary } from "./EventsSummary";
import { type TrailDetail, useTrail } from "./read";
import { eventsOf } from "./selectors";
import { Logging } from "./Trails";
import { DeleteTrail, ToggleLogging } from "./trailActions";
import { addTags } from "./trailForm";

export default function Trail() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const trail = useTrail(name);
  return (
    <Page
      title={name} crumbs={[{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Trails", href: "/cloudtrail/trails" }, { text: name, href: `/cloudtrail/trails/${encodeURIComponent(name)}` }]}
      actions={trail.data !== undefined && (
        <SpaceBetween direction="horizontal" size="xs">
          <DeleteTrail of={trail.data} deleted={() => void navigate("/cloudtrail/trails")} />
          <ToggleLogging of={trail.data} />
        </SpaceBetween>
      )}
    >
      <ReadFailed error={trail.error} what="trail" />
      {trail.data !== undefined && <Detail of={trail.data} />}
    </Page>
  );
}

function Detail({ of: view }: { of: TrailDetail }) {
  const navigate = useNavigate();
  const { trail, status, name } = view;
  const page = `/cloudtrail/trails/${encodeURIComponent(name)}`;
  const group = trail.CloudWatchLogsLogGroupArn?.split(":")[6];
  return (
    <SpaceBetween size="l">
      <SettingsBox title="General details" edit={`${page}/edit`}>
        <Properties of={[
          ["Trail logging", <Logging of={view} />],
          ["Trail name", name],
          ["Multi-region trail", trail.IsMultiRegionTrail === true ? "Yes" : "No"],
          ["Home region", trail.HomeRegion],
          ["Trail ARN", <Copyable text={trail.TrailARN} />],
          ["Trail log location", <PageLink href={`/s3/buckets/${trail.S3BucketName ?? ""}`}>{`${trail.S3BucketName}/${trail.S3KeyPrefix === undefined ? "" : `${trail.S3KeyPrefix}/`}AWSLogs`}</PageLink>],
          ["Last log file delivered", status?.LatestDeliveryError !== undefined ? `Failed: ${status.LatestDeliveryError}` : when(status?.LatestDeliveryTime)],
          ["Log file validation", trail.LogFileValidationEnabled === true ? "Enabled" : "Disabled"],
          ["Last digest file delivered", status?.LatestDigestDeliveryError !== undefined ? `Failed: ${status.LatestDigestDeliveryError}` : when(status?.LatestDigestDeliveryTime)],
          ["Log file SSE-KMS encryption", trail.KmsKeyId ?? "Not enabled"],
          ["SNS notification delivery", trail.SnsTopicARN ?? "Disabled"],
          ["Last SNS notification", status?.LatestNotificationError !== undefined ? `Failed: ${status.LatestNotificationError}` : when(status?.LatestNotificationTime)],
          ["Logging began", when(status?.StartLoggingTime)],
          ["Logging ended", when(status?.StopLoggingTime)],
        ]} />
      </SettingsBox>
      <SettingsBox title="CloudWatch Logs" edit={`${page}/edit`}>
        {group === undefined ? "No CloudWatch Logs log group is configured for this trail." : (
          <Properties of={[
            ["Log group", <PageLink href={`/cloudwatch/log-groups/${encodeURIComponent(group)}`}>{group}</PageLink>],
            ["IAM Role", trail.CloudWatchLogsRoleArn],
            ["Last delivered", status?.LatestCloudWatchLogsDeliveryError !== undefined ? `Failed: ${status.LatestCloudWatchLogsDeliveryError}` : when(status?.LatestCloudWatchLogsDeliveryTime)],
          ]} />
        )}
      </SettingsBox>
      <EventsSummary of={eventsOf(view.basic, view.advanced)} actions={<Button ariaLabel="Edit events" onClick={() => void navigate(`${page}/edit-events`)}>Edit</Button>} />
      <Tags
        tags={view.tags}
        tag={(some) => addTags(trail.TrailARN ?? "", some)}
        untag={(keys) => client(CloudTrailClient).send(new RemoveTagsCommand({ ResourceId: trail.TrailARN, TagsList: keys.map((Key) => ({ Key })) }))}
      />
    </SpaceBetween>
  );
}
