// The tab "Objects": a folder of a bucket.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Icon from "@cloudscape-design/components/icon";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { PageLink } from "../../../components/PageLink";
import { ReadFailed } from "../../../components/ReadFailed";
import { bytes, when } from "../../../components/time";
import { ObjectActions } from "./ObjectActions";
import { type Entry, folderHref, nameOf, objectHref, storageClassName, typeOf, useListing, useVersioning } from "./read";

const PER_PAGE = 100;

export function Objects({ bucket }: { bucket: string }) {
  const [asked] = useSearchParams();
  const prefix = asked.get("prefix") ?? "";
  // What is chosen or looked for in one folder is forgotten in the next.
  return <Folder key={prefix} bucket={bucket} prefix={prefix} />;
}

function Folder({ bucket, prefix }: { bucket: string; prefix: string }) {
  const navigate = useNavigate();
  const [find, setFind] = useState("");
  const [versions, setVersions] = useState(false);
  const [requests, setRequests] = useState(1);
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const listing = useListing(bucket, prefix + find, versions, requests);
  const versioning = useVersioning(bucket);
  // The folder itself, made by "Create folder", is not in its own list.
  const entries = (listing.data?.entries ?? []).filter(({ key, kind }) => kind !== "object" || key !== prefix || versions);
  const more = listing.data?.more === true;
  const pages = Math.max(1, Math.ceil(entries.length / PER_PAGE));
  const shown = entries.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  const selected = entries.filter((entry) => chosen.includes(idOf(entry)));
  const parts = prefix.split("/").slice(0, -1);
  return (
    <SpaceBetween size="s">
      {prefix !== "" && (
        <BreadcrumbGroup
          ariaLabel="Folders"
          items={[{ text: bucket, href: folderHref(bucket, "") }, ...parts.map((text, at) => ({ text: `${text}/`, href: folderHref(bucket, `${parts.slice(0, at + 1).join("/")}/`) }))]}
          onFollow={(event) => { event.preventDefault(); void navigate(event.detail.href); }}
        />
      )}
      <ReadFailed error={listing.error} what="objects" />
      <Table<Entry>
        items={shown}
        trackBy={idOf}
        enableKeyboardNavigation
        loading={listing.isLoading}
        loadingText="Loading objects"
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems.map(idOf))}
        ariaLabels={{
          tableLabel: "Objects",
          selectionGroupLabel: "Objects selection",
          allItemsSelectionLabel: () => "Select all",
          itemSelectionLabel: (_, { key }) => `Select ${nameOf(key)}`,
        }}
        columnDefinitions={columns(bucket, versions)}
        header={
          <Header
            variant="h2"
            counter={listing.data === undefined ? undefined : `(${entries.length}${more ? "+" : ""})`}
            description="Objects are the fundamental entities stored in Amazon S3."
            actions={<ObjectActions bucket={bucket} prefix={prefix} versions={versions} selected={selected} />}
          >
            Objects
          </Header>
        }
        filter={
          <SpaceBetween direction="horizontal" size="m" alignItems="center">
            <TextFilter
              filteringText={find}
              filteringPlaceholder="Find objects by prefix"
              filteringAriaLabel="Find objects by prefix"
              onChange={({ detail }) => { setFind(detail.filteringText); setPage(1); setRequests(1); }}
            />
            {versioning.data !== "Disabled" && versioning.data !== undefined && (
              <Toggle checked={versions} onChange={({ detail }) => { setVersions(detail.checked); setPage(1); setChosen([]); }}>Show versions</Toggle>
            )}
          </SpaceBetween>
        }
        pagination={
          <Pagination
            currentPageIndex={page}
            pagesCount={pages}
            openEnd={more}
            onChange={({ detail }) => {
              setPage(detail.currentPageIndex);
              // The next page shows when its entries have been fetched.
              if (more && detail.currentPageIndex >= pages) setRequests(requests + 1);
            }}
            ariaLabels={{ nextPageLabel: "Next page", previousPageLabel: "Previous page", pageLabel: (number) => `Page ${number}` }}
          />
        }
        empty={
          listing.error === null ? (
            <SpaceBetween size="s" alignItems="center">
              <Box fontWeight="bold">{find === "" ? "No objects" : "No objects begin with that"}</Box>
              {find === "" && <Box>You don't have any objects in this {prefix === "" ? "bucket" : "folder"}.</Box>}
              {find === "" && <Button onClick={() => void navigate(uploadHref(bucket, prefix))} ariaLabel="Upload to the empty list">Upload</Button>}
            </SpaceBetween>
          ) : (
            <Alert type="warning">The list cannot be read.</Alert>
          )
        }
      />
    </SpaceBetween>
  );
}

export function uploadHref(bucket: string, prefix: string): string {
  return `/s3/buckets/${bucket}/upload?prefix=${encodeURIComponent(prefix)}`;
}

function idOf({ kind, key, versionId }: Entry): string {
  return `${kind} ${key} ${versionId ?? ""}`;
}

function columns(bucket: string, versions: boolean) {
  return [
    {
      id: "name",
      header: "Name",
      isRowHeader: true,
      cell: ({ kind, key, versionId, latest }: Entry) => {
        if (kind === "folder") {
          return <PageLink href={folderHref(bucket, key)}><Icon name="folder" /> {nameOf(key)}</PageLink>;
        }
        const name = nameOf(key);
        if (kind === "marker") return <Box padding={{ left: latest === true ? "n" : "m" }}><Icon name="file" /> {name}</Box>;
        return (
          <Box padding={{ left: !versions || latest === true ? "n" : "m" }}>
            <PageLink href={objectHref(bucket, key, versions ? versionId : undefined)}><Icon name="file" /> {name}</PageLink>
          </Box>
        );
      },
    },
    { id: "type", header: "Type", cell: ({ kind, key }: Entry) => (kind === "folder" ? "Folder" : kind === "marker" ? "Delete marker" : typeOf(key)) },
    ...(versions ? [{ id: "version", header: "Version ID", cell: ({ versionId, latest }: Entry) => `${versionId ?? "–"}${latest === true ? " (Current version)" : ""}` }] : []),
    { id: "modified", header: "Last modified", cell: ({ modified }: Entry) => when(modified) },
    { id: "size", header: "Size", cell: ({ size }: Entry) => bytes(size) },
    { id: "class", header: "Storage class", cell: ({ kind, storageClass }: Entry) => (kind === "object" ? storageClassName(storageClass) : "–") },
  ];
}
