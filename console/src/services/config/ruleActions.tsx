// What "Actions" of rules do, in the list and on a rule's own page.
import { ConfigServiceClient, DeleteConfigRuleCommand, DeleteEvaluationResultsCommand, StartConfigRulesEvaluationCommand } from "@aws-sdk/client-config-service";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Confirm } from "../../components/Confirm";
import type { RuleView } from "./read";
import { ruleHref } from "./types";

const config = () => client(ConfigServiceClient);

export function RuleActions({ of: view, viewDetails = false, deleted }: { of: RuleView | undefined; viewDetails?: boolean; deleted?: () => void }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"results" | "rule">();
  const name = view?.name ?? "";
  const evaluate = useAct({
    what: "Re-evaluate",
    run: (rule: string) => config().send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [rule] })),
    done: (_, rule) => `The rule ${rule} is being evaluated.`,
  });
  const clear = useAct({
    what: "Delete results",
    run: (rule: string) => config().send(new DeleteEvaluationResultsCommand({ ConfigRuleName: rule })),
    done: (_, rule) => `The results of ${rule} are being deleted.`,
    after: () => setAsking(undefined),
  });
  const remove = useAct({
    what: "Delete rule",
    run: (rule: string) => config().send(new DeleteConfigRuleCommand({ ConfigRuleName: rule })),
    done: (_, rule) => `The rule ${rule} is being deleted.`,
    after: () => {
      setAsking(undefined);
      deleted?.();
    },
  });
  return (
    <>
      <ButtonDropdown
        disabled={view === undefined}
        loading={evaluate.isPending}
        items={[
          ...(viewDetails ? [{ id: "view", text: "View details" }] : []),
          { id: "edit", text: "Edit rule" },
          { id: "remediation", text: "Manage remediation" },
          { id: "evaluate", text: "Re-evaluate" },
          { id: "results", text: "Delete results" },
          { id: "rule", text: "Delete rule" },
        ]}
        onItemClick={({ detail: { id } }) => {
          if (id === "view") void navigate(ruleHref(name));
          if (id === "edit") void navigate(`${ruleHref(name)}/edit`);
          if (id === "remediation") void navigate(`${ruleHref(name)}/remediation`);
          if (id === "evaluate") evaluate.mutate(name);
          if (id === "results" || id === "rule") setAsking(id);
        }}
      >
        Actions
      </ButtonDropdown>
      {asking === "results" && (
        <Confirm title={`Delete results of ${name}?`} action="Delete" busy={clear.isPending} onConfirm={() => clear.mutate(name)} onCancel={() => setAsking(undefined)}>
          The rule's results so far are lost. It judges again at the next change, by its clock, or by Re-evaluate.
        </Confirm>
      )}
      {asking === "rule" && (
        <Confirm title={`Delete rule ${name}?`} action="Delete" type="Delete" busy={remove.isPending} onConfirm={() => remove.mutate(name)} onCancel={() => setAsking(undefined)}>
          The rule and its results are deleted.
        </Confirm>
      )}
    </>
  );
}
