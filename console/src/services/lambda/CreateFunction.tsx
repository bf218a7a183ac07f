import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { useRoles } from "../../components/roles";
import { packed } from "./code";
import { makeBasicRole } from "./role";
import { beginningOf, RUNTIMES } from "./runtimes";

export default function CreateFunction() {
  const navigate = useNavigate();
  const roles = useRoles();
  const [name, setName] = useState("");
  const [runtime, setRuntime] = useState<string>("python3.12");
  const [how, setHow] = useState<"new" | "existing">("new");
  const [role, setRole] = useState("");
  const create = useAct({
    what: "Create function",
    run: async () => {
      const { file, handler, code } = beginningOf(runtime);
      return client(LambdaClient).send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: runtime as "python3.12",
          Handler: handler,
          Role: how === "new" ? await makeBasicRole(name) : role,
          Code: { ZipFile: packed({ [file]: new TextEncoder().encode(code) }) },
        }),
      );
    },
    done: () => `Successfully created the function ${name}. You can now change its code and configuration.`,
    after: () => void navigate(`/lambda/functions/${name}`),
    quiet: true,
  });
  return (
    <Page title="Create function" crumbs={[{ text: "Lambda", href: "/lambda" }, { text: "Functions", href: "/lambda/functions" }, { text: "Create function", href: "/lambda/create-function" }]}>
      <form onSubmit={(event) => { event.preventDefault(); create.mutate(undefined); }}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={() => void navigate("/lambda/functions")}>Cancel</Button>
              <Button variant="primary" loading={create.isPending} disabled={name === "" || (how === "existing" && role === "")}>Create function</Button>
            </SpaceBetween>
          }
          errorText={create.error === null ? undefined : `${failureOf(create.error).code}: ${failureOf(create.error).message}`}
        >
          <SpaceBetween size="l">
            <Container header={<Header variant="h2">Basic information</Header>}>
              <SpaceBetween size="m">
                <FormField label="Function name" constraintText="1 to 64 characters: letters, digits, hyphens and underscores.">
                  <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
                </FormField>
                <FormField label="Runtime">
                  <Select selectedOption={{ value: runtime }} options={RUNTIMES.map((value) => ({ value }))} onChange={({ detail }) => setRuntime(detail.selectedOption.value ?? runtime)} />
                </FormField>
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Permissions</Header>}>
              <SpaceBetween size="m">
                <FormField label="Execution role">
                  <RadioGroup value={how} onChange={({ detail }) => setHow(detail.value as typeof how)} items={[
                    { value: "new", label: "Create a new role with basic Lambda permissions", description: `A role named ${name === "" ? "FUNCTION" : name}-role with the policy AWSLambdaBasicExecutionRole` },
                    { value: "existing", label: "Use an existing role" },
                  ]} />
                </FormField>
                {how === "existing" && (
                  <FormField label="Existing role">
                    <Select
                      selectedOption={roles.data?.filter(({ arn }) => arn === role).map(({ name: label, arn }) => ({ label, value: arn }))[0] ?? null}
                      options={(roles.data ?? []).map(({ name: label, arn }) => ({ label, value: arn }))}
                      filteringType="auto" placeholder="Choose a role" errorText={roles.error?.message} statusType={roles.error === null ? "finished" : "error"}
                      onChange={({ detail }) => setRole(detail.selectedOption.value ?? "")}
                    />
                  </FormField>
                )}
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
