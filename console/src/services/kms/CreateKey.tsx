import { CreateAliasCommand, CreateKeyCommand, type KeySpec, type KeyUsageType } from "@aws-sdk/client-kms";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import Tiles from "@cloudscape-design/components/tiles";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router";
import { notify } from "../../app/notifications";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { Properties } from "../../components/Properties";
import { TextEditor } from "../../components/TextEditor";
import { useSession } from "../../session/session";
import { kms, USAGES } from "./read";

const MACS: readonly KeySpec[] = ["HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"];

export default function CreateKey() {
  const navigate = useNavigate();
  const { identity } = useSession();
  const [step, setStep] = useState(0);
  const [usage, setUsage] = useState<KeyUsageType>("ENCRYPT_DECRYPT");
  const [mac, setMac] = useState<KeySpec>("HMAC_256");
  const [alias, setAlias] = useState("");
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const [administrators, setAdministrators] = useState("");
  const [users, setUsers] = useState("");
  const [written, setWritten] = useState<string>();
  const spec: KeySpec = usage === "ENCRYPT_DECRYPT" ? "SYMMETRIC_DEFAULT" : mac;
  const policy = written ?? policyFor(identity.account, usage, linesOf(administrators), linesOf(users));
  const create = useAct({
    what: "Create key",
    run: async () => {
      const { KeyMetadata } = await kms().send(new CreateKeyCommand({
        KeySpec: spec, KeyUsage: usage, Policy: policy,
        ...(description !== "" && { Description: description }),
        ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })) }),
      }));
      const id = KeyMetadata?.KeyId ?? "";
      try {
        await kms().send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: id }));
      } catch (error) {
        const { code, message } = failureOf(error);
        notify({ type: "error", header: `The key was created, but not its alias: ${code}`, content: message });
      }
      return id;
    },
    done: (id) => `Your AWS KMS key was created with alias ${alias} and key ID ${id}.`,
    after: () => void navigate("/kms/keys"),
    quiet: true,
  });
  const failure = create.error === null ? undefined : failureOf(create.error);
  const wrongAlias = alias !== "" && !/^[a-zA-Z0-9/_-]+$/.test(alias);
  return (
    <BarePage crumbs={[{ text: "KMS", href: "/kms" }, { text: "Customer managed keys", href: "/kms/keys" }, { text: "Create key", href: "/kms/create-key" }]}>
      <Wizard
        activeStepIndex={step}
        isLoadingNextStep={create.isPending}
        submitButtonText="Finish"
        onCancel={() => void navigate("/kms/keys")}
        onNavigate={({ detail }) => {
          // An alias is wanted from the second step on, as on AWS.
          if (detail.requestedStepIndex > 1 && (alias === "" || wrongAlias || !tagsValid)) setStep(1);
          else setStep(detail.requestedStepIndex);
        }}
        onSubmit={() => create.mutate(undefined)}
        steps={[
          {
            title: "Configure key",
            content: (
              <Container header={<Header variant="h2">Key type and usage</Header>}>
                <SpaceBetween size="l">
                  <FormField label="Key type" stretch>Symmetric: a single key used for encrypting and decrypting data or generating and verifying HMAC codes</FormField>
                  <FormField label="Key usage" stretch>
                    <Tiles ariaLabel="Key usage" value={usage} onChange={({ detail }) => setUsage(detail.value as KeyUsageType)} items={[
                      { value: "ENCRYPT_DECRYPT", label: "Encrypt and decrypt", description: "Use the key only to encrypt and decrypt data." },
                      { value: "GENERATE_VERIFY_MAC", label: "Generate and verify MAC", description: "Use the key only to generate and verify hash-based message authentication codes (HMAC)." },
                    ]} />
                  </FormField>
                  {usage === "GENERATE_VERIFY_MAC" && (
                    <FormField label="Key spec">
                      <Select selectedOption={{ value: mac, label: mac }} options={MACS.map((value) => ({ value, label: value }))} onChange={({ detail }) => setMac(detail.selectedOption.value as KeySpec)} />
                    </FormField>
                  )}
                  <FormField label="Regionality">Single-Region key: never allow this key to be replicated into other Regions</FormField>
                </SpaceBetween>
              </Container>
            ),
          },
          {
            title: "Add labels",
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">Alias</Header>}>
                  <SpaceBetween size="m">
                    <FormField label="Alias" description="You can change the alias at any time." {...((wrongAlias || alias.startsWith("aws/")) && { errorText: "Letters, digits, slashes, underscores and hyphens; not beginning with aws/." })}>
                      <Input value={alias} onChange={({ detail }) => setAlias(detail.value)} autoFocus />
                    </FormField>
                    <FormField label="Description - optional">
                      <Textarea value={description} placeholder="Description of the key" onChange={({ detail }) => setDescription(detail.value)} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">Tags - optional</Header>}>
                  <TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => { setTags(detail.tags); setTagsValid(detail.valid); }} />
                </Container>
              </SpaceBetween>
            ),
          },
          {
            title: "Define key administrative permissions",
            isOptional: true,
            content: <Principals title="Key administrators" description="IAM users and roles that can administer this key through the KMS API." value={administrators} onChange={(value) => { setAdministrators(value); setWritten(undefined); }} />,
          },
          {
            title: "Define key usage permissions",
            isOptional: true,
            content: <Principals title="Key users" description="IAM users and roles that can use the KMS key in cryptographic operations." value={users} onChange={(value) => { setUsers(value); setWritten(undefined); }} />,
          },
          {
            title: "Edit key policy",
            isOptional: true,
            content: (
              <Container header={<Header variant="h2" description="Only what this policy allows is allowed. Without the statement for the account's root, IAM policies do not count.">Key policy</Header>}>
                <TextEditor label="Key policy" language="json" value={policy} onChange={setWritten} height={420} />
              </Container>
            ),
          },
          {
            title: "Review",
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">Key configuration</Header>}>
                  <Properties of={[["Key spec", spec], ["Key usage", USAGES[usage]], ["Alias", alias], ["Description", description], ["Tags", tags.map(({ key, value }) => `${key}=${value}`).join(", ")]]} />
                </Container>
                <Container header={<Header variant="h2">Key policy</Header>}><TextEditor label="Key policy to review" language="json" value={policy} height={320} /></Container>
              </SpaceBetween>
            ),
          },
        ].map((item, at) => ({ ...item, ...(at === 5 && failure !== undefined && { errorText: `${failure.code}: ${failure.message}` }) }))}
      />
    </BarePage>
  );
}

function Principals({ title, description, value, onChange }: { title: string; description: string; value: string; onChange: (value: string) => void }) {
  return (
    <Container header={<Header variant="h2" description={description}>{title}</Header>}>
      <FormField label={`ARNs of ${title.toLowerCase()}`} constraintText="One a line, such as arn:aws:iam::111122223333:role/Admin. None is needed where IAM policies decide." stretch>
        <Textarea value={value} rows={4} onChange={({ detail }) => onChange(detail.value)} />
      </FormField>
    </Container>
  );
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** The policy that the console of AWS writes for such a key. */
function policyFor(account: string, usage: KeyUsageType, administrators: readonly string[], users: readonly string[]): string {
  const uses = usage === "ENCRYPT_DECRYPT" ? ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"] : ["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"];
  const statement = (Sid: string, AWS: string | readonly string[], Action: string | readonly string[], more = {}) => ({ Sid, Effect: "Allow", Principal: { AWS }, Action, Resource: "*", ...more });
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-consolepolicy-3",
    Statement: [
      statement("Enable IAM User Permissions", `arn:aws:iam::${account}:root`, "kms:*"),
      ...(administrators.length === 0 ? [] : [statement("Allow access for Key Administrators", administrators, [
        "kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*",
        "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:RotateKeyOnDemand",
      ])]),
      ...(users.length === 0 ? [] : [
        statement("Allow use of the key", users, uses),
        ...(usage === "ENCRYPT_DECRYPT" ? [statement("Allow attachment of persistent resources", users, ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } })] : []),
      ]),
    ],
  }, null, 2);
}
