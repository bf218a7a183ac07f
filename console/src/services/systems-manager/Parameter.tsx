import { AddTagsToResourceCommand, LabelParameterVersionCommand, type ParameterHistory, RemoveTagsFromResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { Code } from "../../components/Code";
import { FormModal } from "../../components/FormModal";
import { Page } from "../../components/Page";
import { PageTabs } from "../../components/PageTabs";
import { Copyable, Properties } from "../../components/Properties";
import { ReadFailed } from "../../components/ReadFailed";
import { ResourceTable } from "../../components/ResourceTable";
import { writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { when } from "../../components/time";
import { parameterHref, type ParameterView, useHistory, useParameter, useValue } from "./read";

export default function Parameter() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const parameter = useParameter(name);
  return (
    <Page
      title={name} crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Parameter Store", href: "/systems-manager/parameters" }, { text: name, href: parameterHref(name) }]}
      actions={<Button onClick={() => void navigate(`${parameterHref(name)}/edit`)}>Edit</Button>}
    >
      <ReadFailed error={parameter.error} what="parameter" />
      {parameter.data !== undefined && (
        <PageTabs label="Parameter" tabs={[
          { id: "overview", label: "Overview", content: <Overview of={parameter.data} /> },
          { id: "history", label: "History", content: <History name={name} /> },
          { id: "tags", label: "Tags", content: <ParameterTags name={name} of={parameter.data} /> },
        ]} />
      )}
    </Page>
  );
}

function Overview({ of: { metadata } }: { of: ParameterView }) {
  const [shown, setShown] = useState(false);
  const secret = metadata.Type === "SecureString";
  const value = useValue(metadata.Name ?? "", secret && shown);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Parameter details</Header>}>
        <Properties of={[
          ["Name", <Copyable text={metadata.Name} />],
          ["ARN", <Copyable text={metadata.ARN} />],
          ["Type", metadata.Type],
          ["Tier", metadata.Tier],
          ["Data type", metadata.DataType],
          ["Version", metadata.Version],
          ["Description", metadata.Description],
          ["Allowed pattern", metadata.AllowedPattern],
          ["KMS key ID", metadata.KeyId],
          ["Last modified date", when(metadata.LastModifiedDate)],
          ["Last modified user", metadata.LastModifiedUser],
          ["Policies", metadata.Policies?.map(({ PolicyText, PolicyStatus }) => `${PolicyText} (${PolicyStatus})`).join(", ")],
        ]} />
      </Container>
      <Container header={<Header variant="h2" actions={secret && <Toggle checked={shown} onChange={({ detail }) => setShown(detail.checked)}>Show decrypted value</Toggle>}>Value</Header>}>
        <ReadFailed error={value.error} what="value" />
        {secret && !shown ? "••••••••" : value.data?.Value !== undefined && <Code>{value.data.Value}</Code>}
      </Container>
    </SpaceBetween>
  );
}

function History({ name }: { name: string }) {
  const history = useHistory(name);
  const [labelled, setLabelled] = useState<ParameterHistory>();
  return (
    <>
      <ResourceTable
        title="History" items={history.data} loading={history.isLoading} error={history.error} id={({ Version }) => String(Version)} select="single"
        columns={[
          { id: "version", header: "Version", cell: ({ Version }) => Version, value: ({ Version }) => Version },
          { id: "value", header: "Value", cell: ({ Type, Value }) => (Type === "SecureString" ? "••••••••" : Value) },
          { id: "type", header: "Type", cell: ({ Type }) => Type },
          { id: "labels", header: "Labels", cell: ({ Labels }) => Labels?.join(", ") || "–", value: ({ Labels }) => Labels?.join(", ") },
          { id: "user", header: "Last modified user", cell: ({ LastModifiedUser }) => LastModifiedUser },
          { id: "time", header: "Last modified date", cell: ({ LastModifiedDate }) => when(LastModifiedDate), value: ({ LastModifiedDate }) => LastModifiedDate?.getTime() },
        ]}
        actions={([selected]) => <Button disabled={selected === undefined} onClick={() => setLabelled(selected)}>Attach labels</Button>}
      />
      {labelled !== undefined && <AttachLabels name={name} version={labelled.Version ?? 1} close={() => setLabelled(undefined)} />}
    </>
  );
}

function AttachLabels({ name, version, close }: { name: string; version: number; close: () => void }) {
  const [labels, setLabels] = useState("");
  const attach = useAct({
    what: "Attach labels", quiet: true,
    run: async () => {
      const Labels = labels.split(",").map((label) => label.trim()).filter((label) => label !== "");
      const { InvalidLabels = [] } = await client(SSMClient).send(new LabelParameterVersionCommand({ Name: name, ParameterVersion: version, Labels }));
      if (InvalidLabels.length > 0) throw new Error(`These labels are not valid: ${InvalidLabels.join(", ")}`);
    },
    done: () => `Version ${version} was labelled.`, after: close,
  });
  return (
    <FormModal title={`Attach labels to version ${version}`} action="Attach" busy={attach.isPending} error={attach.error} disabled={labels.trim() === ""} onSubmit={() => attach.mutate(undefined)} onCancel={close}>
      <FormField label="Labels" constraintText="Several with commas between them"><Input value={labels} onChange={({ detail }) => setLabels(detail.value)} autoFocus /></FormField>
    </FormModal>
  );
}

function ParameterTags({ name, of: { tags } }: { name: string; of: ParameterView }) {
  const resource = { ResourceType: "Parameter" as const, ResourceId: name };
  return (
    <Tags
      tags={tags}
      tag={(some) => client(SSMClient).send(new AddTagsToResourceCommand({ ...resource, Tags: writtenTags(some) }))}
      untag={(TagKeys) => client(SSMClient).send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys }))}
    />
  );
}
