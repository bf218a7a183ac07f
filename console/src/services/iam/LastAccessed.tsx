import { GenerateServiceLastAccessedDetailsCommand, GetServiceLastAccessedDetailsCommand, IAMClient, type ServiceLastAccessed, type TrackedActionLastAccessed } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useRead } from "../../aws/queries";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { ago } from "./parts";

const BETWEEN = 250;
const PATIENCE = 40;

/** The job and its answer: GenerateServiceLastAccessedDetails, then GetServiceLastAccessedDetails until it is complete. */
async function lastAccessed(Arn: string): Promise<ServiceLastAccessed[]> {
  const iam = client(IAMClient);
  const { JobId } = await iam.send(new GenerateServiceLastAccessedDetailsCommand({ Arn, Granularity: "ACTION_LEVEL" }));
  const all: ServiceLastAccessed[] = [];
  let Marker: string | undefined;
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    const answer = await iam.send(new GetServiceLastAccessedDetailsCommand({ JobId, Marker }));
    if (answer.JobStatus === "FAILED") throw new Error(answer.Error?.Message ?? "The report could not be made.");
    if (answer.JobStatus === "COMPLETED") {
      all.push(...(answer.ServicesLastAccessed ?? []));
      if (answer.IsTruncated !== true) return all;
      Marker = answer.Marker;
      tries = 0;
    } else {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
  }
  throw new Error("The report takes too long: open this tab again.");
}

/** The tab "Last Accessed" (Access Advisor) of a user, group, role or policy. */
export function LastAccessed({ arn }: { arn: string }) {
  const services = useRead({ key: ["iam", "last-accessed", arn], read: () => lastAccessed(arn), enabled: arn !== "" });
  const [shown, setShown] = useState<string>();
  const service = services.data?.find(({ ServiceNamespace }) => ServiceNamespace === shown);
  if (service !== undefined) {
    return (
      <ResourceTable<TrackedActionLastAccessed>
        title={`Actions of ${service.ServiceName ?? ""}`} items={service.TrackedActionsLastAccessed ?? []} loading={false} id={({ ActionName = "" }) => ActionName}
        actions={() => <Button onClick={() => setShown(undefined)}>All services</Button>}
        empty="No action of this service is tracked."
        columns={[
          { id: "action", header: "Action", cell: ({ ActionName }) => ActionName, value: ({ ActionName }) => ActionName },
          { id: "last", header: "Last accessed", cell: ({ LastAccessedTime }) => ago(LastAccessedTime, "Not accessed in the tracking period"), value: ({ LastAccessedTime }) => LastAccessedTime?.getTime() ?? 0 },
          { id: "by", header: "Accessed by", cell: ({ LastAccessedEntity }) => LastAccessedEntity ?? "–", value: ({ LastAccessedEntity }) => LastAccessedEntity },
          { id: "region", header: "Region accessed", cell: ({ LastAccessedRegion }) => LastAccessedRegion ?? "–", value: ({ LastAccessedRegion }) => LastAccessedRegion },
        ]}
      />
    );
  }
  return (
    <ResourceTable<ServiceLastAccessed>
      title="Allowed services"
      description="Services that the policies of this identity allow, and when it last tried to access them."
      items={services.data} loading={services.isLoading} error={services.error} id={({ ServiceNamespace = "" }) => ServiceNamespace}
      empty="The policies allow no service."
      columns={[
        {
          id: "service", header: "Service", value: ({ ServiceName }) => ServiceName,
          cell: ({ ServiceName, ServiceNamespace, TrackedActionsLastAccessed }) =>
            (TrackedActionsLastAccessed ?? []).length === 0 ? ServiceName : <Button variant="inline-link" onClick={() => setShown(ServiceNamespace)}>{ServiceName}</Button>,
        },
        {
          id: "entity", header: "Accessed by", value: ({ LastAuthenticatedEntity }) => LastAuthenticatedEntity,
          cell: ({ LastAuthenticatedEntity }) => <Entity arn={LastAuthenticatedEntity} />,
        },
        {
          id: "last", header: "Last accessed", value: ({ LastAuthenticated }) => LastAuthenticated?.getTime() ?? 0,
          cell: ({ LastAuthenticated }) => (LastAuthenticated === undefined ? "Not accessed in the tracking period" : <span title={when(LastAuthenticated)}>{ago(LastAuthenticated)}</span>),
        },
        { id: "region", header: "Region accessed", cell: ({ LastAuthenticatedRegion }) => LastAuthenticatedRegion ?? "–", value: ({ LastAuthenticatedRegion }) => LastAuthenticatedRegion },
      ]}
    />
  );
}

function Entity({ arn }: { arn: string | undefined }) {
  const parts = /:(user|role|group)\/(?:.*\/)?([^/]+)$/.exec(arn ?? "");
  if (parts === null) return <>{arn ?? "–"}</>;
  return <PageLink href={`/iam/${parts[1] ?? ""}s/${encodeURIComponent(parts[2] ?? "")}`}>{parts[2]}</PageLink>;
}
