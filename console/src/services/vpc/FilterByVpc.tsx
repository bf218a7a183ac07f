import Box from "@cloudscape-design/components/box";
import Select from "@cloudscape-design/components/select";
import { useEffect } from "react";
import { chooseVpc, useChosenVpc } from "./chosen";
import { nameOf, useVpcs } from "./read";

const ALL = { value: "", label: "Select a VPC" };

/** Narrows every list of this console to one VPC. */
export default function FilterByVpc() {
  const vpcs = useVpcs();
  const chosen = useChosenVpc();
  // A VPC that is gone would leave every list empty.
  const gone = chosen !== undefined && vpcs.data !== undefined && !vpcs.data.some(({ VpcId }) => VpcId === chosen);
  useEffect(() => {
    if (gone) chooseVpc(undefined);
  }, [gone]);
  const options = (vpcs.data ?? []).map(({ VpcId, Tags, CidrBlock }) => ({
    value: VpcId ?? "", label: nameOf(Tags) ?? VpcId ?? "", description: VpcId, labelTag: CidrBlock,
  }));
  return (
    <div>
      <Box variant="awsui-key-label">Filter by VPC</Box>
      <Select
        ariaLabel="Filter by VPC"
        selectedOption={options.find(({ value }) => value === chosen) ?? ALL}
        options={[ALL, ...options]}
        filteringType="auto"
        filteringPlaceholder="Find a VPC"
        expandToViewport
        statusType={vpcs.isLoading ? "loading" : "finished"}
        onChange={({ detail }) => chooseVpc(detail.selectedOption.value === "" ? undefined : detail.selectedOption.value)}
      />
    </div>
  );
}
