// "Create lifecycle rule", and the same form for one that is there.
import { type LifecycleRule as Rule, PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { FormPage } from "../../../components/FormPage";
import { ReadFailed } from "../../../components/ReadFailed";
import { crumbsOf, s3Of } from "../read";
import { filterOf, type Scope, scopeOf, useLifecycle } from "./readLifecycle";

interface Wanted {
  id: string;
  enabled: boolean;
  whole: boolean;
  scope: Scope;
  /** Of current versions: not at all, after days, or on a date. */
  expire: "" | "days" | "date" | "markers";
  days: string;
  date: string;
  noncurrent: boolean;
  noncurrentDays: string;
  keep: string;
  abort: boolean;
  abortDays: string;
}

const NEW: Wanted = {
  id: "", enabled: true, whole: false, scope: { prefix: "", tags: [], larger: "", smaller: "" },
  expire: "", days: "", date: "", noncurrent: false, noncurrentDays: "", keep: "", abort: false, abortDays: "",
};

function wantedOf(rule: Rule): Wanted {
  const scope = scopeOf(rule);
  const { Expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    id: rule.ID ?? "",
    enabled: rule.Status === "Enabled",
    whole: scope.prefix === "" && scope.tags.length === 0 && scope.larger === "" && scope.smaller === "",
    scope,
    expire: Expiration?.Days !== undefined ? "days" : Expiration?.Date !== undefined ? "date" : Expiration?.ExpiredObjectDeleteMarker === true ? "markers" : "",
    days: text(Expiration?.Days),
    date: Expiration?.Date?.toISOString().slice(0, 10) ?? "",
    noncurrent: noncurrent !== undefined,
    noncurrentDays: text(noncurrent?.NoncurrentDays),
    keep: text(noncurrent?.NewerNoncurrentVersions),
    abort: abort !== undefined,
    abortDays: text(abort?.DaysAfterInitiation),
  };
}

function ruleOf(wanted: Wanted): Rule {
  const nothing: Scope = { prefix: "", tags: [], larger: "", smaller: "" };
  return {
    ID: wanted.id,
    Status: wanted.enabled ? "Enabled" : "Disabled",
    Filter: filterOf(wanted.whole ? nothing : wanted.scope),
    ...(wanted.expire === "days" && { Expiration: { Days: Number(wanted.days) } }),
    ...(wanted.expire === "date" && { Expiration: { Date: new Date(`${wanted.date}T00:00:00Z`) } }),
    ...(wanted.expire === "markers" && { Expiration: { ExpiredObjectDeleteMarker: true } }),
    ...(wanted.noncurrent && { NoncurrentVersionExpiration: { NoncurrentDays: Number(wanted.noncurrentDays), ...(wanted.keep !== "" && { NewerNoncurrentVersions: Number(wanted.keep) }) } }),
    ...(wanted.abort && { AbortIncompleteMultipartUpload: { DaysAfterInitiation: Number(wanted.abortDays) } }),
  };
}

export default function LifecycleRule() {
  const { bucket = "" } = useParams();
  const [asked] = useSearchParams();
  const id = asked.get("id");
  const lifecycle = useLifecycle(bucket);
  if (lifecycle.data === undefined) return <ReadFailed error={lifecycle.error} what="lifecycle rules" />;
  const rules = lifecycle.data ?? [];
  return <RuleForm key={id} bucket={bucket} rules={rules} before={rules.find(({ ID }) => ID === id)} />;
}

function RuleForm({ bucket, rules, before }: { bucket: string; rules: readonly Rule[]; before: Rule | undefined }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(before === undefined ? NEW : wantedOf(before));
  const [acknowledged, setAcknowledged] = useState(false);
  const [tagsValid, setTagsValid] = useState(true);
  const set = (part: Partial<Wanted>) => setWanted({ ...wanted, ...part });
  const scoped = (part: Partial<Scope>) => set({ scope: { ...wanted.scope, ...part } });
  const back = () => void navigate(`/s3/buckets/${bucket}?tab=management`);
  const title = before === undefined ? "Create lifecycle rule" : "Edit lifecycle rule";
  const save = useAct({
    what: title,
    run: async () => {
      const Rules = [...rules.filter(({ ID }) => ID !== before?.ID), ruleOf(wanted)];
      return (await s3Of(bucket)).send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }));
    },
    done: () => `Lifecycle rule "${wanted.id}" was ${before === undefined ? "created" : "edited"}.`,
    after: back,
    quiet: true,
  });
  const nothing = wanted.expire === "" && !wanted.noncurrent && !wanted.abort;
  const { scope } = wanted;
  const unfiltered = scope.prefix === "" && scope.tags.length === 0 && scope.larger === "" && scope.smaller === "";
  return (
    <FormPage
      title={title}
      crumbs={crumbsOf(bucket, { text: title, href: `/s3/buckets/${bucket}/lifecycle` })}
      action={before === undefined ? "Create rule" : "Save"}
      busy={save.isPending}
      error={save.error}
      disabled={wanted.id === "" || nothing || !tagsValid || (wanted.whole ? !acknowledged && before === undefined : unfiltered)}
      onSubmit={() => save.mutate(undefined)}
      onCancel={back}
    >
      <Container header={<Header variant="h2">Lifecycle rule configuration</Header>}>
        <SpaceBetween size="m">
          <FormField label="Lifecycle rule name" constraintText="Up to 255 characters">
            <Input value={wanted.id} placeholder="Enter rule name" disabled={before !== undefined} onChange={({ detail }) => set({ id: detail.value })} />
          </FormField>
          <FormField label="Status">
            <RadioGroup ariaLabel="Status" value={wanted.enabled ? "enabled" : "disabled"} onChange={({ detail }) => set({ enabled: detail.value === "enabled" })}
              items={[{ value: "enabled", label: "Enabled" }, { value: "disabled", label: "Disabled" }]} />
          </FormField>
          <FormField label="Choose a rule scope">
            <RadioGroup ariaLabel="Choose a rule scope" value={wanted.whole ? "whole" : "filters"} onChange={({ detail }) => set({ whole: detail.value === "whole" })}
              items={[{ value: "filters", label: "Limit the scope of this rule using one or more filters" }, { value: "whole", label: "Apply to all objects in the bucket" }]} />
          </FormField>
          {wanted.whole ? (
            <Alert type="warning" header="Apply to all objects in the bucket">
              <Checkbox checked={acknowledged || before !== undefined} onChange={({ detail }) => setAcknowledged(detail.checked)}>I acknowledge that this rule will apply to all objects in the bucket.</Checkbox>
            </Alert>
          ) : (
            <>
              <FormField label="Prefix" description="Don't include the bucket name in the prefix.">
                <Input value={scope.prefix} placeholder="Enter prefix" onChange={({ detail }) => scoped({ prefix: detail.value })} />
              </FormField>
              <FormField label="Object tags" stretch>
                <TagEditor tags={scope.tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={10}
                  onChange={({ detail }) => { scoped({ tags: detail.tags.map(({ key, value }) => ({ key, value })) }); setTagsValid(detail.valid); }} />
              </FormField>
              <FormField label="Minimum object size (bytes) - optional"><Input type="number" value={scope.larger} onChange={({ detail }) => scoped({ larger: detail.value })} /></FormField>
              <FormField label="Maximum object size (bytes) - optional"><Input type="number" value={scope.smaller} onChange={({ detail }) => scoped({ smaller: detail.value })} /></FormField>
            </>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description="Choose the actions you want this rule to perform.">Lifecycle rule actions</Header>}>
        <SpaceBetween size="m">
          <Checkbox checked={wanted.expire === "days" || wanted.expire === "date"} onChange={({ detail }) => set({ expire: detail.checked ? "days" : "" })}>Expire current versions of objects</Checkbox>
          {(wanted.expire === "days" || wanted.expire === "date") && (
            <>
              <RadioGroup ariaLabel="When current versions expire" value={wanted.expire} onChange={({ detail }) => set({ expire: detail.value === "date" ? "date" : "days" })}
                items={[{ value: "days", label: "Days after object creation" }, { value: "date", label: "On a date" }]} />
              {wanted.expire === "days"
                ? <FormField label="Days after object creation"><Input type="number" value={wanted.days} onChange={({ detail }) => set({ days: detail.value })} /></FormField>
                : <FormField label="Date" constraintText="At midnight UTC, as YYYY/MM/DD."><DatePicker value={wanted.date} placeholder="YYYY/MM/DD" onChange={({ detail }) => set({ date: detail.value })} /></FormField>}
            </>
          )}
          <Checkbox checked={wanted.noncurrent} onChange={({ detail }) => set({ noncurrent: detail.checked })}>Permanently delete noncurrent versions of objects</Checkbox>
          {wanted.noncurrent && (
            <>
              <FormField label="Days after objects become noncurrent"><Input type="number" value={wanted.noncurrentDays} onChange={({ detail }) => set({ noncurrentDays: detail.value })} /></FormField>
              <FormField label="Number of newer versions to retain - optional" constraintText="1 to 100"><Input type="number" value={wanted.keep} onChange={({ detail }) => set({ keep: detail.value })} /></FormField>
            </>
          )}
          <Checkbox checked={wanted.expire === "markers"} disabled={wanted.expire === "days" || wanted.expire === "date"}
            description="Not together with expiring current versions, which removes them too." onChange={({ detail }) => set({ expire: detail.checked ? "markers" : "" })}>
            Delete expired object delete markers
          </Checkbox>
          <Checkbox checked={wanted.abort} onChange={({ detail }) => set({ abort: detail.checked })}>Delete incomplete multipart uploads</Checkbox>
          {wanted.abort && <FormField label="Number of days until incomplete multipart uploads are deleted"><Input type="number" value={wanted.abortDays} onChange={({ detail }) => set({ abortDays: detail.value })} /></FormField>}
        </SpaceBetween>
      </Container>
    </FormPage>
  );
}
