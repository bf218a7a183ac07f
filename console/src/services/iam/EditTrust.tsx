import { IAMClient, type Role, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { client } from "../../aws/clients";
import { useAct } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { isJson, PolicyEditor } from "../../components/PolicyEditor";
import { ReadFailed } from "../../components/ReadFailed";
import { pretty } from "../../components/TextEditor";
import { crumbsOf } from "./parts";
import { pathOf } from "./identity";
import { useRole } from "./read";

export default function EditTrust() {
  const { name = "" } = useParams();
  const role = useRole(name);
  if (role.data === undefined) return <ReadFailed error={role.error} what="role" />;
  return <Editor key={name} role={role.data} />;
}

function Editor({ role }: { role: Role }) {
  const name = role.RoleName ?? "";
  const owner = { kind: "role", name } as const;
  const navigate = useNavigate();
  const [text, setText] = useState(() => pretty(decodeURIComponent(role.AssumeRolePolicyDocument ?? "")));
  const back = () => void navigate(`${pathOf(owner)}?tab=trust_relationships`);
  const save = useAct({
    what: "Update policy",
    run: () => client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: text })),
    done: () => "Trust policy updated.",
    after: back,
    quiet: true,
  });
  return (
    <FormPage title="Edit trust policy" crumbs={[...crumbsOf(owner), { text: "Edit trust policy", href: `${pathOf(owner)}/trust` }]} action="Update policy" busy={save.isPending} error={save.error}
      disabled={!isJson(text)} onSubmit={() => save.mutate(undefined)} onCancel={back}>
      <Container>
        <PolicyEditor value={text} onChange={setText} label="Trust policy" type="RESOURCE_POLICY" resource="AWS::IAM::AssumeRolePolicyDocument" />
      </Container>
    </FormPage>
  );
}
