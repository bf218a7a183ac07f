import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAct } from "../aws/queries";
import { download } from "../components/download";
import { fileOf, type Lab } from "./api";

/** The lab's files, to be downloaded and used in the console. */
export function Files({ lab, files }: { lab: string; files: Lab["files"] }) {
  const save = useAct({
    what: "Download",
    run: (name: string) => fileOf(lab, name),
    after: ({ name, text, contentType }) => download(name, text, contentType),
  });
  return (
    <SpaceBetween size="xs">
      {files.map(({ name, says }) => (
        <SpaceBetween key={name} direction="horizontal" size="s" alignItems="center">
          <Button iconName="download" onClick={() => save.mutate(name)}>{`Download ${name}`}</Button>
          <span>{says}</span>
        </SpaceBetween>
      ))}
    </SpaceBetween>
  );
}
