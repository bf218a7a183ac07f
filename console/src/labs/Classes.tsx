import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useAct } from "../aws/queries";
import { download } from "../components/download";
import { FormModal } from "../components/FormModal";
import { BarePage } from "../components/Page";
import { PageLink } from "../components/PageLink";
import { ResourceTable } from "../components/ResourceTable";
import { makeClass, useClasses, useLabs } from "./api";

export default function Classes() {
  const classes = useClasses();
  const [creating, setCreating] = useState(false);
  return (
    <BarePage crumbs={[{ text: "Labs", href: "/labs" }, { text: "Classes", href: "/labs/classes" }]}>
      <ResourceTable
        title="Classes" variant="full-page" items={classes.data} loading={classes.isLoading} error={classes.error} id={(one) => `${one.lab}/${one.class}`}
        empty="No classes. Create one from a roster."
        columns={[
          { id: "class", header: "Class", cell: (one) => <PageLink href={`/labs/classes/${one.lab}/${one.class}`}>{one.class}</PageLink>, value: (one) => one.class },
          { id: "lab", header: "Lab", cell: ({ title }) => title, value: ({ title }) => title },
          { id: "students", header: "Students", cell: ({ students }) => students, value: ({ students }) => students },
          { id: "submitted", header: "Submitted", cell: ({ submitted }) => submitted, value: ({ submitted }) => submitted },
        ]}
        actions={() => <Button variant="primary" onClick={() => setCreating(true)}>Create class</Button>}
      />
      {creating && <CreateClass close={() => setCreating(false)} />}
    </BarePage>
  );
}

function CreateClass({ close }: { close: () => void }) {
  const labs = useLabs();
  const [lab, setLab] = useState("");
  const [name, setName] = useState("");
  const [roster, setRoster] = useState("student,name,email\n");
  const create = useAct({
    what: "Create class",
    run: () => makeClass(lab, name, roster),
    done: ({ students }) => `${students.length} students. Their credentials were downloaded; they are shown this once.`,
    // The passwords are in this answer and nowhere else.
    after: ({ csv }) => {
      download(`${name}-credentials.csv`, csv, "text/csv");
      close();
    },
    quiet: true,
  });
  return (
    <FormModal title="Create class" action="Create class" size="large" busy={create.isPending} error={create.error} disabled={lab === "" || name === ""} onSubmit={() => create.mutate(undefined)} onCancel={close}>
      <FormField label="Lab">
        <Select
          selectedOption={labs.data?.labs.filter((one) => one.name === lab).map((one) => ({ value: one.name, label: one.title }))[0] ?? null}
          options={(labs.data?.labs ?? []).map((one) => ({ value: one.name, label: one.title }))} placeholder="Choose a lab"
          onChange={({ detail }) => setLab(detail.selectedOption.value ?? "")}
        />
      </FormField>
      <FormField label="Class name"><Input value={name} onChange={({ detail }) => setName(detail.value)} placeholder="spring-2027" /></FormField>
      <FormField label="Roster" description="CSV with the columns student, name and email. Their accounts are made, and a file with their credentials is downloaded.">
        <Textarea value={roster} rows={8} onChange={({ detail }) => setRoster(detail.value)} />
      </FormField>
    </FormModal>
  );
}
