import { DisableKeyCommand, EnableKeyCommand, PutKeyPolicyCommand, TagResourceCommand, UntagResourceCommand, UpdateKeyDescriptionCommand } from "@aws-sdk/client-kms";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourcePolicy } from "../../components/ResourcePolicy";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { Aliases } from "./Aliases";
import { Grants } from "./Grants";
import { KeyState } from "./KeyTable";
import { crumbsOf, kms, useAliases, useKey, useKeyPolicy, useKeyTags, USAGES } from "./read";
import { Rotation } from "./Rotation";
import { ScheduleDeletion, useCancelDeletion } from "./ScheduleDeletion";

export default function Key() {
  const { id = "" } = useParams();
  const key = useKey(id);
  const aliases = useAliases(id);
  const [asking, setAsking] = useState<"delete" | "description">();
  const cancel = useCancelDeletion();
  const turn = useAct({
    what: "Change key",
    run: (on: boolean) => (on ? kms().send(new EnableKeyCommand({ KeyId: id })) : kms().send(new DisableKeyCommand({ KeyId: id }))),
    done: (_, on) => `The key was ${on ? "enabled" : "disabled"}.`,
  });
  const metadata = key.data;
  const state = metadata?.KeyState;
  const mine = metadata?.KeyManager === "CUSTOMER";
  const title = aliases.data?.[0]?.AliasName?.replace(/^alias\//, "") ?? id;
  return (
    <Page
      title={title}
      crumbs={crumbsOf(title, id)}
      actions={mine && (
        <ButtonDropdown
          loading={turn.isPending || cancel.isPending}
          items={[
            { id: "enable", text: "Enable", disabled: state !== "Disabled" },
            { id: "disable", text: "Disable", disabled: state !== "Enabled" },
            { id: "description", text: "Edit description", disabled: state === "PendingDeletion" },
            { id: "delete", text: "Schedule key deletion", disabled: state !== "Enabled" && state !== "Disabled" },
            { id: "cancel", text: "Cancel key deletion", disabled: state !== "PendingDeletion" },
          ]}
          onItemClick={({ detail: { id: action } }) => {
            if (action === "delete" || action === "description") setAsking(action);
            else if (action === "cancel") cancel.mutate([id]);
            else turn.mutate(action === "enable");
          }}
        >
          Key actions
        </ButtonDropdown>
      )}
    >
      <ReadFailed error={key.error} what="key" />
      {metadata !== undefined && (
        <>
          <Container header={<Header variant="h2">General configuration</Header>}>
            <Properties of={[
              ["Alias", aliases.data?.map(({ AliasName = "" }) => AliasName.replace(/^alias\//, "")).join(", ")],
              ["ARN", <Copyable text={metadata.Arn} />],
              ["Status", <KeyState state={state} />],
              ["Description", metadata.Description],
              ["Creation date", when(metadata.CreationDate)],
              ["Key manager", metadata.KeyManager === "AWS" ? "AWS" : "Customer"],
              ["Key spec", metadata.KeySpec],
              ["Key usage", USAGES[metadata.KeyUsage ?? ""] ?? metadata.KeyUsage],
              ["Origin", metadata.Origin === "AWS_KMS" ? "AWS KMS" : metadata.Origin],
              ["Regionality", metadata.MultiRegion === true ? "Multi-Region" : "Single Region"],
              ...(metadata.DeletionDate === undefined ? [] : [["Scheduled deletion date", when(metadata.DeletionDate)] as const]),
            ]} />
          </Container>
          <PageTabs
            label="Key"
            tabs={[
              { id: "policy", label: "Key policy", content: <Policy id={id} editable={mine} /> },
              ...(!mine ? [] : [
                { id: "tags", label: "Tags", content: <KeyTags id={id} /> },
                ...(metadata.KeySpec === "SYMMETRIC_DEFAULT" ? [{ id: "rotation", label: "Key rotation", content: <Rotation id={id} /> }] : []),
              ]),
              { id: "aliases", label: "Aliases", content: <Aliases id={id} editable={mine} /> },
              { id: "grants", label: "Grants", content: <Grants id={id} /> },
            ]}
          />
        </>
      )}
      {asking === "delete" && <ScheduleDeletion ids={[id]} close={() => setAsking(undefined)} />}
      {asking === "description" && <EditDescription id={id} before={metadata?.Description ?? ""} close={() => setAsking(undefined)} />}
    </Page>
  );
}

function EditDescription({ id, before, close }: { id: string; before: string; close: () => void }) {
  const [text, setText] = useState(before);
  const save = useAct({
    what: "Edit description",
    run: () => kms().send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: text })),
    done: () => "Description saved.",
    after: close,
    quiet: true,
  });
  return (
    <FormModal title="Edit description" action="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={close}>
      <FormField label="Description"><Textarea value={text} onChange={({ detail }) => setText(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}

function Policy({ id, editable }: { id: string; editable: boolean }) {
  const policy = useKeyPolicy(id);
  if (!editable) return <ResourcePolicy title="Key policy" policy={policy.data} error={policy.error} />;
  return (
    <ResourcePolicy
      title="Key policy"
      description="Only what this policy allows is allowed. A policy that would lock you out is refused."
      policy={policy.data}
      error={policy.error}
      save={(Policy) => kms().send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy }))}
    />
  );
}

function KeyTags({ id }: { id: string }) {
  const tags = useKeyTags(id);
  return (
    <Tags
      tags={tags.data}
      error={tags.error}
      tag={(some) => kms().send(new TagResourceCommand({ KeyId: id, Tags: some.map(({ key, value }) => ({ TagKey: key, TagValue: value })) }))}
      untag={(TagKeys) => kms().send(new UntagResourceCommand({ KeyId: id, TagKeys }))}
    />
  );
}
