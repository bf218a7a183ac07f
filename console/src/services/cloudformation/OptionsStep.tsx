import type { RoleSummary } from "../../components/roles";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Toggle from "@cloudscape-design/components/toggle";
import { useRoles } from "../../components/roles";

export interface Options {
  tags: readonly TagEditorProps.Tag[];
  role: RoleSummary | undefined;
  onFailure: "ROLLBACK" | "DO_NOTHING" | "DELETE";
  timeout: string;
  protect: boolean;
}

export const NO_OPTIONS: Options = { tags: [], role: undefined, onFailure: "ROLLBACK", timeout: "", protect: false };

/** The wizard's third page. */
export function OptionsStep({ options, change, update }: { options: Options; change: (options: Options) => void; update: boolean }) {
  const roles = useRoles();
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="They are given to the stack's resources too, and say who owns them.">Tags</Header>}>
        <TagEditor tags={options.tags} tagLimit={50} onChange={({ detail }) => change({ ...options, tags: detail.tags })} />
      </Container>
      <Container header={<Header variant="h2">Permissions</Header>}>
        <FormField label={<span>IAM role <i>- optional</i></span>} description="The role that CloudFormation takes on for all operations of the stack; without one it acts with your permissions.">
          <Select
            selectedOption={options.role === undefined ? { label: "Your own permissions", value: "" } : { label: options.role.name, value: options.role.arn }}
            options={[{ label: "Your own permissions", value: "" }, ...(roles.data ?? []).map(({ name, arn }) => ({ label: name, value: arn }))]}
            statusType={roles.isLoading ? "loading" : roles.error === null ? "finished" : "error"}
            errorText={roles.error?.message}
            filteringType="auto"
            onChange={({ detail }) => change({ ...options, role: roles.data?.find(({ arn }) => arn === detail.selectedOption.value) })}
          />
        </FormField>
      </Container>
      <Container header={<Header variant="h2">Stack failure options</Header>}>
        <SpaceBetween size="m">
          <FormField label="Behavior on provisioning failure">
            <RadioGroup
              value={options.onFailure}
              onChange={({ detail }) => change({ ...options, onFailure: detail.value as Options["onFailure"] })}
              items={[
                { value: "ROLLBACK", label: "Roll back all stack resources", description: "Roll back the stack to the last known stable state." },
                { value: "DO_NOTHING", label: "Preserve successfully provisioned resources", description: "Keeps what was made, to be looked at." },
                ...(update ? [] : [{ value: "DELETE", label: "Delete the stack" }]),
              ]}
            />
          </FormField>
          {!update && (
            <FormField label={<span>Timeout <i>- optional</i></span>} constraintText="Minutes">
              <Input type="number" value={options.timeout} onChange={({ detail }) => change({ ...options, timeout: detail.value })} />
            </FormField>
          )}
          {!update && (
            <Toggle checked={options.protect} onChange={({ detail }) => change({ ...options, protect: detail.checked })}>
              Termination protection
            </Toggle>
          )}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
