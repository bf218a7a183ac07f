import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { download } from "../../components/download";
import { ReadFailed } from "../../components/ReadFailed";
import { TextEditor } from "../../components/TextEditor";
import { useMappings, useSettings } from "./read";
import { useRoleStatements } from "./rolePolicies";
import { samTemplate } from "./sam";

/** The function as a SAM template, to look at and to download. */
export function Export({ of: { Configuration, Tags }, close }: { of: GetFunctionCommandOutput; close: () => void }) {
  const settings = useSettings(Configuration?.FunctionName ?? "");
  const mappings = useMappings(Configuration?.FunctionArn ?? "");
  const statements = useRoleStatements(Configuration?.Role?.split("/").at(-1));
  const ready = settings.data !== undefined && mappings.data !== undefined && statements.data !== undefined && Configuration !== undefined;
  const template = ready
    ? samTemplate(Configuration, {
        mappings: mappings.data,
        statements: statements.data.map(({ policy: _, ...statement }) => statement),
        ...(settings.data.invoke !== undefined && { invoke: settings.data.invoke }),
        recursiveLoop: settings.data.recursiveLoop,
        updateRuntimeOn: settings.data.updateRuntimeOn,
        tags: Tags ?? {},
      })
    : undefined;
  return (
    <Modal
      visible size="large" header="SAM template" onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>Close</Button>
            <Button variant="primary" disabled={template === undefined} onClick={() => download(`${Configuration?.FunctionName}.yaml`, template ?? "", "application/yaml")}>
              Download SAM file
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <ReadFailed error={settings.error ?? mappings.error ?? statements.error} what="function's settings" />
      {template === undefined ? <Spinner /> : <TextEditor label="SAM template" language="yaml" value={template} height={480} />}
    </Modal>
  );
}
