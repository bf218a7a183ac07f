import { DeleteBucketCommand } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct, useRead } from "../../aws/queries";
import { FormPage } from "../../components/FormPage";
import { list } from "./objects/read";
import { crumbsOf, FOLLOWS_OBJECTS, s3Of } from "./read";

export default function DeleteBucket() {
  const { bucket = "" } = useParams();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const contents = useRead({
    key: ["s3", "any", bucket],
    follows: FOLLOWS_OBJECTS,
    read: async () => (await list(bucket, "", { versions: true, requests: 1 })).entries.length > 0,
  });
  const remove = useAct({
    what: "Delete bucket",
    run: async () => (await s3Of(bucket)).send(new DeleteBucketCommand({ Bucket: bucket })),
    done: () => `Successfully deleted bucket "${bucket}"`,
    after: () => void navigate("/s3/buckets"),
    quiet: true,
  });
  return (
    <FormPage
      title="Delete bucket"
      crumbs={crumbsOf(bucket, { text: "Delete bucket", href: `/s3/buckets/${bucket}/delete` })}
      action="Delete bucket"
      busy={remove.isPending}
      error={remove.error}
      disabled={typed !== bucket}
      onSubmit={() => remove.mutate(undefined)}
      onCancel={() => void navigate("/s3/buckets")}
    >
      {contents.data === true && (
        <Alert
          type="error"
          header="This bucket is not empty"
          action={<Button formAction="none" onClick={() => void navigate(`/s3/buckets/${bucket}/empty`)}>Empty bucket</Button>}
        >
          Buckets must be empty before they can be deleted. To delete all objects in the bucket, use the empty bucket configuration.
        </Alert>
      )}
      <Alert type="warning">Deleting a bucket cannot be undone. Bucket names are unique. If you delete a bucket, another AWS user can use the name.</Alert>
      <Container header={<Header variant="h2">{`Delete bucket "${bucket}"?`}</Header>}>
        <FormField label="To confirm deletion, enter the name of the bucket in the text input field.">
          <Input value={typed} placeholder={bucket} onChange={({ detail }) => setTyped(detail.value)} autoFocus />
        </FormField>
      </Container>
    </FormPage>
  );
}
