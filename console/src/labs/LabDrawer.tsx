import Drawer from "@cloudscape-design/components/drawer";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { Markdown } from "../components/Markdown";
import { PageLink } from "../components/PageLink";
import { ReadFailed } from "../components/ReadFailed";
import { type Attempt, useLab } from "./api";
import { Details } from "./Details";
import { Files } from "./Files";
import { Grading } from "./Grading";

/** Guide, details and grading of the lab that is under way. */
export default function LabDrawer({ attempt }: { attempt: Attempt }) {
  const lab = useLab(attempt.lab);
  return (
    <Drawer header={attempt.title}>
      <ReadFailed error={lab.error} what="guide" />
      <Tabs
        tabs={[
          {
            id: "guide", label: "Guide",
            content: lab.data !== undefined && (
              <SpaceBetween size="m">
                <Files lab={attempt.lab} files={lab.data.files} />
                <Markdown text={lab.data.guide} />
              </SpaceBetween>
            ),
          },
          { id: "details", label: "Details", content: <Details account={attempt.account} columns={1} /> },
          {
            id: "grade", label: "Grade",
            content: (
              <SpaceBetween size="m">
                <Grading account={attempt.account} />
                <PageLink href={`/labs/attempts/${attempt.account}`}>All submissions</PageLink>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </Drawer>
  );
}
