import { LambdaClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { client } from "../../../aws/clients";
import { queries } from "../../../aws/queries";
import { Tags } from "../../../components/Tags";

export function FunctionTags({ arn, tags }: { arn: string; tags: Readonly<Record<string, string>> }) {
  return (
    <Tags
      tags={Object.entries(tags).map(([key, value]) => ({ key, value }))}
      save={async ({ set, remove }) => {
        const lambda = client(LambdaClient);
        if (remove.length > 0) await lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: [...remove] }));
        if (set.length > 0) await lambda.send(new TagResourceCommand({ Resource: arn, Tags: Object.fromEntries(set.map(({ key, value }) => [key, value])) }));
        await queries.invalidateQueries({ queryKey: ["lambda"] });
      }}
    />
  );
}
