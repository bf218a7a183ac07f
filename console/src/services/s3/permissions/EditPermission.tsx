// The pages that edit a bucket's permissions; which one, the path says.
import {
  DeleteBucketPolicyCommand,
  type ObjectOwnership,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useParams } from "react-router";
import { Lost } from "../../../app/Lost";
import { Copyable } from "../../../components/Properties";
import { ReadFailed } from "../../../components/ReadFailed";
import { pretty, TextEditor } from "../../../components/TextEditor";
import { EditPage } from "../EditPage";
import { EditAcl } from "./EditAcl";
import { type Block, blocksAll, BlockPublicAccessChoice, NONE_BLOCKED } from "./BlockPublicAccessChoice";
import { OwnershipChoice } from "./OwnershipChoice";
import { useAcl, useBlock, useOwnership, usePolicy } from "./readPermissions";

export default function EditPermission() {
  const { bucket = "", what = "" } = useParams();
  const [block, policy, ownership, acl] = [useBlock(bucket), usePolicy(bucket), useOwnership(bucket), useAcl(bucket)];
  switch (what) {
    case "block-public-access":
      return block.data === undefined ? <ReadFailed error={block.error} what="Block public access" /> : <EditBlock bucket={bucket} before={block.data ?? NONE_BLOCKED} />;
    case "policy":
      return policy.data === undefined ? <ReadFailed error={policy.error} what="bucket policy" /> : <EditPolicy bucket={bucket} before={policy.data ?? ""} />;
    case "ownership":
      return ownership.data === undefined ? <ReadFailed error={ownership.error} what="Object Ownership" /> : <EditOwnership bucket={bucket} before={ownership.data ?? "ObjectWriter"} />;
    case "acl":
      return acl.data === undefined || acl.data === null ? <ReadFailed error={acl.error} what="access control list (ACL)" /> : <EditAcl bucket={bucket} before={acl.data} />;
    default:
      return <Lost />;
  }
}

function EditBlock({ bucket, before }: { bucket: string; before: Block }) {
  const [block, setBlock] = useState(before);
  const [acknowledged, setAcknowledged] = useState(false);
  const opens = blocksAll(before) && !blocksAll(block);
  return (
    <EditPage bucket={bucket} setting="Block public access (bucket settings)" tab="permissions" disabled={opens && !acknowledged}
      save={(s3) => s3.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: block }))}>
      <Container header={<Header variant="h2">Block public access (bucket settings)</Header>}>
        <BlockPublicAccessChoice value={block} onChange={setBlock} {...(opens && { acknowledged, onAcknowledge: setAcknowledged })} />
      </Container>
    </EditPage>
  );
}

function EditPolicy({ bucket, before }: { bucket: string; before: string }) {
  const [text, setText] = useState(pretty(before));
  return (
    <EditPage bucket={bucket} setting="bucket policy" tab="permissions"
      save={(s3) => (text.trim() === "" ? s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket })) : s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: text })))}>
      <Container header={<Header variant="h2" description="The bucket policy, written in JSON, provides access to the objects stored in the bucket.">Bucket policy</Header>}>
        <SpaceBetween size="m">
          <Box><Box variant="awsui-key-label">Bucket ARN</Box><Copyable text={`arn:aws:s3:::${bucket}`} /></Box>
          <TextEditor label="Policy" language="json" value={text} onChange={setText} height={420} />
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}

function EditOwnership({ bucket, before }: { bucket: string; before: ObjectOwnership }) {
  const [ownership, setOwnership] = useState(before);
  const [acknowledged, setAcknowledged] = useState(false);
  const enables = before === "BucketOwnerEnforced" && ownership !== before;
  return (
    <EditPage bucket={bucket} setting="Object Ownership" tab="permissions" disabled={enables && !acknowledged}
      save={(s3) => s3.send(new PutBucketOwnershipControlsCommand({ Bucket: bucket, OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }))}>
      <Container header={<Header variant="h2">Object Ownership</Header>}>
        <SpaceBetween size="m">
          <OwnershipChoice value={ownership} onChange={setOwnership} />
          {enables && (
            <Alert type="warning" header="Enabling ACLs turns off the bucket owner enforced setting for Object Ownership">
              <Checkbox checked={acknowledged} onChange={({ detail }) => setAcknowledged(detail.checked)}>I acknowledge that ACLs will be restored.</Checkbox>
            </Alert>
          )}
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}
