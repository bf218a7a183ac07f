import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { FormModal } from "../../components/FormModal";
import { PageLink } from "../../components/PageLink";
import { type Owner, removeBoundary, setBoundary, typeOfPolicy } from "./identity";
import { PolicyChoice } from "./PolicyChoice";

/** The permissions boundary of a user or role. */
export function Boundary({ owner, arn }: { owner: Owner; arn: string | undefined }) {
  const [doing, setDoing] = useState<"set" | "remove">();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const close = () => setDoing(undefined);
  const set = useAct({
    what: "Set permissions boundary", run: (policy: string) => setBoundary(owner, policy),
    done: () => `Permissions boundary of ${owner.name} was set.`, after: close, quiet: true,
  });
  const remove = useAct({
    what: "Remove permissions boundary", run: () => removeBoundary(owner), done: () => `Permissions boundary of ${owner.name} was removed.`, after: close,
  });
  const [policy] = chosen;
  return (
    <ExpandableSection
      variant="container"
      defaultExpanded={arn !== undefined}
      headerText="Permissions boundary"
      headerCounter={arn === undefined ? "(not set)" : "(set)"}
      headerDescription="Controls the maximum permissions that this identity can have; it grants none."
      headerActions={
        <SpaceBetween direction="horizontal" size="xs">
          {arn !== undefined && <Button onClick={() => setDoing("remove")}>Remove boundary</Button>}
          <Button onClick={() => { setChosen(arn === undefined ? [] : [arn]); setDoing("set"); }}>{arn === undefined ? "Set permissions boundary" : "Change boundary"}</Button>
        </SpaceBetween>
      }
    >
      {arn === undefined ? "No boundary is set." : (
        <>
          <PageLink href={`/iam/policies/${encodeURIComponent(arn)}`}>{arn.slice(arn.lastIndexOf("/") + 1)}</PageLink> ({typeOfPolicy(arn)})
        </>
      )}
      {doing === "set" && (
        <FormModal title="Set permissions boundary" action="Set boundary" size="max" busy={set.isPending} error={set.error} disabled={policy === undefined}
          onSubmit={() => policy !== undefined && set.mutate(policy)} onCancel={close}>
          <PolicyChoice chosen={chosen} choose={setChosen} single />
        </FormModal>
      )}
      {doing === "remove" && (
        <Confirm title="Remove permissions boundary" action="Remove boundary" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onCancel={close}>
          Without a boundary {owner.name} may do all that its permissions policies allow.
        </Confirm>
      )}
    </ExpandableSection>
  );
}
