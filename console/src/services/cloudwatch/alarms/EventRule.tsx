import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Code } from "../../../components/Code";
import { PageLink } from "../../../components/PageLink";

/** The pattern of an EventBridge rule that is told of this alarm's changes of state. */
export function EventRule({ arn, close }: { arn: string; close: () => void }) {
  const pattern = JSON.stringify({ source: ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"], resources: [arn] }, null, 2);
  return (
    <Modal visible header="EventBridge rule" onDismiss={close} footer={<Box float="right"><Button variant="primary" onClick={close}>Close</Button></Box>}>
      <SpaceBetween size="s">
        <Box>A rule with this event pattern reacts to the alarm's changes of state. <PageLink href="/events/create-rule">Create a rule</PageLink> and paste it.</Box>
        <Code>{pattern}</Code>
        <CopyToClipboard copyButtonText="Copy" textToCopy={pattern} copySuccessText="Copied" copyErrorText="Cannot copy" />
      </SpaceBetween>
    </Modal>
  );
}
