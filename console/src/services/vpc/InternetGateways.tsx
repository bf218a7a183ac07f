import { CreateInternetGatewayCommand, EC2Client, type InternetGateway } from "@aws-sdk/client-ec2";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { BarePage } from "../../components/Page";
import { ResourceTable } from "../../components/ResourceTable";
import { useChosenVpc } from "./chosen";
import { Actions, crumbs, idColumn, nameColumn, named, NameField, textColumn, VpcLink } from "./parts";
import { GatewayDialog, type GatewayAction, GatewayState, gatewayActions, vpcOf } from "./gateway";
import { useGateways } from "./read";

export default function InternetGateways() {
  const navigate = useNavigate();
  const gateways = useGateways();
  const chosen = useChosenVpc();
  // Those attached nowhere are shown as well: they wait to be attached.
  const shown = chosen === undefined ? gateways.data : gateways.data?.filter((gateway) => [undefined, chosen].includes(vpcOf(gateway)));
  const [creating, setCreating] = useState(false);
  const [doing, setDoing] = useState<{ action: GatewayAction; gateway: InternetGateway }>();
  return (
    <BarePage crumbs={crumbs("Internet gateways", "internet-gateways")}>
      <ResourceTable<InternetGateway>
        title="Internet gateways"
        variant="full-page"
        items={shown}
        loading={gateways.isLoading}
        error={gateways.error}
        id={(gateway) => gateway.InternetGatewayId ?? ""}
        select="single"
        columns={[
          nameColumn((gateway) => gateway.Tags),
          idColumn("Internet gateway ID", "internet-gateways", (gateway) => gateway.InternetGatewayId),
          { id: "state", header: "State", cell: (gateway) => <GatewayState gateway={gateway} /> },
          { id: "vpc", header: "VPC ID", cell: (gateway) => <VpcLink id={vpcOf(gateway)} />, value: vpcOf },
          textColumn("owner", "Owner", (gateway) => gateway.OwnerId),
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Actions items={[
              { id: "view", text: "View details", disabled: one === undefined, run: () => void navigate(`/vpc/internet-gateways/${one?.InternetGatewayId ?? ""}`) },
              ...gatewayActions(one, (action, gateway) => setDoing({ action, gateway })),
            ]} />
            <Button variant="primary" onClick={() => setCreating(true)}>Create internet gateway</Button>
          </SpaceBetween>
        )}
      />
      {creating && <CreateGateway close={() => setCreating(false)} />}
      {doing !== undefined && <GatewayDialog {...doing} close={() => setDoing(undefined)} />}
    </BarePage>
  );
}

function CreateGateway({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useAct({
    what: "Create internet gateway",
    run: () => client(EC2Client).send(new CreateInternetGatewayCommand(named("internet-gateway", name))),
    done: (answer) => `The following internet gateway was created: ${answer.InternetGateway?.InternetGatewayId ?? ""}. You can now attach to a VPC to enable the VPC to communicate with the internet.`,
    after: (answer) => void navigate(`/vpc/internet-gateways/${answer.InternetGateway?.InternetGatewayId ?? ""}`),
    quiet: true,
  });
  return (
    <FormModal title="Create internet gateway" action="Create internet gateway" busy={create.isPending} error={create.error} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <NameField value={name} set={setName} />
    </FormModal>
  );
}
