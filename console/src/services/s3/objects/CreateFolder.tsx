import { PutObjectCommand } from "@aws-sdk/client-s3";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { FormPage } from "../../../components/FormPage";
import { type Encryption, EncryptionChoice, headersOf, SSE_S3 } from "../encryption";
import { crumbsOf, s3Of } from "../read";
import { folderHref } from "./read";

export default function CreateFolder() {
  const { bucket = "" } = useParams();
  const [asked] = useSearchParams();
  const prefix = asked.get("prefix") ?? "";
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [encryption, setEncryption] = useState<Encryption>();
  const wrong = name.includes("/");
  const back = () => void navigate(folderHref(bucket, prefix));
  const create = useAct({
    what: "Create folder",
    run: async () => (await s3Of(bucket)).send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${name}/`, Body: "", ...(encryption !== undefined && headersOf(encryption)) })),
    done: () => `Successfully created folder "${name}".`,
    after: back,
    quiet: true,
  });
  return (
    <FormPage
      title="Create folder"
      description="Use folders to group objects in buckets. When you create a folder, S3 creates an object using the name that you specify followed by a slash (/)."
      crumbs={crumbsOf(bucket, { text: "Create folder", href: `/s3/buckets/${bucket}/create-folder` })}
      action="Create folder"
      busy={create.isPending}
      error={create.error}
      disabled={name === "" || wrong}
      onSubmit={() => create.mutate(undefined)}
      onCancel={back}
    >
      <Container>
        <FormField label="Folder name" constraintText={'Folder names can\'t contain "/".'} {...(wrong && { errorText: 'The name contains "/".' })}>
          <Input value={name} placeholder="Enter folder name" onChange={({ detail }) => setName(detail.value)} autoFocus />
        </FormField>
      </Container>
      <ExpandableSection variant="container" headerText="Server-side encryption" headerDescription="Without a choice, the bucket's default encryption is used."
        onChange={({ detail }) => { if (detail.expanded && encryption === undefined) setEncryption(SSE_S3); if (!detail.expanded) setEncryption(undefined); }}>
        {encryption !== undefined && <EncryptionChoice value={encryption} onChange={setEncryption} withBucketKey={false} />}
      </ExpandableSection>
    </FormPage>
  );
}
