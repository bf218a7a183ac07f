import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { FormPage } from "../../../components/FormPage";
import { Capacity } from "../CreateTable";
import { definitionsOf, IndexFields, isComplete, NEW_INDEX, projectionOf, schemaOf } from "../IndexFields";
import { crumbsOf, dynamodb, isOnDemand, useTable } from "../read";

export default function CreateIndex() {
  const { table: name = "" } = useParams();
  const navigate = useNavigate();
  const table = useTable(name).data;
  const [index, setIndex] = useState(NEW_INDEX);
  const [reads, setReads] = useState("5");
  const [writes, setWrites] = useState("5");
  const provisioned = table !== undefined && !isOnDemand(table);
  const back = () => void navigate(`/dynamodb/tables/${name}?tab=indexes`);
  const create = useAct({
    what: "Create index",
    run: () => dynamodb().send(new UpdateTableCommand({
      TableName: name,
      AttributeDefinitions: definitionsOf([index.partition, index.sort]),
      GlobalSecondaryIndexUpdates: [{
        Create: {
          IndexName: index.name,
          KeySchema: schemaOf(index.partition.name, index.sort.name),
          Projection: projectionOf(index),
          ...(provisioned && { ProvisionedThroughput: { ReadCapacityUnits: Number(reads), WriteCapacityUnits: Number(writes) } }),
        },
      }],
    })),
    done: () => `Index ${index.name} created.`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage title="Create global secondary index" crumbs={crumbsOf(name, { text: "Create index", href: `/dynamodb/tables/${name}/create-index` })}
      action="Create index" busy={create.isPending} error={create.error} disabled={!isComplete(index)} onSubmit={() => create.mutate(undefined)} onCancel={back}>
      <Container header={<Header variant="h2">Index details</Header>}><IndexFields value={index} onChange={setIndex} /></Container>
      {provisioned && <Container header={<Header variant="h2">Index capacity</Header>}><Capacity reads={reads} writes={writes} onReads={setReads} onWrites={setWrites} /></Container>}
    </FormPage>
  );
}
