// Tags, as pages have them and as services write them.
export interface Tag {
  key: string;
  value: string;
}

/** Of most services. */
export function readTags(tags: readonly { Key?: string; Value?: string }[] | undefined): Tag[] {
  return (tags ?? []).map(({ Key = "", Value = "" }) => ({ key: Key, value: Value }));
}

export function writtenTags(tags: readonly Tag[]): { Key: string; Value: string }[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Of Lambda, SQS and CloudWatch Logs. */
export function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
