// What pages of DynamoDB read.
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  GetResourcePolicyCommand,
  ListBackupsCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  type LocalSecondaryIndexDescription,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Crumb } from "../../app/breadcrumbs";
import type { Found } from "../../app/service";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import { readTags } from "../../aws/tags";

export const FOLLOWS = ["AWS::DynamoDB::Table", "dynamodb.tables", "dynamodb.items"];

export function dynamodb(): DynamoDBClient {
  return client(DynamoDBClient);
}

export async function tableNames(): Promise<string[]> {
  return every(
    (ExclusiveStartTableName) => dynamodb().send(new ListTablesCommand({ ExclusiveStartTableName })),
    (answer) => [answer.TableNames, answer.LastEvaluatedTableName],
  );
}

export function useTableNames() {
  return useRead({ key: ["dynamodb", "names"], follows: FOLLOWS, read: tableNames });
}

/** The tables; one that may not be described has its name only. */
export function useTables() {
  return useRead({
    key: ["dynamodb", "tables"],
    follows: FOLLOWS,
    read: async () => Promise.all((await tableNames()).map((name) => describe(name).catch((): TableDescription => ({ TableName: name })))),
  });
}

async function describe(TableName: string): Promise<TableDescription> {
  return (await dynamodb().send(new DescribeTableCommand({ TableName }))).Table ?? {};
}

export function useTable(name: string) {
  return useRead({
    key: ["dynamodb", "table", name],
    follows: FOLLOWS,
    enabled: name !== "",
    read: () => describe(name),
  });
}

export function useTimeToLive(TableName: string) {
  return useRead({
    key: ["dynamodb", "ttl", TableName],
    follows: FOLLOWS,
    read: async () => (await dynamodb().send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription ?? {},
  });
}

export function useContinuousBackups(TableName: string) {
  return useRead({
    key: ["dynamodb", "pitr", TableName],
    follows: FOLLOWS,
    read: async () => (await dynamodb().send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {},
  });
}

export function useBackups(TableName?: string) {
  return useRead({
    key: ["dynamodb", "backups", TableName],
    follows: [...FOLLOWS, "dynamodb.backups"],
    read: () =>
      every(
        (ExclusiveStartBackupArn) => dynamodb().send(new ListBackupsCommand({ TableName, ExclusiveStartBackupArn, BackupType: "ALL" })),
        (answer) => [answer.BackupSummaries, answer.LastEvaluatedBackupArn],
      ),
  });
}

export function useTableTags(arn: string | undefined) {
  return useRead({
    key: ["dynamodb", "tags", arn],
    follows: FOLLOWS,
    enabled: arn !== undefined,
    read: async () => {
      const tags = await every(
        (NextToken) => dynamodb().send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken })),
        (answer) => [answer.Tags, answer.NextToken],
      );
      return readTags(tags);
    },
  });
}

/** The table's policy; "" where it has none. */
export function useTablePolicy(arn: string | undefined) {
  return useRead({
    key: ["dynamodb", "policy", arn],
    follows: FOLLOWS,
    enabled: arn !== undefined,
    read: async () => {
      try {
        return (await dynamodb().send(new GetResourcePolicyCommand({ ResourceArn: arn }))).Policy ?? "";
      } catch (error) {
        if (error instanceof Error && error.name === "PolicyNotFoundException") return "";
        throw error;
      }
    },
  });
}

export async function found(): Promise<Found[]> {
  return (await tableNames()).map((name) => ({ label: name, href: `/dynamodb/tables/${name}`, kind: "DynamoDB table" }));
}

export interface Keys {
  partition: string;
  partitionType: string;
  sort?: string;
  sortType?: string;
}

type Keyed = Pick<TableDescription, "KeySchema"> | GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription;

/** The key of a table or of one of its indexes, with its attributes' types. */
export function keysOf(table: TableDescription, of: Keyed = table): Keys {
  const named = (type: string) => of.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const typed = (name: string | undefined) => table.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? "S";
  const partition = named("HASH") ?? "";
  const sort = named("RANGE");
  return { partition, partitionType: typed(partition), ...(sort !== undefined && { sort, sortType: typed(sort) }) };
}

export function keyText(name: string | undefined, type: string | undefined): string {
  const types: Record<string, string> = { S: "String", N: "Number", B: "Binary" };
  return name === undefined || name === "" ? "–" : `${name} (${types[type ?? "S"] ?? type ?? ""})`;
}

export function isOnDemand(table: TableDescription): boolean {
  return table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST";
}

export function crumbsOf(table: string, ...more: readonly Crumb[]): Crumb[] {
  return [{ text: "DynamoDB", href: "/dynamodb" }, { text: "Tables", href: "/dynamodb/tables" }, { text: table, href: `/dynamodb/tables/${table}` }, ...more];
}
