import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useSearchParams } from "react-router";
import { BarePage } from "../../components/Page";
import { useBuses } from "./read";
import { RuleTable } from "./RuleTable";

export default function Rules() {
  const buses = useBuses();
  const [query, setQuery] = useSearchParams();
  const bus = query.get("bus") ?? "default";
  return (
    <BarePage crumbs={[{ text: "Amazon EventBridge", href: "/events" }, { text: "Rules", href: "/events/rules" }]}>
      <RuleTable
        bus={bus} full
        above={
          <FormField label="Event bus">
            <Select
              options={(buses.data ?? []).map(({ Name = "" }) => ({ value: Name }))} selectedOption={{ value: bus }} statusType={buses.isLoading ? "loading" : "finished"}
              onChange={({ detail }) => setQuery({ bus: detail.selectedOption.value ?? "default" }, { replace: true })}
            />
          </FormField>
        }
      />
    </BarePage>
  );
}
