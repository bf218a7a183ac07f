import { CreateRouteCommand, DeleteRouteCommand, EC2Client, ReplaceRouteCommand, type Route, type RouteTable } from "@aws-sdk/client-ec2";
import Alert from "@cloudscape-design/components/alert";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { crumbs } from "./parts";
import { nameOf, useGateways, useInterfaces, usePrefixLists, useTables } from "./read";
import { destinationOf, targetOf } from "./Routes";

export default function EditRoutes() {
  const { id = "" } = useParams();
  const tables = useTables();
  const table = tables.data?.find(({ RouteTableId }) => RouteTableId === id);
  return (
    <Page title="Edit routes" crumbs={[...crumbs("Route tables", "route-tables", id), { text: "Edit routes", href: `/vpc/route-tables/${id}/routes` }]}>
      <ReadFailed error={tables.error} what="route table" />
      {tables.data !== undefined && table === undefined && <Alert type="error">There is no route table {id} in this Region.</Alert>}
      {table !== undefined && <Editor key={id} table={table} />}
    </Page>
  );
}

interface EditedRoute {
  before?: Route;
  destination: string;
  target: string;
}

function Editor({ table }: { table: RouteTable }) {
  const id = table.RouteTableId ?? "";
  const navigate = useNavigate();
  const [before] = useState(table.Routes ?? []);
  const [edited, setEdited] = useState<readonly EditedRoute[]>(() => before.map((route) => ({ before: route, destination: destinationOf(route), target: targetOf(route) })));
  const targets = useTargets(table.VpcId);
  const lists = usePrefixLists();
  const back = () => void navigate(`/vpc/route-tables/${id}`);
  const save = useAct({
    what: "Save changes",
    run: () => saveRoutes(id, before, edited),
    done: () => `Updated routes for ${id} successfully.`,
    after: back,
    quiet: true,
  });
  const edit = (index: number, change: Partial<EditedRoute>) => setEdited(edited.map((route, at) => (at === index ? { ...route, ...change } : route)));
  return (
    <Form
      errorText={save.error === null ? undefined : `${failureOf(save.error).code}: ${failureOf(save.error).message}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={back}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={edited.some(({ destination, target }) => destination === "" || target === "")} onClick={() => save.mutate(undefined)}>Save changes</Button>
        </SpaceBetween>
      }
    >
      <Container>
        <AttributeEditor<EditedRoute>
          items={edited}
          addButtonText="Add route"
          removeButtonText="Remove"
          isItemRemovable={({ before: route }) => route?.Origin !== "CreateRouteTable"}
          onAddButtonClick={() => setEdited([...edited, { destination: "", target: "" }])}
          onRemoveButtonClick={({ detail }) => setEdited(edited.filter((_, index) => index !== detail.itemIndex))}
          definition={[
            {
              label: "Destination",
              control: (route, index) => (
                <Autosuggest value={route.destination} disabled={route.before !== undefined} enteredTextLabel={(text) => `Use: ${text}`} expandToViewport
                  options={[{ value: "0.0.0.0/0" }, { value: "::/0" }, ...(lists.data ?? []).map(({ PrefixListId = "", PrefixListName }) => ({ value: PrefixListId, description: PrefixListName }))]}
                  onChange={({ detail }) => edit(index, { destination: detail.value })} />
              ),
            },
            {
              label: "Target",
              control: (route, index) => (
                <Autosuggest value={route.target} disabled={route.before?.Origin === "CreateRouteTable"} enteredTextLabel={(text) => `Use: ${text}`} expandToViewport
                  options={targets} onChange={({ detail }) => edit(index, { target: detail.value })} />
              ),
            },
            { label: "Status", control: (route) => <Input readOnly value={route.before?.State ?? "–"} /> },
          ]}
        />
      </Container>
    </Form>
  );
}

function useTargets(vpc: string | undefined) {
  const gateways = useGateways();
  const interfaces = useInterfaces();
  return [
    {
      label: "Internet Gateway",
      options: (gateways.data ?? []).map(({ InternetGatewayId = "", Tags }) => ({ value: InternetGatewayId, description: nameOf(Tags) })),
    },
    {
      label: "Network Interface",
      options: (interfaces.data ?? []).filter(({ VpcId }) => VpcId === vpc).map(({ NetworkInterfaceId = "", Description }) => ({ value: NetworkInterfaceId, description: Description })),
    },
    { label: "Local", options: [{ value: "local" }] },
  ];
}

function destinationInput(text: string) {
  if (text.startsWith("pl-")) return { DestinationPrefixListId: text };
  return text.includes(":") ? { DestinationIpv6CidrBlock: text } : { DestinationCidrBlock: text };
}

function targetInput(text: string) {
  if (text === "local") return { LocalTarget: true };
  return text.startsWith("eni-") ? { NetworkInterfaceId: text } : { GatewayId: text };
}

async function saveRoutes(table: string, before: readonly Route[], edited: readonly EditedRoute[]): Promise<void> {
  const ec2 = client(EC2Client);
  const kept = new Set(edited.map((route) => route.before));
  for (const route of before) {
    if (!kept.has(route)) await ec2.send(new DeleteRouteCommand({ RouteTableId: table, ...destinationInput(destinationOf(route)) }));
  }
  for (const { before: route, destination, target } of edited) {
    if (route === undefined) {
      const to = target.trim();
      const towards = to.startsWith("eni-") ? { NetworkInterfaceId: to } : { GatewayId: to };
      await ec2.send(new CreateRouteCommand({ RouteTableId: table, ...destinationInput(destination.trim()), ...towards }));
    } else if (target !== targetOf(route)) {
      await ec2.send(new ReplaceRouteCommand({ RouteTableId: table, ...destinationInput(destination), ...targetInput(target.trim()) }));
    }
  }
}
