import type { Stack } from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { when } from "../../components/time";
import { DeleteStack } from "./DeleteStack";
import { isBusy, useStacks } from "./read";
import { Status } from "./Status";

export default function Stacks() {
  const navigate = useNavigate();
  const stacks = useStacks();
  const [deleting, setDeleting] = useState<Stack>();
  return (
    <BarePage crumbs={[{ text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" }]}>
      <ResourceTable
        title="Stacks"
        variant="full-page"
        items={stacks.data}
        loading={stacks.isLoading}
        error={stacks.error}
        id={(stack) => stack.StackName ?? ""}
        select="single"
        empty="No stacks. Create one from a template."
        columns={[
          { id: "name", header: "Stack name", cell: (stack) => <PageLink href={`/cloudformation/stacks/${stack.StackName}`}>{stack.StackName}</PageLink>, value: (stack) => stack.StackName },
          { id: "status", header: "Status", cell: (stack) => <Status of={stack.StackStatus} />, value: (stack) => stack.StackStatus },
          { id: "created", header: "Created time", cell: (stack) => when(stack.CreationTime), value: (stack) => stack.CreationTime?.getTime() },
          { id: "description", header: "Description", cell: (stack) => stack.Description ?? "–", value: (stack) => stack.Description },
        ]}
        actions={([stack]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={stack === undefined} onClick={() => setDeleting(stack)}>Delete</Button>
            <Button disabled={stack === undefined || isBusy(stack.StackStatus)} onClick={() => void navigate(`/cloudformation/stacks/${stack?.StackName}/update`)}>
              Update stack
            </Button>
            <ButtonDropdown
              variant="primary"
              items={[{ id: "new", text: "With new resources (standard)" }]}
              onItemClick={() => void navigate("/cloudformation/create-stack")}
            >
              Create stack
            </ButtonDropdown>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeleteStack stack={deleting} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}
