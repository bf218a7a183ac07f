import type { TableDescription } from "@aws-sdk/client-dynamodb";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Copyable, Properties } from "../../../components/Properties";
import { bytes, when } from "../../../components/time";
import { isOnDemand, keysOf, keyText, useContinuousBackups, useTablePolicy } from "../read";
import { TableState } from "../TableState";

export function Overview({ table }: { table: TableDescription }) {
  const { partition, partitionType, sort, sortType } = keysOf(table);
  const recovery = useContinuousBackups(table.TableName ?? "");
  const policy = useTablePolicy(table.TableArn);
  const throughput = table.ProvisionedThroughput;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">General information</Header>}>
        <Properties of={[
          ["Partition key", keyText(partition, partitionType)],
          ["Sort key", keyText(sort, sortType)],
          ["Capacity mode", isOnDemand(table) ? "On-demand" : "Provisioned"],
          ["Table status", <TableState status={table.TableStatus} />],
          ["Point-in-time recovery (PITR)", recovery.data === undefined ? undefined : recovery.data.PointInTimeRecoveryStatus === "ENABLED" ? "On" : "Off"],
          ["Item count", table.ItemCount],
          ["Table size", bytes(table.TableSizeBytes)],
          ["Average item size", table.ItemCount === undefined || table.ItemCount === 0 ? undefined : bytes(Math.round((table.TableSizeBytes ?? 0) / table.ItemCount))],
          ["Resource-based policy", policy.data === undefined ? undefined : policy.data === "" ? "Not active" : "Active"],
          ["Amazon Resource Name (ARN)", <Copyable text={table.TableArn} />],
          ["Creation date", when(table.CreationDateTime)],
          ["Table class", table.TableClassSummary?.TableClass === "STANDARD_INFREQUENT_ACCESS" ? "DynamoDB Standard-IA" : "DynamoDB Standard"],
        ]} />
      </Container>
      {!isOnDemand(table) && (
        <Container header={<Header variant="h2">Read/write capacity</Header>}>
          <Properties of={[["Provisioned read capacity units", throughput?.ReadCapacityUnits], ["Provisioned write capacity units", throughput?.WriteCapacityUnits]]} />
        </Container>
      )}
    </SpaceBetween>
  );
}
