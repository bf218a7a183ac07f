import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { FormPage } from "../../components/FormPage";
import { Deletions } from "./objects/deletions";
import { useRun } from "./objects/progress";
import { pages } from "./objects/read";
import { Status } from "./objects/Status";
import { crumbsOf } from "./read";

const WORD = "permanently delete";

export default function EmptyBucket() {
  const { bucket = "" } = useParams();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [run, setRun] = useRun<Deletions>();
  const back = () => void navigate("/s3/buckets");
  if (run !== undefined) {
    return <Status title="Empty bucket" bucket={bucket} progress={run} verb="deleted" where={["Source", `s3://${bucket}`]} onClose={back} />;
  }
  return (
    <FormPage
      title="Empty bucket"
      crumbs={crumbsOf(bucket, { text: "Empty bucket", href: `/s3/buckets/${bucket}/empty` })}
      action="Empty"
      busy={false}
      disabled={typed !== WORD}
      onSubmit={() => {
        const deletions = new Deletions(bucket, async function* () {
          for await (const { entries } of pages(bucket, "", { versions: true })) yield entries;
        });
        setRun(deletions);
        void deletions.run();
      }}
      onCancel={back}
    >
      <Alert type="warning">
        Emptying the bucket deletes all objects in the bucket, with all their versions, and cannot be undone. Objects added to the bucket while the empty bucket action is in progress might be deleted.
      </Alert>
      <Container header={<Header variant="h2">{`Permanently delete all objects in bucket "${bucket}"?`}</Header>}>
        <FormField label={<>To confirm deletion, type <i>{WORD}</i> in the text input field.</>}>
          <Input value={typed} placeholder={WORD} onChange={({ detail }) => setTyped(detail.value)} autoFocus />
        </FormField>
      </Container>
    </FormPage>
  );
}
