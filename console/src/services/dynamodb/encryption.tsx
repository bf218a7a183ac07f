import type { SSESpecification } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { KmsKey } from "../../components/KmsKey";

export interface Encryption {
  how: "owned" | "managed" | "customer";
  key: string;
}

export function EncryptionChoice({ value, onChange }: { value: Encryption; onChange: (value: Encryption) => void }) {
  return (
    <SpaceBetween size="m">
      <FormField label="Encryption key management" stretch>
        <RadioGroup
          ariaLabel="Encryption key management"
          value={value.how}
          onChange={({ detail }) => onChange({ ...value, how: detail.value as Encryption["how"] })}
          items={[
            { value: "owned", label: "Owned by Amazon DynamoDB", description: "The AWS KMS key is owned and managed by DynamoDB." },
            { value: "managed", label: "AWS managed key", description: "Key alias: aws/dynamodb. The key is stored in your account and is managed by AWS KMS." },
            { value: "customer", label: "Stored in your account, and owned and managed by you", description: "The key is stored in your account and is managed by you." },
          ]}
        />
      </FormField>
      {value.how === "customer" && <KmsKey value={value.key} onChange={(key) => onChange({ ...value, key })} />}
    </SpaceBetween>
  );
}

export function sseOf({ how, key }: Encryption): SSESpecification {
  if (how === "owned") return { Enabled: false };
  return { Enabled: true, SSEType: "KMS", ...(how === "customer" && { KMSMasterKeyId: key }) };
}
