import { DeleteFunctionCommand, type FunctionConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { bytes, when } from "../../components/time";
import { useFunctions } from "./read";

export default function Functions() {
  const navigate = useNavigate();
  const functions = useFunctions();
  const [deleting, setDeleting] = useState<FunctionConfiguration>();
  const remove = useAct({
    what: "Delete function",
    run: ({ FunctionName }: FunctionConfiguration) => client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName })),
    done: (_, { FunctionName }) => `Your Lambda function ${FunctionName} was successfully deleted.`,
    after: () => setDeleting(undefined),
  });
  return (
    <BarePage crumbs={[{ text: "Lambda", href: "/lambda" }, { text: "Functions", href: "/lambda/functions" }]}>
      <ResourceTable
        title="Functions" variant="full-page" items={functions.data} loading={functions.isLoading} error={functions.error}
        id={({ FunctionName }) => FunctionName ?? ""} select="single" empty="There is no function here yet."
        columns={[
          { id: "name", header: "Function name", cell: ({ FunctionName = "" }) => <PageLink href={`/lambda/functions/${FunctionName}`}>{FunctionName}</PageLink>, value: ({ FunctionName }) => FunctionName },
          { id: "description", header: "Description", cell: ({ Description }) => Description || "–", value: ({ Description }) => Description },
          { id: "package", header: "Package type", cell: ({ PackageType }) => PackageType, value: ({ PackageType }) => PackageType },
          { id: "runtime", header: "Runtime", cell: ({ Runtime }) => Runtime ?? "–", value: ({ Runtime }) => Runtime },
          { id: "size", header: "Code size", cell: ({ CodeSize }) => bytes(CodeSize), value: ({ CodeSize }) => CodeSize },
          { id: "modified", header: "Last modified", cell: ({ LastModified }) => when(LastModified), value: ({ LastModified }) => LastModified },
        ]}
        actions={([selected]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              disabled={selected === undefined}
              items={[{ id: "view", text: "View details" }, { id: "test", text: "Test" }, { id: "delete", text: "Delete" }]}
              onItemClick={({ detail: { id } }) => {
                if (id === "delete") setDeleting(selected);
                else void navigate(`/lambda/functions/${selected?.FunctionName}${id === "test" ? "?tab=test" : ""}`);
              }}
            >
              Actions
            </ButtonDropdown>
            <Button variant="primary" onClick={() => void navigate("/lambda/create-function")}>Create function</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && (
        <Confirm title={`Delete function ${deleting.FunctionName}`} action="Delete" type="confirm" busy={remove.isPending}
          onConfirm={() => remove.mutate(deleting)} onCancel={() => setDeleting(undefined)}>
          Deleting a function permanently removes the function code. The related logs and roles are retained in your account.
        </Confirm>
      )}
    </BarePage>
  );
}
