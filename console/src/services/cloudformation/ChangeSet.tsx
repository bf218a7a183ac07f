import { CloudFormationClient, DeleteChangeSetCommand, DescribeChangeSetCommand, ExecuteChangeSetCommand } from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct, useRead } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { Page } from "../../components/Page";
import { Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { Changes } from "./Changes";
import { Status } from "./Status";

export default function ChangeSet() {
  const { name = "", changeSet = "" } = useParams();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const names = { StackName: name, ChangeSetName: changeSet };
  const read = useRead({
    key: ["cloudformation", "change-set", name, changeSet],
    follows: ["cloudformation.*"],
    read: () => client(CloudFormationClient).send(new DescribeChangeSetCommand(names)),
  });
  const execute = useAct({
    what: "Execute change set",
    run: () => client(CloudFormationClient).send(new ExecuteChangeSetCommand(names)),
    done: () => `Change set ${changeSet} is executed.`,
    after: () => void navigate(`/cloudformation/stacks/${name}?tab=events`),
  });
  const remove = useAct({
    what: "Delete change set",
    run: () => client(CloudFormationClient).send(new DeleteChangeSetCommand(names)),
    done: () => `Change set ${changeSet} deleted.`,
    after: () => void navigate(`/cloudformation/stacks/${name}?tab=changesets`),
  });
  const set = read.data;
  return (
    <Page
      title={changeSet}
      crumbs={[
        { text: "CloudFormation", href: "/cloudformation" }, { text: "Stacks", href: "/cloudformation/stacks" },
        { text: name, href: `/cloudformation/stacks/${name}` }, { text: changeSet, href: `/cloudformation/stacks/${name}/change-sets/${changeSet}` },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setDeleting(true)}>Delete change set</Button>
          <Button variant="primary" disabled={set?.ExecutionStatus !== "AVAILABLE"} loading={execute.isPending} onClick={() => execute.mutate(undefined)}>Execute change set</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={read.error} what="change set" />
      {set !== undefined && (
        <>
          <Container header={<Header variant="h2">Overview</Header>}>
            <Properties of={[
              ["Status", <Status of={set.Status} />],
              ["Status reason", set.StatusReason],
              ["Execution status", <Status of={set.ExecutionStatus} />],
              ["Created time", when(set.CreationTime)],
              ["Description", set.Description],
            ]} />
          </Container>
          <Changes title="Changes" changes={set.Changes} loading={false} />
        </>
      )}
      {deleting && (
        <Confirm title="Delete change set?" action="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={() => setDeleting(false)}>
          The stack stays as it is.
        </Confirm>
      )}
    </Page>
  );
}
