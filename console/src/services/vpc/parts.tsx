// What several pages of VPC share.
import { CreateTagsCommand, DeleteTagsCommand, EC2Client, type ResourceType, type Tag as Ec2Tag } from "@aws-sdk/client-ec2";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import type { ReactNode } from "react";
import type { Crumb } from "../../app/breadcrumbs";
import { client } from "../../aws/clients";
import type { Column } from "../../components/ResourceTable";
import { PageLink } from "../../components/PageLink";
import { readTags, writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { nameOf, useVpcs } from "./read";

/** Breadcrumbs of a page: `crumbs("Subnets", "subnets", id)`. */
export function crumbs(list: string, path: string, ...rest: readonly string[]): Crumb[] {
  const all: Crumb[] = [{ text: "VPC", href: "/vpc" }, { text: list, href: `/vpc/${path}` }];
  let href = `/vpc/${path}`;
  for (const text of rest) {
    href = `${href}/${text}`;
    all.push({ text, href });
  }
  return all;
}

/** The columns "Name" and the id that most lists begin with. */
export function nameColumn<T>(tags: (item: T) => readonly Ec2Tag[] | undefined): Column<T> {
  return { id: "name", header: "Name", cell: (item) => nameOf(tags(item)) ?? "–", value: (item) => nameOf(tags(item)) };
}

export function idColumn<T>(header: string, path: string, id: (item: T) => string | undefined): Column<T> {
  return {
    id: "id", header,
    cell: (item) => <PageLink href={`/vpc/${path}/${id(item) ?? ""}`}>{id(item) ?? ""}</PageLink>,
    value: id,
  };
}

export function vpcColumn<T>(id: (item: T) => string | undefined): Column<T> {
  return { id: "vpc", header: "VPC", cell: (item) => <VpcLink id={id(item)} />, value: id };
}

export function textColumn<T>(id: string, header: string, value: (item: T) => string | number | undefined): Column<T> {
  return { id, header, cell: (item) => value(item) ?? "–", value };
}

/** A VPC by its id, with its name beside it. */
export function VpcLink({ id }: { id: string | undefined }) {
  const vpcs = useVpcs();
  if (id === undefined || id === "") return <>–</>;
  const name = nameOf(vpcs.data?.find(({ VpcId }) => VpcId === id)?.Tags);
  return (
    <>
      <PageLink href={`/vpc/vpcs/${id}`}>{id}</PageLink>
      {name !== undefined && ` | ${name}`}
    </>
  );
}

/** The tags of a resource of EC2, with "Manage tags". */
export function Ec2Tags({ id, tags }: { id: string; tags: readonly Ec2Tag[] | undefined }) {
  return (
    <Tags
      tags={readTags(tags)}
      tag={(some) => client(EC2Client).send(new CreateTagsCommand({ Resources: [id], Tags: writtenTags(some) }))}
      untag={(keys) => client(EC2Client).send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }))}
    />
  );
}

/** TagSpecifications of a create request with the name as tag. */
export function named(kind: ResourceType, name: string) {
  return name === "" ? {} : { TagSpecifications: [{ ResourceType: kind, Tags: [{ Key: "Name", Value: name }] }] };
}

export function NameField({ value, set }: { value: string; set: (value: string) => void }) {
  return (
    <FormField label={<>Name tag <i>- optional</i></>} description="Creates a tag with a key of 'Name' and a value that you specify.">
      <Input value={value} onChange={({ detail }) => set(detail.value)} ariaLabel="Name tag" autoFocus />
    </FormField>
  );
}

export function VpcField({ value, set, label = "VPC" }: { value: string; set: (id: string) => void; label?: string }) {
  const vpcs = useVpcs();
  const options = (vpcs.data ?? []).map(({ VpcId = "", Tags, CidrBlock }) => {
    const name = nameOf(Tags);
    return { value: VpcId, label: name === undefined ? VpcId : `${VpcId} (${name})`, description: CidrBlock };
  });
  return (
    <FormField label={label}>
      <Select
        selectedOption={options.find((option) => option.value === value) ?? null}
        options={options}
        filteringType="auto"
        placeholder="Select a VPC"
        expandToViewport
        statusType={vpcs.isLoading ? "loading" : "finished"}
        empty="No VPCs"
        onChange={({ detail }) => set(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

/** The menu "Actions" above a list or a page. `false` leaves an action out. */
export function Actions({ items }: { items: readonly ({ id: string; text: string; disabled?: boolean; why?: string; run: () => void } | false)[] }) {
  const some = items.filter((item) => item !== false);
  return (
    <ButtonDropdown
      items={some.map(({ id, text, disabled = false, why }) => ({ id, text, disabled, ...(why !== undefined && { disabledReason: why }) }))}
      onItemClick={({ detail }) => some.find(({ id }) => id === detail.id)?.run()}
      expandToViewport
    >
      Actions
    </ButtonDropdown>
  );
}

export function yesNo(value: boolean | undefined): ReactNode {
  return value === true ? "Yes" : "No";
}
