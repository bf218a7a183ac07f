import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Page } from "../../components/Page";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { type GatewayAction, gatewayActions, GatewayDialog, GatewayState, vpcOf } from "./gateway";
import { Actions, crumbs, Ec2Tags, VpcLink } from "./parts";
import { nameOf, useGateways } from "./read";

export default function InternetGatewayPage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const gateways = useGateways();
  const [doing, setDoing] = useState<GatewayAction>();
  const gateway = gateways.data?.find(({ InternetGatewayId }) => InternetGatewayId === id);
  const name = nameOf(gateway?.Tags);
  return (
    <Page
      title={name === undefined ? id : `${id} / ${name}`}
      crumbs={crumbs("Internet gateways", "internet-gateways", id)}
      actions={gateway !== undefined && <Actions items={gatewayActions(gateway, setDoing)} />}
    >
      <ReadFailed error={gateways.error} what="internet gateway" />
      {gateways.data !== undefined && gateway === undefined && <Alert type="error">There is no internet gateway {id} in this Region.</Alert>}
      {gateway !== undefined && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Details</Header>}>
            <Properties columns={4} of={[
              ["Internet gateway ID", <Copyable text={id} />],
              ["State", <GatewayState gateway={gateway} />],
              ["VPC ID", <VpcLink id={vpcOf(gateway)} />],
              ["Owner", gateway.OwnerId],
            ]} />
          </Container>
          <Ec2Tags id={id} tags={gateway.Tags} />
        </SpaceBetween>
      )}
      {doing !== undefined && gateway !== undefined && (
        <GatewayDialog action={doing} gateway={gateway} close={() => setDoing(undefined)} gone={() => void navigate("/vpc/internet-gateways")} />
      )}
    </Page>
  );
}
