import type { ObjectOwnership } from "@aws-sdk/client-s3";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";

export const OWNERSHIP: Record<ObjectOwnership, string> = {
  BucketOwnerEnforced: "Bucket owner enforced",
  BucketOwnerPreferred: "Bucket owner preferred",
  ObjectWriter: "Object writer",
};

export function OwnershipChoice({ value, onChange }: { value: ObjectOwnership; onChange: (value: ObjectOwnership) => void }) {
  const enabled = value !== "BucketOwnerEnforced";
  return (
    <SpaceBetween size="m">
      <FormField label="Access control lists" stretch>
        <Tiles
          ariaLabel="Access control lists"
          value={enabled ? "enabled" : "disabled"}
          onChange={({ detail }) => onChange(detail.value === "enabled" ? "BucketOwnerPreferred" : "BucketOwnerEnforced")}
          items={[
            { value: "disabled", label: "ACLs disabled (recommended)", description: "All objects in this bucket are owned by this account. Access to this bucket and its objects is specified using only policies." },
            { value: "enabled", label: "ACLs enabled", description: "Objects in this bucket can be owned by other AWS accounts. Access to this bucket and its objects can be specified using ACLs." },
          ]}
        />
      </FormField>
      {enabled ? (
        <FormField label="Object Ownership" stretch>
          <RadioGroup
            ariaLabel="Object Ownership"
            value={value}
            onChange={({ detail }) => onChange(detail.value === "ObjectWriter" ? "ObjectWriter" : "BucketOwnerPreferred")}
            items={[
              { value: "BucketOwnerPreferred", label: "Bucket owner preferred", description: "If new objects written to this bucket specify the bucket-owner-full-control canned ACL, they are owned by the bucket owner. Otherwise, they are owned by the object writer." },
              { value: "ObjectWriter", label: "Object writer", description: "The object writer remains the object owner." },
            ]}
          />
        </FormField>
      ) : (
        <FormField label="Object Ownership">Bucket owner enforced</FormField>
      )}
    </SpaceBetween>
  );
}
