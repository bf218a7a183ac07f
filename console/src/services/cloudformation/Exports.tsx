import type { Export } from "@aws-sdk/client-cloudformation";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { useExports, useImports } from "./read";

export default function Exports() {
  const exports = useExports();
  const [shown, setShown] = useState<string>();
  return (
    <BarePage crumbs={[{ text: "CloudFormation", href: "/cloudformation" }, { text: "Exports", href: "/cloudformation/exports" }]}>
      <ResourceTable
        title="Exports" variant="full-page" items={exports.data} loading={exports.isLoading} error={exports.error}
        id={({ Name }) => Name ?? ""} select="single" empty="No stack of this region exports an output."
        columns={[
          { id: "name", header: "Export name", cell: ({ Name }) => Name, value: ({ Name }) => Name },
          { id: "value", header: "Export value", cell: ({ Value }) => Value, value: ({ Value }) => Value },
          { id: "stack", header: "Exporting stack", cell: (item) => <PageLink href={`/cloudformation/stacks/${stackOf(item)}`}>{stackOf(item)}</PageLink>, value: stackOf },
        ]}
        actions={([selected]) => <Button disabled={selected === undefined} onClick={() => setShown(selected?.Name)}>View imports</Button>}
      />
      {shown !== undefined && <Imports name={shown} />}
    </BarePage>
  );
}

function stackOf({ ExportingStackId }: Export): string {
  return ExportingStackId?.split("/")[1] ?? "";
}

function Imports({ name }: { name: string }) {
  const imports = useImports(name);
  return (
    <Container header={<Header variant="h2">Stacks that import {name}</Header>}>
      <ReadFailed error={imports.error} what="imports" />
      {imports.data?.length === 0 && "No stack imports it."}
      <ul>{(imports.data ?? []).map((stack) => <li key={stack}><PageLink href={`/cloudformation/stacks/${stack}`}>{stack}</PageLink></li>)}</ul>
    </Container>
  );
}
