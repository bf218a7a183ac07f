// "General details", "CloudWatch Logs" and "Tags" of a trail.
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import { type Choice, useBucketChoices, useLogGroupChoices, useTopicChoices } from "../../components/choices";
import { KmsKey } from "../../components/KmsKey";
import { useRoles } from "../../components/roles";
import type { TrailForm } from "./trailForm";

type Part = { of: TrailForm; change: (change: Partial<TrailForm>) => void };

export function TrailFields({ of: form, change, known = false }: Part & { known?: boolean }) {
  return (
    <SpaceBetween size="l">
      <General of={form} change={change} known={known} />
      <Logs of={form} change={change} />
      {!known && (
        <Container header={<Header variant="h2">Tags - optional</Header>}>
          <TagEditor tags={form.tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={50} onChange={({ detail }) => change({ tags: detail.tags.map(({ key, value }) => ({ key, value })) })} />
        </Container>
      )}
    </SpaceBetween>
  );
}

function General({ of: form, change, known }: Part & { known: boolean }) {
  const buckets = useBucketChoices();
  return (
    <Container header={<Header variant="h2">General details</Header>}>
      <SpaceBetween size="l">
        <FormField label="Trail name" constraintText="3 to 128 characters: letters, digits, periods, underscores and hyphens.">
          <Input value={form.name} disabled={known} onChange={({ detail }) => change({ name: detail.value })} />
        </FormField>
        <Checkbox checked={form.multiRegion} onChange={({ detail }) => change({ multiRegion: detail.checked })}>Multi-region trail: log events of all Regions</Checkbox>
        <FormField label="Storage location">
          <RadioGroup
            ariaLabel="Storage location" value={form.bucketFrom} onChange={({ detail }) => change({ bucketFrom: detail.value === "new" ? "new" : "existing" })}
            items={[
              { value: "new", label: "Create new S3 bucket", description: "With the policy that CloudTrail needs." },
              { value: "existing", label: "Use existing S3 bucket", description: "Its policy has to let CloudTrail write." },
            ]}
          />
        </FormField>
        <FormField label="Trail log bucket name">
          {form.bucketFrom === "new" ? <Input value={form.bucket} onChange={({ detail }) => change({ bucket: detail.value })} /> : (
            <Chooser value={form.bucket} options={buckets.data} loading={buckets.isLoading} set={(bucket) => change({ bucket })} placeholder="Choose a bucket" />
          )}
        </FormField>
        <FormField label="Prefix - optional" constraintText={`Logs are stored under ${form.bucket}/${form.prefix === "" ? "" : `${form.prefix}/`}AWSLogs/`}>
          <Input value={form.prefix} onChange={({ detail }) => change({ prefix: detail.value })} />
        </FormField>
        <FormField label="Log file SSE-KMS encryption">
          <Checkbox checked={form.encrypt} onChange={({ detail }) => change({ encrypt: detail.checked })}>Encrypt log files with a KMS key</Checkbox>
        </FormField>
        {form.encrypt && <KmsKey value={form.key} onChange={(key) => change({ key })} label="AWS KMS key of the log files" />}
        <FormField label="Log file validation">
          <Checkbox checked={form.validation} onChange={({ detail }) => change({ validation: detail.checked })}>Deliver digest files, which tell whether a log file was changed</Checkbox>
        </FormField>
        <Topic of={form} change={change} />
      </SpaceBetween>
    </Container>
  );
}

function Topic({ of: form, change }: Part) {
  const topics = useTopicChoices(form.notify);
  return (
    <FormField label="SNS notification delivery">
      <SpaceBetween size="s">
        <Checkbox checked={form.notify} onChange={({ detail }) => change({ notify: detail.checked })}>Notify a topic of each delivered log file</Checkbox>
        {form.notify && (
          <SpaceBetween size="l">
            <RadioGroup
              ariaLabel="Create a new SNS topic" value={form.topicFrom} onChange={({ detail }) => change(detail.value === "new" ? { topicFrom: "new" } : { topicFrom: "existing", topic: "" })}
              items={[{ value: "new", label: "New topic" }, { value: "existing", label: "Existing topic" }]}
            />
            <FormField label="SNS topic">
              {form.topicFrom === "new" ? <Input value={form.topic} onChange={({ detail }) => change({ topic: detail.value })} /> : (
                <Chooser value={form.topic} options={topics.data} loading={topics.isLoading} set={(topic) => change({ topic })} placeholder="Choose a topic" />
              )}
            </FormField>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </FormField>
  );
}

function Logs({ of: form, change }: Part) {
  const groups = useLogGroupChoices(form.logs);
  const roles = useRoles();
  return (
    <Container header={<Header variant="h2" description="Events are also sent to a log group.">CloudWatch Logs - optional</Header>}>
      <SpaceBetween size="l">
        <Checkbox checked={form.logs} onChange={({ detail }) => change({ logs: detail.checked })}>CloudWatch Logs enabled</Checkbox>
        {form.logs && (
          <SpaceBetween size="l">
            <FormField label="Log group">
              <RadioGroup
                ariaLabel="Log group" value={form.groupFrom} onChange={({ detail }) => change(detail.value === "new" ? { groupFrom: "new", group: `aws-cloudtrail-logs-${form.name}` } : { groupFrom: "existing", group: "" })}
                items={[{ value: "new", label: "New log group" }, { value: "existing", label: "Existing log group" }]}
              />
            </FormField>
            <FormField label="Log group name">
              {form.groupFrom === "new" ? <Input value={form.group} onChange={({ detail }) => change({ group: detail.value })} /> : (
                <Chooser value={form.group} options={groups.data} loading={groups.isLoading} set={(group) => change({ group })} placeholder="Choose a log group" />
              )}
            </FormField>
            <FormField label="IAM Role">
              <RadioGroup
                ariaLabel="IAM Role" value={form.roleFrom} onChange={({ detail }) => change(detail.value === "new" ? { roleFrom: "new", role: "CloudTrailRoleForCloudWatchLogs" } : { roleFrom: "existing", role: "" })}
                items={[{ value: "new", label: "New role" }, { value: "existing", label: "Existing role" }]}
              />
            </FormField>
            <FormField label="Role name">
              {form.roleFrom === "new" ? <Input value={form.role} onChange={({ detail }) => change({ role: detail.value })} /> : (
                <Chooser value={form.role} options={roles.data?.map(({ arn, name }) => ({ value: arn, label: name, description: arn }))} loading={roles.isLoading} set={(role) => change({ role })} placeholder="Choose a role" />
              )}
            </FormField>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Chooser({ value, options = [], loading, set, placeholder }: { value: string; options: readonly Choice[] | undefined; loading: boolean; set: (value: string) => void; placeholder: string }) {
  return (
    <Select
      selectedOption={options.find((own) => own.value === value) ?? (value === "" ? null : { value, label: value })} options={[...options]} filteringType="auto" placeholder={placeholder}
      statusType={loading ? "loading" : "finished"} loadingText="Loading" empty="None" onChange={({ detail }) => set(detail.selectedOption.value ?? "")}
    />
  );
}
