import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { useNavigate } from "react-router";
import { failureOf } from "../../../aws/errors";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { type Json, withWidget } from "./body";
import { createDashboard, dashboard, dashboardPage, putDashboard, useDashboards } from "./read";

/** Puts a graph on a dashboard that is there, or on a new one. */
export function AddToDashboard({ properties, close }: { properties: Json; close: () => void }) {
  const navigate = useNavigate();
  const known = useDashboards();
  const [how, setHow] = useState("existing");
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const add = useAct({
    what: "Add to dashboard",
    run: async () => {
      const widget = { type: "metric", width: 12, height: 6, properties: { ...properties, ...(title !== "" && { title }) } };
      if (how === "new") await createDashboard(name, withWidget({ widgets: [] }, widget));
      else await putDashboard(name, withWidget(await dashboard(name), widget));
    },
    done: () => `The widget was added to ${name}.`,
    after: () => void navigate(dashboardPage(name)),
    quiet: true,
  });
  return (
    <FormModal title="Add to dashboard" action="Add to dashboard" busy={add.isPending} error={add.error} disabled={name === ""} onSubmit={() => add.mutate(undefined)} onCancel={close}>
      <RadioGroup
        ariaLabel="Select a dashboard" value={how} onChange={({ detail }) => { setHow(detail.value); setName(""); }}
        items={[{ value: "existing", label: "Select an existing dashboard" }, { value: "new", label: "Create new" }]}
      />
      {how === "new" ? (
        <FormField label="Dashboard name"><Input value={name} onChange={({ detail }) => setName(detail.value)} /></FormField>
      ) : (
        <FormField label="Dashboard" {...(known.error !== null && { errorText: failureOf(known.error).message })}>
          <Select
            selectedOption={name === "" ? null : { value: name }} options={(known.data ?? []).map(({ DashboardName = "" }) => ({ value: DashboardName }))} placeholder="Select a dashboard" empty="No dashboards"
            statusType={known.isLoading ? "loading" : "finished"} onChange={({ detail }) => setName(detail.selectedOption.value ?? "")}
          />
        </FormField>
      )}
      <FormField label="Widget title - optional"><Input value={title} onChange={({ detail }) => setTitle(detail.value)} /></FormField>
    </FormModal>
  );
}
