import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import Container from "@cloudscape-design/components/container";
import { ReadFailed } from "../../components/ReadFailed";
import { crumbsOf } from "./parts";
import { attach, kindOf, pathOf } from "./identity";
import { PolicyChoice } from "./PolicyChoice";
import { useHeld } from "./read";

export default function AttachPolicies() {
  const { kind, name = "" } = useParams();
  const owner = { kind: kindOf(kind), name };
  const navigate = useNavigate();
  const held = useHeld(owner);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const add = useAct({
    what: "Attach policies",
    run: async () => {
      for (const arn of chosen) await attach(owner, arn);
    },
    done: () => `${chosen.length === 1 ? "Policy was" : "Policies were"} successfully attached to ${owner.kind} ${name}.`,
    after: () => void navigate(pathOf(owner)),
    quiet: true,
  });
  const title = `Attach policy to ${name}`;
  return (
    <FormPage title={title} crumbs={[...crumbsOf(owner), { text: "Add permissions", href: `/iam/attach/${owner.kind}/${name}` }]}
      action={owner.kind === "group" ? "Attach policies" : "Add permissions"} busy={add.isPending} error={add.error} disabled={chosen.length === 0}
      onSubmit={() => add.mutate(undefined)} onCancel={() => void navigate(pathOf(owner))}>
      <ReadFailed error={held.error} what="permissions policies" />
      <Container>
        <PolicyChoice chosen={chosen} choose={setChosen} except={(held.data ?? []).flatMap(({ arn, by }) => (by === undefined ? arn ?? [] : []))} />
      </Container>
    </FormPage>
  );
}
