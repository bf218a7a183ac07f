import { type FunctionConfiguration, LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { client } from "../../../aws/clients";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { ResourceTable } from "../../../components/ResourceTable";

type Variable = readonly [string, string];

export function Environment({ configuration }: { configuration: FunctionConfiguration }) {
  const [editing, setEditing] = useState(false);
  const variables = Object.entries(configuration.Environment?.Variables ?? {});
  return (
    <>
      <ResourceTable
        title="Environment variables" variant="embedded" items={variables} loading={false} id={([key]) => key} empty="No environment variables"
        columns={[
          { id: "key", header: "Key", cell: ([key]) => key, value: ([key]) => key },
          { id: "value", header: "Value", cell: ([, value]) => value, value: ([, value]) => value },
        ]}
        actions={() => <Button onClick={() => setEditing(true)}>Edit</Button>}
      />
      {editing && <EditEnvironment name={configuration.FunctionName ?? ""} before={variables} close={() => setEditing(false)} />}
    </>
  );
}

function EditEnvironment({ name, before, close }: { name: string; before: readonly Variable[]; close: () => void }) {
  const [variables, setVariables] = useState<readonly Variable[]>(before);
  const change = (index: number, variable: Variable) => setVariables(variables.map((one, at) => (at === index ? variable : one)));
  const save = useAct({
    what: "Edit environment variables",
    run: () =>
      client(LambdaClient).send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables: Object.fromEntries(variables) } })),
    done: () => `Successfully updated the function ${name}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit environment variables" action="Save" size="large" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <AttributeEditor
        items={[...variables]}
        addButtonText="Add environment variable"
        removeButtonText="Remove"
        empty="No environment variables"
        onAddButtonClick={() => setVariables([...variables, ["", ""]])}
        onRemoveButtonClick={({ detail }) => setVariables(variables.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          { label: "Key", control: ([key, value], index) => <Input value={key} ariaLabel={`Key ${index + 1}`} onChange={({ detail }) => change(index, [detail.value, value])} /> },
          { label: "Value", control: ([key, value], index) => <Input value={value} ariaLabel={`Value ${index + 1}`} onChange={({ detail }) => change(index, [key, detail.value])} /> },
        ]}
      />
    </FormModal>
  );
}
