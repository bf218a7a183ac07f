import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { failureOf } from "../../../aws/errors";
import { useGroups } from "../read";

/** More log groups than these StartQuery does not take. */
const MOST_GROUPS = 50;

/** The log groups that a query reads. */
export function GroupsChoice({ value, onChange }: { value: readonly string[]; onChange: (groups: string[]) => void }) {
  const known = useGroups();
  return (
    <FormField label="Select log group(s)" description={`Select up to ${MOST_GROUPS} log groups.`} stretch {...(known.error !== null && { errorText: failureOf(known.error).message })}>
      <Multiselect
        options={(known.data ?? []).map(({ logGroupName = "" }) => ({ value: logGroupName, label: logGroupName }))}
        selectedOptions={value.map((group) => ({ value: group, label: group }))}
        placeholder="Select log group(s)" filteringType="auto" empty="No log groups" tokenLimit={5} deselectAriaLabel={({ label }) => `Remove ${label}`}
        statusType={known.isLoading ? "loading" : "finished"}
        onChange={({ detail }) => onChange(detail.selectedOptions.map((option) => option.value ?? "").slice(0, MOST_GROUPS))}
      />
    </FormField>
  );
}
