import type { Policy } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { BarePage } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { DeletePolicy } from "./DeletePolicy";
import { isAwsManaged, typeOfPolicy } from "./identity";
import { IAM, POLICIES } from "./parts";
import { usePolicies } from "./read";

const TYPES = ["All types", "Customer managed", "AWS managed", "AWS managed - job function"].map((value) => ({ value, label: value }));

export default function Policies() {
  const navigate = useNavigate();
  const policies = usePolicies();
  const [type, setType] = useState("All types");
  const [deleting, setDeleting] = useState<Policy>();
  const shown = policies.data?.filter(({ Arn }) => type === "All types" || typeOfPolicy(Arn) === type);
  return (
    <BarePage crumbs={[IAM, POLICIES]}>
      <ResourceTable<Policy>
        title="Policies"
        description="A policy is an object in AWS that defines permissions."
        variant="full-page"
        items={shown}
        loading={policies.isLoading}
        error={policies.error}
        id={({ Arn = "" }) => Arn}
        select="single"
        above={<Select ariaLabel="Filter by Type" selectedOption={TYPES.find(({ value }) => value === type) ?? null} options={TYPES} onChange={({ detail }) => setType(detail.selectedOption.value ?? "All types")} />}
        columns={[
          { id: "name", header: "Policy name", cell: ({ PolicyName, Arn = "" }) => <PageLink href={`/iam/policies/${encodeURIComponent(Arn)}`}>{PolicyName}</PageLink>, value: ({ PolicyName }) => PolicyName },
          { id: "type", header: "Type", cell: ({ Arn }) => typeOfPolicy(Arn), value: ({ Arn }) => typeOfPolicy(Arn) },
          { id: "used", header: "Used as", cell: (policy) => usedAs(policy), value: usedAs },
          { id: "description", header: "Description", cell: ({ Description }) => Description ?? "–", value: ({ Description }) => Description },
        ]}
        actions={([one]) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={one === undefined || isAwsManaged(one.Arn ?? "")} onClick={() => setDeleting(one)}>Delete</Button>
            <Button variant="primary" onClick={() => void navigate("/iam/create/policy")}>Create policy</Button>
          </SpaceBetween>
        )}
      />
      {deleting !== undefined && <DeletePolicy arn={deleting.Arn ?? ""} name={deleting.PolicyName ?? ""} close={() => setDeleting(undefined)} />}
    </BarePage>
  );
}

function usedAs({ AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }: Policy): string {
  const parts = [
    AttachmentCount > 0 ? `Permissions policy (${AttachmentCount})` : "",
    PermissionsBoundaryUsageCount > 0 ? `Permissions boundary (${PermissionsBoundaryUsageCount})` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "None" : parts.join(", ");
}
