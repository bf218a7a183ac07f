import { DescribeDocumentCommand, ListDocumentsCommand, SSMClient } from "@aws-sdk/client-ssm";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";

/** Names of Automation documents, of Amazon and of one's own. */
export function useRunbooks() {
  return useRead({
    key: ["config", "runbooks"], follows: ["ssm.*"],
    read: async () => {
      const documents = await every(
        (NextToken) => client(SSMClient).send(new ListDocumentsCommand({ Filters: [{ Key: "DocumentType", Values: ["Automation"] }], MaxResults: 50, NextToken })),
        (answer) => [answer.DocumentIdentifiers, answer.NextToken],
      );
      return documents.map(({ Name = "" }) => Name).sort();
    },
  });
}

/** What a runbook does and takes. */
export function useRunbook(name: string) {
  return useRead({
    key: ["config", "runbook", name], follows: ["ssm.*"], enabled: name !== "",
    read: async () => (await client(SSMClient).send(new DescribeDocumentCommand({ Name: name }))).Document,
  });
}
