import { CloudTrailClient, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { EventFields } from "./EventFields";
import { type TrailDetail, useTrail } from "./read";
import { eventsOf, eventsProblem, selectorsOf } from "./selectors";

export default function EditEvents() {
  const { name = "" } = useParams();
  const trail = useTrail(name);
  if (trail.data === undefined) return <ReadFailed error={trail.error} what="trail" />;
  return <Edit of={trail.data} />;
}

function Edit({ of: { name, trail, basic, advanced } }: { of: TrailDetail }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(() => eventsOf(basic, advanced));
  const page = `/cloudtrail/trails/${encodeURIComponent(name)}`;
  const save = useAct({
    what: "Edit events", run: () => client(CloudTrailClient).send(new PutEventSelectorsCommand({ TrailName: trail.TrailARN, ...selectorsOf(form) })),
    done: () => `The events of ${name} were changed.`, after: () => void navigate(page), quiet: true,
  });
  return (
    <FormPage
      title="Edit events" action="Save changes" busy={save.isPending} error={save.error} disabled={eventsProblem(form) !== undefined} onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(page)}
      crumbs={[{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Trails", href: "/cloudtrail/trails" }, { text: name, href: page }, { text: "Edit events", href: `${page}/edit-events` }]}
    >
      <EventFields of={form} change={(change) => setForm((old) => ({ ...old, ...change }))} />
    </FormPage>
  );
}
