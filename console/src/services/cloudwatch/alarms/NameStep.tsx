// "Add name and description".
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import Textarea from "@cloudscape-design/components/textarea";
import type { CommonForm } from "./alarmForm";

export function NameStep({ of, change, editing }: { of: CommonForm; change: (part: Partial<CommonForm>) => void; editing: boolean }) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Name and description</Header>}>
        <SpaceBetween size="m">
          <FormField label="Alarm name"><Input value={of.name} disabled={editing} onChange={({ detail }) => change({ name: detail.value })} /></FormField>
          <FormField label="Alarm description - optional" constraintText={`Up to 1024 characters (${of.description.length}/1024)`}>
            <Textarea value={of.description} onChange={({ detail }) => change({ description: detail.value })} />
          </FormField>
        </SpaceBetween>
      </Container>
      {/* An alarm that is there keeps its tags: they are managed on its page. */}
      {!editing && (
        <Container header={<Header variant="h2">Tags - optional</Header>}>
          <TagEditor tags={of.tags.map((tag) => ({ ...tag, existing: false }))} tagLimit={50} onChange={({ detail }) => change({ tags: detail.tags.map(({ key, value }) => ({ key, value })) })} />
        </Container>
      )}
    </SpaceBetween>
  );
}
