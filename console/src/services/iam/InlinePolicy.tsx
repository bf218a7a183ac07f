import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { ReadFailed } from "../../components/ReadFailed";
import { Steps } from "../../components/Steps";
import { pretty } from "../../components/TextEditor";
import { crumbsOf } from "./parts";
import { kindOf, type Owner, pathOf, putInline } from "./identity";
import { PolicySummaryTable } from "./PolicySummary";
import { useDocument } from "./read";

export const EMPTY_POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Statement1", Effect: "Allow", Action: [], Resource: [] }] }, null, 2);

/** "Create inline policy", and the same for one that stands. */
export default function InlinePolicy() {
  const { kind, name = "", policy } = useParams();
  const owner: Owner = { kind: kindOf(kind), name };
  const text = useDocument({ owner, ...(policy !== undefined && { name: policy }) });
  const title = policy === undefined ? "Create policy" : `Modify permissions in ${policy}`;
  return (
    <BarePage crumbs={[...crumbsOf(owner), { text: title, href: `/iam/inline/${owner.kind}/${name}` }]}>
      <ReadFailed error={text.error} what="policy" />
      {policy !== undefined && text.isLoading && <Spinner />}
      {(policy === undefined || text.data !== undefined) && (
        <Editor key={policy ?? ""} owner={owner} policy={policy} first={policy === undefined ? EMPTY_POLICY : pretty(text.data ?? "")} />
      )}
    </BarePage>
  );
}

function Editor({ owner, policy, first }: { owner: Owner; policy: string | undefined; first: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState(first);
  const [name, setName] = useState(policy ?? "");
  const back = () => void navigate(pathOf(owner));
  const save = useAct({
    what: policy === undefined ? "Create policy" : "Save changes",
    run: () => putInline(owner, name, text),
    done: () => (policy === undefined ? `Policy ${name} created.` : `Policy ${name} has been updated.`),
    after: back,
    quiet: true,
  });
  return (
    <Steps
      submit={policy === undefined ? "Create policy" : "Save changes"}
      busy={save.isPending}
      error={save.error}
      onCancel={back}
      onSubmit={() => save.mutate(undefined)}
      steps={[
        {
          title: policy === undefined ? "Specify permissions" : "Modify permissions",
          description: "Add permissions by writing the JSON of a policy.",
          problem: () => (isJson(text) ? undefined : "The policy is not JSON yet: see below the editor."),
          content: (
            <Container header={<Header variant="h2">Policy editor</Header>}>
              <PolicyEditor value={text} onChange={setText} label="Policy editor" type="IDENTITY_POLICY" />
            </Container>
          ),
        },
        {
          title: policy === undefined ? "Review and create" : "Review and save",
          problem: () => (name === "" ? "Policy name is required." : undefined),
          content: (
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">Policy details</Header>}>
                <FormField label="Policy name" constraintText="Maximum 128 characters. Use alphanumeric and '+=,.@-_' characters.">
                  <Input value={name} disabled={policy !== undefined} onChange={({ detail }) => setName(detail.value)} />
                </FormField>
              </Container>
              <Container header={<Header variant="h2" description="Permissions in the policy document specify which actions are allowed or denied.">Permissions defined in this policy</Header>}>
                <PolicySummaryTable text={text} />
              </Container>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
