import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";

export function ChartLoading() {
  return <Box textAlign="center" padding="l"><Spinner /></Box>;
}
