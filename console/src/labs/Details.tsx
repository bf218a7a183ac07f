import Button from "@cloudscape-design/components/button";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Copyable, Properties } from "../components/Properties";
import { ReadFailed } from "../components/ReadFailed";
import { useDetails } from "./api";

/** Names and ARNs of what the lab is about. */
export function Details({ account, columns = 2 }: { account: string; columns?: number }) {
  const details = useDetails(account);
  return (
    <SpaceBetween size="s">
      <ReadFailed error={details.error} what="details" />
      <Properties
        columns={columns}
        of={(details.data ?? []).map(({ name, value, says }) => [name, value === null ? <Box color="text-status-inactive">{says ?? "not there yet"}</Box> : <Copyable text={value} />] as const)}
      />
      <Button iconName="refresh" loading={details.isFetching} onClick={() => void details.refetch()}>Read again</Button>
    </SpaceBetween>
  );
}
