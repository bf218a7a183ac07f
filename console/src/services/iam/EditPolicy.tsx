import { CreatePolicyVersionCommand, IAMClient } from "@aws-sdk/client-iam";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { BarePage } from "../../components/Page";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { ReadFailed } from "../../components/ReadFailed";
import { Steps } from "../../components/Steps";
import { pretty } from "../../components/TextEditor";
import { IAM, POLICIES } from "./parts";
import { PolicySummaryTable } from "./PolicySummary";
import { useDocument } from "./read";

export default function EditPolicy() {
  const { arn = "" } = useParams();
  const text = useDocument({ arn });
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const here = `/iam/policies/${encodeURIComponent(arn)}`;
  return (
    <BarePage crumbs={[IAM, POLICIES, { text: name, href: here }, { text: "Edit policy", href: `${here}/edit` }]}>
      <ReadFailed error={text.error} what="policy" />
      {text.data !== undefined && <Editor key={arn} arn={arn} name={name} first={pretty(text.data)} back={here} />}
    </BarePage>
  );
}

function Editor({ arn, name, first, back }: { arn: string; name: string; first: string; back: string }) {
  const navigate = useNavigate();
  const [text, setText] = useState(first);
  const [asDefault, setAsDefault] = useState(true);
  const save = useAct({
    what: "Save changes",
    run: () => client(IAMClient).send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: text, SetAsDefault: asDefault })),
    done: () => `Policy ${name} has been updated.`,
    after: () => void navigate(back),
    quiet: true,
  });
  return (
    <Steps
      submit="Save changes" busy={save.isPending} error={save.error} onSubmit={() => save.mutate(undefined)} onCancel={() => void navigate(back)}
      steps={[
        {
          title: `Modify permissions in ${name}`,
          problem: () => (isJson(text) ? undefined : "The policy is not JSON yet: see below the editor."),
          content: <Container header={<Header variant="h2">Policy editor</Header>}><PolicyEditor value={text} onChange={setText} label="Policy editor" type="IDENTITY_POLICY" /></Container>,
        },
        {
          title: "Review and save",
          content: (
            <SpaceBetween size="l">
              <Container header={<Header variant="h2">Permissions defined in this policy</Header>}><PolicySummaryTable text={text} /></Container>
              <Checkbox checked={asDefault} onChange={({ detail }) => setAsDefault(detail.checked)}>Set this new version as the default.</Checkbox>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
