import { PageLink } from "../../../components/PageLink";
import { ResourceTable } from "../../../components/ResourceTable";
import { pageOf } from "../../../app/resources";
import { actionText, type AlarmView, STATES, stateText } from "./alarm";

const TYPES: Readonly<Record<string, readonly [name: string, resource: string]>> = { sns: ["Notification", "AWS::SNS::Topic"], lambda: ["Lambda", "AWS::Lambda::Function"] };

/** What an alarm does when it changes its state. */
export function ActionTable({ of }: { of: AlarmView }) {
  const rows = STATES.flatMap(({ value }) => of.actions[value].map((arn) => ({ state: value, arn })));
  const typeOf = (arn: string) => TYPES[arn.split(":")[2] ?? ""];
  return (
    <ResourceTable
      title="Actions" items={rows} loading={false} id={({ state, arn }) => `${state} ${arn}`} empty="No actions. Edit the alarm to have it notify a topic or invoke a function."
      description={of.actionsEnabled ? "Actions are enabled." : "Actions are disabled: nothing is done when the state changes."}
      columns={[
        { id: "type", header: "Type", cell: ({ arn }) => typeOf(arn)?.[0] ?? arn.split(":")[2], value: ({ arn }) => typeOf(arn)?.[0] ?? arn },
        { id: "description", header: "Description", cell: ({ state, arn }) => `When ${stateText(state)}: ${actionText(arn)}`, value: ({ state, arn }) => `${stateText(state)} ${actionText(arn)}` },
        { id: "config", header: "Config", cell: ({ arn }) => <Target arn={arn} type={typeOf(arn)?.[1]} />, value: ({ arn }) => arn },
      ]}
    />
  );
}

function Target({ arn, type }: { arn: string; type: string | undefined }) {
  // A function's page is that of the function, whichever version or alias is invoked.
  const id = type === "AWS::Lambda::Function" ? arn.split(":").slice(0, 7).join(":") : arn;
  const href = type === undefined ? undefined : pageOf(type, id);
  return href === undefined ? <>{arn}</> : <PageLink href={href}>{arn}</PageLink>;
}
