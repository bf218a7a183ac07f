// What is done with an internet gateway, from the list and from its page.
import { AttachInternetGatewayCommand, DeleteInternetGatewayCommand, DetachInternetGatewayCommand, EC2Client, type InternetGateway } from "@aws-sdk/client-ec2";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { useChosenVpc } from "./chosen";
import { DeleteOne } from "./DeleteOne";
import { VpcField } from "./parts";

export type GatewayAction = "attach" | "detach" | "delete";

export function vpcOf(gateway: InternetGateway): string | undefined {
  return gateway.Attachments?.[0]?.VpcId;
}

export function GatewayState({ gateway }: { gateway: InternetGateway }) {
  return vpcOf(gateway) === undefined ? <StatusIndicator type="stopped">Detached</StatusIndicator> : <StatusIndicator>Attached</StatusIndicator>;
}

export function gatewayActions(gateway: InternetGateway | undefined, run: (action: GatewayAction, gateway: InternetGateway) => void) {
  const attached = gateway !== undefined && vpcOf(gateway) !== undefined;
  const action = (id: GatewayAction, text: string, enabled: boolean) => ({
    id, text, disabled: gateway === undefined || !enabled, run: () => gateway !== undefined && run(id, gateway),
  });
  return [
    action("attach", "Attach to VPC", !attached),
    action("detach", "Detach from VPC", attached),
    action("delete", "Delete internet gateway", true),
  ];
}

export function GatewayDialog({ action, gateway, close, gone }: { action: GatewayAction; gateway: InternetGateway; close: () => void; gone?: () => void }) {
  const id = gateway.InternetGatewayId ?? "";
  if (action === "attach") return <Attach id={id} close={close} />;
  if (action === "detach") return <Detach id={id} vpc={vpcOf(gateway) ?? ""} close={close} />;
  return (
    <DeleteOne what="internet gateway" id={id} close={close} after={gone}
      run={() => client(EC2Client).send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }))} />
  );
}

function Attach({ id, close }: { id: string; close: () => void }) {
  const chosen = useChosenVpc();
  const [vpc, setVpc] = useState(chosen ?? "");
  const attach = useAct({
    what: "Attach internet gateway",
    run: () => client(EC2Client).send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpc })),
    done: () => `Internet gateway ${id} successfully attached to ${vpc}.`,
    after: close,
    quiet: true,
  });
  return (
    <FormModal title={`Attach to VPC (${id})`} action="Attach internet gateway" busy={attach.isPending} error={attach.error} disabled={vpc === ""} onSubmit={() => attach.mutate(undefined)} onCancel={close}>
      <VpcField label="Available VPCs" value={vpc} set={setVpc} />
    </FormModal>
  );
}

function Detach({ id, vpc, close }: { id: string; vpc: string; close: () => void }) {
  const detach = useAct({
    what: "Detach internet gateway",
    run: () => client(EC2Client).send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpc })),
    done: () => `Internet gateway ${id} successfully detached from ${vpc}.`,
    after: close,
  });
  return (
    <Confirm title="Detach from VPC" action="Detach internet gateway" busy={detach.isPending} onConfirm={() => detach.mutate(undefined)} onCancel={close}>
      Are you sure that you want to detach {id} from {vpc}? Routes to it become black holes.
    </Confirm>
  );
}
