import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { download } from "../../components/download";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { when } from "../../components/time";
import { ago } from "./parts";
import { useAccessKeys } from "./read";

/** The access keys of a user; without one, of who is signed in. */
export function AccessKeys({ user }: { user?: string }) {
  const keys = useAccessKeys(user);
  const named = user === undefined ? {} : { UserName: user };
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const [doing, setDoing] = useState<{ action: "Deactivate" | "Delete"; id: string; active: boolean }>();
  const create = useAct({
    what: "Create access key",
    run: () => client(IAMClient).send(new CreateAccessKeyCommand(named)),
    after: ({ AccessKey }) => setMade({ id: AccessKey?.AccessKeyId ?? "", secret: AccessKey?.SecretAccessKey ?? "" }),
  });
  const change = useAct({
    what: "Change access key",
    run: async ({ id, action }: { id: string; action: "Activate" | "Deactivate" | "Delete" }) => {
      if (action === "Delete") await client(IAMClient).send(new DeleteAccessKeyCommand({ ...named, AccessKeyId: id }));
      else await client(IAMClient).send(new UpdateAccessKeyCommand({ ...named, AccessKeyId: id, Status: action === "Activate" ? "Active" : "Inactive" }));
    },
    done: (_, { id, action }) => `Access key ${id} ${action === "Delete" ? "deleted" : action === "Activate" ? "activated" : "deactivated"}.`,
    after: () => setDoing(undefined),
  });
  return (
    <Container header={
      <Header variant="h2" counter={keys.data === undefined ? undefined : `(${keys.data.length})`}
        description="Use access keys to send programmatic calls to AWS. You can have a maximum of two access keys (active or inactive) at a time."
        actions={<Button loading={create.isPending} onClick={() => create.mutate(undefined)}>Create access key</Button>}>
        Access keys
      </Header>
    }>
      <SpaceBetween size="l">
        <ReadFailed error={keys.error} what="access keys" />
        {keys.data?.length === 0 && <Box textAlign="center" color="text-status-inactive">No access keys</Box>}
        {(keys.data ?? []).map(({ AccessKeyId = "", Status, CreateDate, used }) => (
          <section key={AccessKeyId} aria-label={`Access key ${AccessKeyId}`}>
            <Header variant="h3" actions={
              <ButtonDropdown
                ariaLabel={`Actions of ${AccessKeyId}`}
                items={[{ id: Status === "Active" ? "Deactivate" : "Activate", text: Status === "Active" ? "Deactivate" : "Activate" }, { id: "Delete", text: "Delete" }]}
                onItemClick={({ detail }) => {
                  if (detail.id === "Activate") change.mutate({ id: AccessKeyId, action: "Activate" });
                  else setDoing({ id: AccessKeyId, action: detail.id === "Delete" ? "Delete" : "Deactivate", active: Status === "Active" });
                }}
              >
                Actions
              </ButtonDropdown>
            }>
              {AccessKeyId}
            </Header>
            <Properties columns={4} of={[
              ["Status", Status],
              ["Created", when(CreateDate)],
              ["Last used", used?.LastUsedDate === undefined ? "None" : ago(used.LastUsedDate)],
              ["Last used service, Region", used?.LastUsedDate === undefined ? "–" : `${used.ServiceName ?? ""}, ${used.Region ?? ""}`],
            ]} />
          </section>
        ))}
      </SpaceBetween>
      {made !== undefined && <Made made={made} close={() => setMade(undefined)} />}
      {doing !== undefined && (
        <Confirm title={`${doing.action} ${doing.id}?`} action={doing.action} busy={change.isPending} {...(doing.action === "Delete" && { type: doing.id })}
          onConfirm={() => change.mutate(doing)} onCancel={() => setDoing(undefined)}>
          {doing.action === "Delete" && doing.active ? "This key is active: what still uses it stops working, and a deleted key cannot be had back." : "What still uses this key stops working."}
        </Confirm>
      )}
    </Container>
  );
}

function Made({ made, close }: { made: { id: string; secret: string }; close: () => void }) {
  return (
    <Modal visible header="Retrieve access keys" onDismiss={close} footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => download(`${made.id}_accessKeys.csv`, `Access key ID,Secret access key\n${made.id},${made.secret}\n`, "text/csv")}>Download .csv file</Button>
          <Button variant="primary" onClick={close}>Done</Button>
        </SpaceBetween>
      </Box>
    }>
      <SpaceBetween size="m">
        <Alert type="warning">This is the only time that the secret access key can be viewed or downloaded. You cannot recover it later. However, you can create a new access key any time.</Alert>
        <Properties columns={1} of={[["Access key", <Copyable text={made.id} />], ["Secret access key", <Copyable text={made.secret} />]]} />
      </SpaceBetween>
    </Modal>
  );
}
