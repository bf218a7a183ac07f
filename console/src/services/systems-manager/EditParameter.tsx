// "Create parameter", and "Edit parameter", which makes a new version.
import { type ParameterTier, type ParameterType, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import type { Tag } from "../../aws/tags";
import { FormPage } from "../../components/FormPage";
import { KmsKey } from "../../components/KmsKey";
import { ReadFailed } from "../../components/ReadFailed";
import { parameterHref, type ParameterView, useParameter, useValue } from "./read";

export default function EditParameter() {
  const { name = "" } = useParams();
  const known = useParameter(name);
  const value = useValue(known.data?.metadata.Type === "SecureString" ? "" : known.data?.metadata.Name ?? "", false);
  if (name === "") return <Form known={undefined} value="" />;
  // A secret is not decrypted to be edited: its new value is typed anew.
  const secret = known.data?.metadata.Type === "SecureString";
  if (known.data === undefined || (!secret && value.data === undefined)) return <ReadFailed error={known.error ?? value.error} what="parameter" />;
  return <Form known={known.data} value={secret ? "" : value.data?.Value ?? ""} />;
}

function Form({ known, value: start }: { known: ParameterView | undefined; value: string }) {
  const navigate = useNavigate();
  const metadata = known?.metadata;
  const [name, setName] = useState(metadata?.Name ?? "");
  const [description, setDescription] = useState(metadata?.Description ?? "");
  const [tier, setTier] = useState<string>(metadata?.Tier ?? "Standard");
  const [type, setType] = useState<string>(metadata?.Type ?? "String");
  const [key, setKey] = useState(metadata?.KeyId === "alias/aws/ssm" ? "" : metadata?.KeyId ?? "");
  const [value, setValue] = useState(start);
  const [pattern, setPattern] = useState(metadata?.AllowedPattern ?? "");
  const [policies, setPolicies] = useState(metadata?.Policies === undefined || metadata.Policies.length === 0 ? "" : `[${metadata.Policies.map(({ PolicyText }) => PolicyText).join(", ")}]`);
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const editing = known !== undefined;
  const page = editing ? parameterHref(name) : "/systems-manager/parameters";
  const save = useAct({
    what: editing ? "Edit parameter" : "Create parameter",
    run: () => client(SSMClient).send(new PutParameterCommand({
      Name: name, Value: value, Type: type as ParameterType, Tier: tier as ParameterTier, Overwrite: editing,
      ...((description !== "" || editing) && { Description: description }),
      ...(pattern !== "" && { AllowedPattern: pattern }),
      ...(type === "SecureString" && key !== "" && { KeyId: key }),
      ...(tier === "Advanced" && policies.trim() !== "" && { Policies: policies }),
      ...(tags.length > 0 && { Tags: tags.map((tag) => ({ Key: tag.key, Value: tag.value })) }),
    })),
    done: ({ Version }) => `Version ${Version} of ${name} was saved.`,
    after: () => void navigate(parameterHref(name)),
    quiet: true,
  });
  const title = editing ? "Edit parameter" : "Create parameter";
  return (
    <FormPage
      title={title} action={editing ? "Save changes" : "Create parameter"} busy={save.isPending} error={save.error} disabled={name === "" || value === ""} onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(page)}
      crumbs={[{ text: "Systems Manager", href: "/systems-manager" }, { text: "Parameter Store", href: "/systems-manager/parameters" }, { text: title, href: editing ? `${page}/edit` : "/systems-manager/create-parameter" }]}
    >
      <Container header={<Header variant="h2">Parameter details</Header>}>
        <SpaceBetween size="l">
          <FormField label="Name" constraintText="Such as /app/production/limit"><Input value={name} disabled={editing} onChange={({ detail }) => setName(detail.value)} /></FormField>
          <FormField label="Description - optional"><Textarea value={description} rows={2} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
          <FormField label="Tier">
            <RadioGroup
              ariaLabel="Tier" value={tier} onChange={({ detail }) => setTier(detail.value)}
              items={[{ value: "Standard", label: "Standard", description: "Values up to 4 KB" }, { value: "Advanced", label: "Advanced", description: "Values up to 8 KB, parameter policies" }]}
            />
          </FormField>
          <FormField label="Type">
            <RadioGroup
              ariaLabel="Type" value={type} onChange={({ detail }) => setType(detail.value)}
              items={[
                { value: "String", label: "String", description: "Any text" }, { value: "StringList", label: "StringList", description: "Values with commas between them" },
                { value: "SecureString", label: "SecureString", description: "Encrypted with a KMS key" },
              ]}
            />
          </FormField>
          {type === "SecureString" && <KmsKey value={key} onChange={setKey} ownKey="alias/aws/ssm" label="KMS key source" />}
          <FormField label="Value" {...(editing && type === "SecureString" && { description: "Type the whole new value: the one that is stored is not shown here." })}>
            {type === "SecureString"
              ? <Input type="password" autoComplete={false} value={value} onChange={({ detail }) => setValue(detail.value)} />
              : <Textarea value={value} onChange={({ detail }) => setValue(detail.value)} />}
          </FormField>
          <FormField label="Allowed pattern - optional" constraintText="A regular expression that values must match"><Input value={pattern} onChange={({ detail }) => setPattern(detail.value)} /></FormField>
          {tier === "Advanced" && (
            <FormField label="Parameter policies - optional" constraintText="A JSON list of policies: Expiration, ExpirationNotification, NoChangeNotification">
              <Textarea value={policies} placeholder='[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2027-01-01T00:00:00.000Z"}}]' onChange={({ detail }) => setPolicies(detail.value)} />
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      {!editing && (
        <Container header={<Header variant="h2">Tags - optional</Header>}>
          <TagEditor tags={tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={50} onChange={({ detail }) => setTags(detail.tags.map((tag) => ({ key: tag.key, value: tag.value })))} />
        </Container>
      )}
    </FormPage>
  );
}
