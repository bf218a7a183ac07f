// Which KMS key encrypts something: one of the account's, or one by its ARN.
import { KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { client } from "../aws/clients";
import { failureOf } from "../aws/errors";
import { every, useRead } from "../aws/queries";

export interface KeyView {
  arn: string;
  id: string;
  aliases: readonly string[];
  /** Made and administered by AWS: `aws/s3`. */
  ofAws: boolean;
}

export function useKmsKeys(enabled = true) {
  return useRead({ key: ["kms", "choice"], follows: ["AWS::KMS::Key", "AWS::KMS::Alias", "kms.*"], enabled, read: kmsKeys });
}

/** Keys and their aliases. */
export async function kmsKeys(): Promise<KeyView[]> {
  const kms = client(KMSClient);
  const [keys, aliases] = await Promise.all([
    every((Marker) => kms.send(new ListKeysCommand({ Marker, Limit: 1000 })), (answer) => [answer.Keys, answer.NextMarker]),
    every((Marker) => kms.send(new ListAliasesCommand({ Marker, Limit: 100 })), (answer) => [answer.Aliases, answer.NextMarker]),
  ]);
  return keys.map(({ KeyId = "", KeyArn = "" }) => {
    const names = aliases.filter(({ TargetKeyId }) => TargetKeyId === KeyId).map(({ AliasName = "" }) => AliasName);
    return { arn: KeyArn, id: KeyId, aliases: names, ofAws: names.some((name) => name.startsWith("alias/aws/")) };
  });
}

/** The choice of a key; "" is the service's own (`aws/s3`), which is offered where `ownKey` names it. */
export function KmsKey({ value, onChange, ownKey, label = "AWS KMS key" }: {
  value: string;
  onChange: (arn: string) => void;
  ownKey?: string;
  label?: string;
}) {
  const [how, setHow] = useState(value === "" || value.startsWith("arn:") ? "choose" : "enter");
  const keys = useKmsKeys();
  const options = [
    ...(ownKey === undefined ? [] : [{ value: "", label: `AWS managed key (${ownKey})` }]),
    ...(keys.data ?? []).filter(({ ofAws }) => !ofAws).map(({ arn, id, aliases }) => ({
      value: arn, label: aliases[0]?.replace(/^alias\//, "") ?? id, description: arn,
    })),
  ];
  const chosen = options.find((option) => option.value === value) ?? (value === "" ? null : { value, label: value });
  return (
    <FormField label={label} stretch>
      <SpaceBetween size="s">
        <RadioGroup
          ariaLabel={label}
          value={how}
          onChange={({ detail }) => setHow(detail.value)}
          items={[
            { value: "choose", label: "Choose from your AWS KMS keys" },
            { value: "enter", label: "Enter AWS KMS key ARN" },
          ]}
        />
        {how === "choose" ? (
          <FormField label="Available AWS KMS keys" {...(keys.error !== null && { errorText: failureOf(keys.error).message })}>
            <Select
              selectedOption={chosen}
              options={options}
              placeholder="Choose a key"
              filteringType="auto"
              empty="No customer managed keys. Create one in KMS."
              statusType={keys.isLoading ? "loading" : "finished"}
              onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
            />
          </FormField>
        ) : (
          <FormField label="AWS KMS key ARN">
            <Input value={value} placeholder="arn:aws:kms:<region>:<account-ID>:key/<key-id>" onChange={({ detail }) => onChange(detail.value.trim())} />
          </FormField>
        )}
      </SpaceBetween>
    </FormField>
  );
}
