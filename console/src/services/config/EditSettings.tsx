import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { failureOf } from "../../aws/errors";
import { useAct } from "../../aws/queries";
import { Page } from "../../components/Page";
import { ReadFailed } from "../../components/ReadFailed";
import { useSession } from "../../session/session";
import { deliveryOf, deliveryProblem, putDelivery } from "./delivery";
import { DeliveryForm } from "./DeliveryForm";
import { type Setup, useSetup } from "./read";
import { newRecording, problemOf, recordingOf } from "./recording";
import { RecordingForm } from "./RecordingForm";
import { putRecorder, putRetention } from "./setUp";

export default function EditSettings() {
  const setup = useSetup();
  return (
    <Page title="Edit settings" crumbs={[
      { text: "AWS Config", href: "/config" }, { text: "Settings", href: "/config/settings" }, { text: "Edit settings", href: "/config/settings/edit" },
    ]}>
      <ReadFailed error={setup.error} what="settings" />
      {setup.data !== undefined && <Edit of={setup.data} />}
    </Page>
  );
}

function Edit({ of: setup }: { of: Setup }) {
  const navigate = useNavigate();
  const session = useSession();
  const [known] = useState(setup);
  const [recording, setRecording] = useState(() => (setup.recorder === undefined ? newRecording() : recordingOf(setup.recorder, setup.retention)));
  const [delivery, setDelivery] = useState(() => deliveryOf(setup.channel, session.identity.account));
  const save = useAct({
    what: "Save settings",
    run: async () => {
      await putRecorder(recording, known.recorder);
      await putDelivery(delivery, known.channel?.name ?? "default", session);
      await putRetention(recording.retention, known.retention);
    },
    done: () => "The settings were saved.",
    after: () => void navigate("/config/settings"),
    quiet: true,
  });
  const problem = problemOf(recording) ?? deliveryProblem(delivery);
  const failure = save.error === null ? undefined : failureOf(save.error);
  return (
    <Form
      errorText={problem}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => void navigate("/config/settings")}>Cancel</Button>
          <Button variant="primary" loading={save.isPending} disabled={problem !== undefined} onClick={() => save.mutate(undefined)}>Save</Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <RecordingForm of={recording} change={(change) => setRecording((old) => ({ ...old, ...change }))} />
        <DeliveryForm of={delivery} change={(change) => setDelivery((old) => ({ ...old, ...change }))} />
        {failure !== undefined && <Alert type="error" header={failure.code}>{failure.message}</Alert>}
      </SpaceBetween>
    </Form>
  );
}
