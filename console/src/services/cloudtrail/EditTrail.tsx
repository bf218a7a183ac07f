import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { ReadFailed } from "../../components/ReadFailed";
import { useSession } from "../../session/session";
import { type TrailDetail, useTrail } from "./read";
import { TrailFields } from "./TrailFields";
import { formOf, putTrail, trailProblem } from "./trailForm";

export default function EditTrail() {
  const { name = "" } = useParams();
  const trail = useTrail(name);
  if (trail.data === undefined) return <ReadFailed error={trail.error} what="trail" />;
  return <Edit of={trail.data} />;
}

function Edit({ of: { name, trail } }: { of: TrailDetail }) {
  const navigate = useNavigate();
  const session = useSession();
  const [form, setForm] = useState(() => formOf(trail, session.identity.account));
  const page = `/cloudtrail/trails/${encodeURIComponent(name)}`;
  const save = useAct({
    what: "Edit trail", run: () => putTrail(form, session, trail), done: () => `The trail ${name} was changed.`, after: () => void navigate(page), quiet: true,
  });
  return (
    <FormPage
      title={`Edit ${name}`} action="Save changes" busy={save.isPending} error={save.error} disabled={trailProblem(form) !== undefined} onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(page)}
      crumbs={[{ text: "CloudTrail", href: "/cloudtrail" }, { text: "Trails", href: "/cloudtrail/trails" }, { text: name, href: page }, { text: "Edit", href: `${page}/edit` }]}
    >
      <TrailFields of={form} change={(change) => setForm((old) => ({ ...old, ...change }))} known />
    </FormPage>
  );
}
