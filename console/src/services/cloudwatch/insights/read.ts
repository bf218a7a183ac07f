// What the page of Logs Insights reads besides its queries' answers.
import { CloudWatchLogsClient, DescribeQueryDefinitionsCommand, GetLogGroupFieldsCommand, GetLogRecordCommand } from "@aws-sdk/client-cloudwatch-logs";
import { client } from "../../../aws/clients";
import { every, useRead } from "../../../aws/queries";

export function useDefinitions() {
  return useRead({
    key: ["logs", "query-definitions"],
    follows: ["AWS::Logs::QueryDefinition", "logs.query_definitions"],
    read: () => every((nextToken) => client(CloudWatchLogsClient).send(new DescribeQueryDefinitionsCommand({ nextToken })), (answer) => [answer.queryDefinitions, answer.nextToken]),
  });
}

export interface Field {
  name: string;
  /** Of a hundred recent events, how many have it. */
  percent: number;
}

/** The fields of all these groups; each with the highest percentage that it has in one. */
export function useFields(groups: readonly string[]) {
  return useRead({
    key: ["logs", "fields", groups],
    enabled: groups.length > 0,
    read: async (): Promise<Field[]> => {
      const answers = await Promise.all(groups.map((logGroupName) => client(CloudWatchLogsClient).send(new GetLogGroupFieldsCommand({ logGroupName }))));
      const fields = new Map<string, number>();
      for (const { name = "", percent = 0 } of answers.flatMap(({ logGroupFields = [] }) => logGroupFields)) fields.set(name, Math.max(percent, fields.get(name) ?? 0));
      return [...fields].map(([name, percent]) => ({ name, percent })).sort((a, b) => b.percent - a.percent || a.name.localeCompare(b.name, "en"));
    },
  });
}

/** All fields of one event. */
export function useRecord(pointer: string) {
  return useRead({
    key: ["logs", "record", pointer],
    read: async () => Object.entries((await client(CloudWatchLogsClient).send(new GetLogRecordCommand({ logRecordPointer: pointer }))).logRecord ?? {}),
  });
}
