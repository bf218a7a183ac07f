import { REGIONS } from "../../app/regions";

/** `US East (N. Virginia) us-east-1`, as S3 writes regions. */
export function regionName(id: string): string {
  const name = REGIONS.find(([region]) => region === id)?.[1];
  return name === undefined ? id : `${name} ${id}`;
}
