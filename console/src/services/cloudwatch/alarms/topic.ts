import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { client } from "../../../aws/clients";

/** What CloudWatch's console proposes. */
export const DEFAULT_TOPIC = "Default_CloudWatch_Alarms_Topic";

/** The addresses of a list that is written with commas, white space or both. */
export function addressesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((address) => address !== ""))];
}

/** Makes a topic (or finds it) that these addresses get mail of. Answers its ARN. */
export async function createTopic(name: string, addresses: string): Promise<string> {
  const sns = client(SNSClient);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: name }));
  for (const Endpoint of addressesIn(addresses)) await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint }));
  return TopicArn;
}
