import { LambdaClient, ListLayersCommand } from "@aws-sdk/client-lambda";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { Copyable } from "../../components/Properties";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";

export default function Layers() {
  const layers = useRead({
    key: ["lambda", "layers"],
    follows: ["lambda.*"],
    read: () => every((Marker) => client(LambdaClient).send(new ListLayersCommand({ Marker })), (answer) => [answer.Layers, answer.NextMarker]),
  });
  return (
    <BarePage crumbs={[{ text: "Lambda", href: "/lambda" }, { text: "Layers", href: "/lambda/layers" }]}>
      <ResourceTable
        title="Layers" variant="full-page" items={layers.data} loading={layers.isLoading} error={layers.error} id={({ LayerName }) => LayerName ?? ""} empty="No layers"
        columns={[
          { id: "name", header: "Name", cell: ({ LayerName }) => LayerName, value: ({ LayerName }) => LayerName },
          { id: "version", header: "Version", cell: ({ LatestMatchingVersion }) => LatestMatchingVersion?.Version, value: ({ LatestMatchingVersion }) => LatestMatchingVersion?.Version },
          { id: "runtimes", header: "Compatible runtimes", cell: ({ LatestMatchingVersion }) => LatestMatchingVersion?.CompatibleRuntimes?.join(", ") || "–" },
          { id: "created", header: "Created", cell: ({ LatestMatchingVersion }) => when(LatestMatchingVersion?.CreatedDate) },
          { id: "arn", header: "Version ARN", cell: ({ LatestMatchingVersion }) => <Copyable text={LatestMatchingVersion?.LayerVersionArn} /> },
        ]}
      />
    </BarePage>
  );
}
