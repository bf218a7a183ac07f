import { useState } from "react";
import { useParams } from "react-router";
import { ReadFailed } from "../../../components/ReadFailed";
import type { AlarmView } from "./alarm";
import { EditMetricAlarm } from "./CreateAlarm";
import { EditCompositeAlarm } from "./CreateCompositeAlarm";
import { useAlarm } from "./read";

export default function EditAlarm() {
  const { name = "" } = useParams();
  const read = useAlarm(name);
  if (read.data === undefined) return <ReadFailed error={read.error} what="alarm" />;
  return <Form of={read.data} />;
}

function Form({ of }: { of: AlarmView }) {
  // As it was when the form was opened: states change meanwhile.
  const [{ metric, composite }] = useState(of);
  if (metric !== undefined) return <EditMetricAlarm alarm={metric} />;
  return composite === undefined ? null : <EditCompositeAlarm alarm={composite} />;
}
