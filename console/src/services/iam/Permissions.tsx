// The tab "Permissions" of users, groups and roles.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import { ExpandableTable } from "../../components/ExpandableTable";
import { PageLink } from "../../components/PageLink";
import { ReadFailed } from "../../components/ReadFailed";
import { Boundary } from "./Boundary";
import { deleteInline, detach, type Held, isAwsManaged, type Owner, pathOf, typeOfPolicy } from "./identity";
import { PolicyText } from "./PolicyText";
import { useDocument, useHeld } from "./read";

export function Permissions({ owner, boundary }: { owner: Owner; boundary: string | undefined }) {
  const navigate = useNavigate();
  const held = useHeld(owner);
  const [removing, setRemoving] = useState<readonly Held[]>();
  const remove = useAct({
    what: "Remove policies",
    run: async (some: readonly Held[]) => {
      for (const policy of some) await (policy.arn === undefined ? deleteInline(owner, policy.name) : detach(owner, policy.arn));
    },
    done: (_, some) => (some.length === 1 ? `Policy ${some[0]?.name ?? ""} was removed.` : `${some.length} policies were removed.`),
    after: () => setRemoving(undefined),
  });
  const here = `${owner.kind}/${encodeURIComponent(owner.name)}`;
  return (
    <SpaceBetween size="l">
      <ReadFailed error={held.error} what="permissions policies" />
      {held.data !== undefined && (
        <ExpandableTable<Held>
          title="Permissions policies"
          description={owner.kind === "user" ? "Permissions are defined by policies attached to the user directly or through groups." : "You can attach up to 10 managed policies."}
          items={held.data}
          id={(policy) => `${policy.arn ?? policy.name} ${policy.by ?? ""}`}
          label={(policy) => policy.name}
          selectable={(policy) => policy.by === undefined}
          empty="No permissions policies: everything is denied that no resource's own policy allows."
          columns={[
            { header: "Policy name", cell: (policy) => <PolicyName policy={policy} owner={owner} /> },
            { header: "Type", cell: (policy) => typeOfPolicy(policy.arn) },
            ...(owner.kind === "user"
              ? [{ header: "Attached via", cell: (policy: Held) => policy.by === undefined ? "Directly" : <>Group <PageLink href={pathOf({ kind: "group", name: policy.by })}>{policy.by}</PageLink></> }]
              : []),
          ]}
          actions={(selected) => (
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => void navigate(`/iam/simulator?${owner.kind}=${encodeURIComponent(owner.name)}`)}>Simulate</Button>
              <Button disabled={selected.length === 0} onClick={() => setRemoving(selected)}>Remove</Button>
              <ButtonDropdown
                items={[{ id: "attach", text: owner.kind === "user" ? "Add permissions" : "Attach policies" }, { id: "inline", text: "Create inline policy" }]}
                onItemClick={({ detail }) => void navigate(detail.id === "attach" ? `/iam/attach/${here}` : `/iam/inline/${here}`)}
                expandToViewport
              >
                Add permissions
              </ButtonDropdown>
            </SpaceBetween>
          )}
          detail={(policy) => <HeldText policy={policy} owner={policy.by === undefined ? owner : { kind: "group", name: policy.by }} />}
        />
      )}
      {owner.kind !== "group" && <Boundary owner={owner} arn={boundary} />}
      {removing !== undefined && (
        <Confirm title={removing.length === 1 ? `Remove ${removing[0]?.name ?? ""}?` : `Remove ${removing.length} policies?`} action="Remove policy" busy={remove.isPending}
          onConfirm={() => remove.mutate(removing)} onCancel={() => setRemoving(undefined)}>
          {removing.some(({ arn }) => arn === undefined)
            ? "An inline policy is deleted with this: its text is lost. A managed policy is detached and stays in the account."
            : `The policy is detached from ${owner.name}. It stays in the account and can be attached again.`}
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function inlinePath(owner: Owner, policy: string): string {
  return `/iam/inline/${owner.kind}/${encodeURIComponent(owner.name)}/${encodeURIComponent(policy)}`;
}

function PolicyName({ policy, owner }: { policy: Held; owner: Owner }) {
  const where: Owner = policy.by === undefined ? owner : { kind: "group", name: policy.by };
  const href = policy.arn === undefined ? inlinePath(where, policy.name) : `/iam/policies/${encodeURIComponent(policy.arn)}`;
  return <PageLink href={href}>{policy.name}</PageLink>;
}

function HeldText({ policy, owner }: { policy: Held; owner: Owner }) {
  const { arn, name } = policy;
  const text = useDocument(arn === undefined ? { owner, name } : { arn });
  const edit = arn === undefined ? inlinePath(owner, name) : isAwsManaged(arn) ? undefined : `/iam/policies/${encodeURIComponent(arn)}/edit`;
  return <PolicyText title={name} text={text.data} error={text.error} first="both" {...(edit !== undefined && { edit })} />;
}
