import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";
import { Markdown } from "../components/Markdown";
import { Page } from "../components/Page";
import { ReadFailed } from "../components/ReadFailed";
import { ResourceTable } from "../components/ResourceTable";
import { useLab } from "./api";
import { Files } from "./Files";

/** A lab before it is begun: its guide, its tasks and its files. */
export default function Lab() {
  const { lab: name = "" } = useParams();
  const lab = useLab(name);
  return (
    <Page title={lab.data?.title ?? name} crumbs={[{ text: "Labs", href: "/labs" }, { text: lab.data?.title ?? name, href: `/labs/guides/${name}` }]} description={lab.data?.summary}>
      <ReadFailed error={lab.error} what="lab" />
      {lab.data !== undefined && (
        <>
          <Container header={<Header variant="h2">Guide</Header>}><Markdown text={lab.data.guide} /></Container>
          <ResourceTable
            title="Tasks" items={lab.data.taskList} loading={false} id={({ id }) => id}
            columns={[
              { id: "title", header: "Task", cell: ({ title }) => title, value: ({ title }) => title },
              { id: "checks", header: "What is checked", cell: ({ checks }) => checks.map(({ id, says }) => <Box key={id}>{says}</Box>) },
              { id: "points", header: "Points", cell: ({ points }) => points, value: ({ points }) => points },
            ]}
          />
          <Container header={<Header variant="h2">Files</Header>}><Files lab={name} files={lab.data.files} /></Container>
        </>
      )}
    </Page>
  );
}
