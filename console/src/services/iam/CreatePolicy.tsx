import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { useNavigate } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { writtenTags } from "../../aws/tags";
import { BarePage } from "../../components/Page";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { Steps } from "../../components/Steps";
import { EMPTY_POLICY } from "./InlinePolicy";
import { IAM, POLICIES } from "./parts";
import { PolicySummaryTable } from "./PolicySummary";

export default function CreatePolicy() {
  const navigate = useNavigate();
  const [text, setText] = useState(EMPTY_POLICY);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>([]);
  const create = useAct({
    what: "Create policy",
    run: () => client(IAMClient).send(new CreatePolicyCommand({
      PolicyName: name, PolicyDocument: text, ...(description !== "" && { Description: description }), Tags: writtenTags(tags),
    })),
    done: () => `Policy ${name} created.`,
    after: () => void navigate("/iam/policies"),
    quiet: true,
  });
  return (
    <BarePage crumbs={[IAM, POLICIES, { text: "Create policy", href: "/iam/create/policy" }]}>
      <Steps
        submit="Create policy" busy={create.isPending} error={create.error} onSubmit={() => create.mutate(undefined)} onCancel={() => void navigate("/iam/policies")}
        steps={[
          {
            title: "Specify permissions",
            description: "Add permissions by writing the JSON of a policy.",
            problem: () => (isJson(text) ? undefined : "The policy is not JSON yet: see below the editor."),
            content: <Container header={<Header variant="h2">Policy editor</Header>}><PolicyEditor value={text} onChange={setText} label="Policy editor" type="IDENTITY_POLICY" /></Container>,
          },
          {
            title: "Review and create",
            problem: () => (name === "" ? "Policy name is required." : undefined),
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">Policy details</Header>}>
                  <SpaceBetween size="m">
                    <FormField label="Policy name" constraintText="Maximum 128 characters. Use alphanumeric and '+=,.@-_' characters.">
                      <Input value={name} onChange={({ detail }) => setName(detail.value)} />
                    </FormField>
                    <FormField label={<>Description - <i>optional</i></>} constraintText="Maximum 1,000 characters."><Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} /></FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">Permissions defined in this policy</Header>}><PolicySummaryTable text={text} /></Container>
                <Container header={<Header variant="h2">Add tags - <i>optional</i></Header>}><TagEditor tags={tags} tagLimit={50} onChange={({ detail }) => setTags(detail.tags)} /></Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </BarePage>
  );
}
