import type { PublicAccessBlockConfiguration } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import SpaceBetween from "@cloudscape-design/components/space-between";

export const SETTINGS = [
  ["BlockPublicAcls", "Block public access to buckets and objects granted through new access control lists (ACLs)",
    "S3 will block public access permissions applied to newly added buckets or objects, and prevent the creation of new public access ACLs for existing buckets and objects."],
  ["IgnorePublicAcls", "Block public access to buckets and objects granted through any access control lists (ACLs)",
    "S3 will ignore all ACLs that grant public access to buckets and objects."],
  ["BlockPublicPolicy", "Block public access to buckets and objects granted through new public bucket or access point policies",
    "S3 will block new bucket and access point policies that grant public access to buckets and objects."],
  ["RestrictPublicBuckets", "Block public and cross-account access to buckets and objects through any public bucket or access point policies",
    "S3 will ignore public and cross-account access for buckets or access points with policies that grant public access to buckets and objects."],
] as const;

export type Block = Required<PublicAccessBlockConfiguration>;

export const ALL_BLOCKED: Block = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
export const NONE_BLOCKED: Block = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };

export function blocksAll(block: PublicAccessBlockConfiguration): boolean {
  return SETTINGS.every(([name]) => block[name] === true);
}

/** The checkboxes. Where `acknowledged` is given, turning one off has to be acknowledged. */
export function BlockPublicAccessChoice({ value, onChange, acknowledged, onAcknowledge }: {
  value: Block;
  onChange: (value: Block) => void;
  acknowledged?: boolean;
  onAcknowledge?: (value: boolean) => void;
}) {
  const all = blocksAll(value);
  return (
    <SpaceBetween size="s">
      <Checkbox
        checked={all}
        indeterminate={!all && SETTINGS.some(([name]) => value[name])}
        onChange={({ detail }) => onChange(detail.checked ? ALL_BLOCKED : NONE_BLOCKED)}
        description="Turning this setting on is the same as turning on all four settings below. Each of the following settings are independent of one another."
      >
        <span>Block <i>all</i> public access</span>
      </Checkbox>
      <Box padding={{ left: "xl" }}>
        <SpaceBetween size="s">
          {SETTINGS.map(([name, label, description]) => (
            <Checkbox key={name} checked={value[name]} description={description} onChange={({ detail }) => onChange({ ...value, [name]: detail.checked })}>
              {label}
            </Checkbox>
          ))}
        </SpaceBetween>
      </Box>
      {!all && acknowledged !== undefined && (
        <Alert type="warning" header="Turning off block all public access might result in this bucket and the objects within becoming public">
          <Checkbox checked={acknowledged} onChange={({ detail }) => onAcknowledge?.(detail.checked)}>
            I acknowledge that the current settings might result in this bucket and the objects within becoming public.
          </Checkbox>
        </Alert>
      )}
    </SpaceBetween>
  );
}
