import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { Code } from "../components/Code";
import { Copyable, Properties } from "../components/Properties";
import { setSession } from "../session/session";
import type { Credentials } from "./api";

/** A student's way in, shown once. */
export function CredentialsView({ credentials, close }: { credentials: Credentials; close: () => void }) {
  const navigate = useNavigate();
  const enter = () => {
    const { account, userName, accessKeyId, secretAccessKey, region } = credentials;
    setSession({ region, credentials: { accessKeyId, secretAccessKey }, identity: { account, arn: `arn:aws:iam::${account}:user/${userName}`, name: userName } });
    void navigate("/labs");
  };
  return (
    <Modal
      visible size="large" header="The lab's account is ready" onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>Close</Button>
            <Button variant="primary" onClick={enter}>Open the lab's console here</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">Password and secret access key are shown this once, and kept nowhere in clear. Copy them now.</Alert>
        <Properties columns={2} of={[
          ["Account", <Copyable text={credentials.account} />],
          ["Sign-in link", <Copyable text={credentials.signIn} />],
          ["User name", <Copyable text={credentials.userName} />],
          ["Password", <Copyable text={credentials.password} />],
          ["Access key ID", <Copyable text={credentials.accessKeyId} />],
          ["Secret access key", <Copyable text={credentials.secretAccessKey} />],
        ]} />
        <Box variant="awsui-key-label">For a shell</Box>
        <Code>{credentials.exports}</Code>
        <Box variant="awsui-key-label">For ~/.aws/config</Box>
        <Code>{credentials.profile}</Code>
      </SpaceBetween>
    </Modal>
  );
}
