import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { type Crumb, useCrumbs } from "../app/breadcrumbs";

/** A page with its heading. `crumbs` ends with the page itself; the service's own link is its first. */
export function Page({ title, crumbs, description, actions, children }: {
  title: string;
  crumbs: readonly Crumb[];
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useCrumbs(crumbs);
  return (
    <ContentLayout header={<Header variant="h1" description={description} actions={actions}>{title}</Header>}>
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}

/** A page whose content brings its own heading (a full-page table). */
export function BarePage({ crumbs, children }: { crumbs: readonly Crumb[]; children: ReactNode }) {
  useCrumbs(crumbs);
  return <SpaceBetween size="l">{children}</SpaceBetween>;
}
