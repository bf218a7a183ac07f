import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { KeyTable } from "./KeyTable";
import { kms, type KeyRow } from "./read";
import { ScheduleDeletion, useCancelDeletion } from "./ScheduleDeletion";

export default function Keys() {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<readonly KeyRow[]>();
  const cancel = useCancelDeletion();
  const turn = useAct({
    what: "Change keys",
    run: async ({ keys, on }: { keys: readonly KeyRow[]; on: boolean }) => {
      for (const { id } of keys) await (on ? kms().send(new EnableKeyCommand({ KeyId: id })) : kms().send(new DisableKeyCommand({ KeyId: id })));
    },
    done: (_, { keys, on }) => `${keys.length} ${keys.length === 1 ? "key" : "keys"} ${on ? "enabled" : "disabled"}.`,
  });
  return (
    <BarePage crumbs={[{ text: "KMS", href: "/kms" }, { text: "Customer managed keys", href: "/kms/keys" }]}>
      <KeyTable
        title="Customer managed keys"
        ofAws={false}
        select="multi"
        empty={<SpaceBetween size="xxs"><b>No customer managed keys</b><span>Choose Create key.</span></SpaceBetween>}
        actions={(keys) => {
          const all = (state: string) => keys.length > 0 && keys.every(({ metadata }) => metadata?.KeyState === state);
          return (
            <SpaceBetween direction="horizontal" size="xs">
              <ButtonDropdown
                loading={turn.isPending}
                disabled={keys.length === 0}
                items={[
                  { id: "enable", text: "Enable", disabled: !all("Disabled") },
                  { id: "disable", text: "Disable", disabled: !all("Enabled") },
                  { id: "delete", text: "Schedule key deletion", disabled: !(keys.length > 0 && keys.every(({ metadata }) => metadata?.KeyState === "Enabled" || metadata?.KeyState === "Disabled")) },
                  { id: "cancel", text: "Cancel key deletion", disabled: !all("PendingDeletion") },
                ]}
                onItemClick={({ detail: { id } }) => {
                  if (id === "delete") setDeleting(keys);
                  else if (id === "cancel") cancel.mutate(keys.map((key) => key.id));
                  else turn.mutate({ keys, on: id === "enable" });
                }}
              >
                Key actions
              </ButtonDropdown>
              <Button variant="primary" onClick={() => void navigate("/kms/create-key")}>Create key</Button>
            </SpaceBetween>
          );
        }}
      />
      {deleting !== undefined && <ScheduleDeletion ids={deleting.map(({ id }) => id)} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}
