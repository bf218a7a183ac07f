import { LambdaClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { client } from "../../../aws/clients";
import { tagMap } from "../../../aws/tags";
import { Tags } from "../../../components/Tags";

export function FunctionTags({ arn, tags }: { arn: string; tags: Readonly<Record<string, string>> }) {
  return (
    <Tags
      tags={Object.entries(tags).map(([key, value]) => ({ key, value }))}
      tag={(some) => client(LambdaClient).send(new TagResourceCommand({ Resource: arn, Tags: tagMap(some) }))}
      untag={(TagKeys) => client(LambdaClient).send(new UntagResourceCommand({ Resource: arn, TagKeys }))}
    />
  );
}
