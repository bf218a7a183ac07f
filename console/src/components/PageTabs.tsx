import Tabs from "@cloudscape-design/components/tabs";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

/** Tabs whose choice is in the page's address (`?tab=properties`), so that links and the back button lead to them. */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly { id: string; label: string; content: ReactNode }[] }) {
  const [asked, ask] = useSearchParams();
  const wanted = asked.get("tab");
  const active = tabs.some(({ id }) => id === wanted) ? (wanted ?? undefined) : tabs[0]?.id;
  return (
    <Tabs
      ariaLabel={label}
      activeTabId={active ?? ""}
      onChange={({ detail }) => ask((before) => {
        before.set("tab", detail.activeTabId);
        return before;
      })}
      // Only the tab that is seen is read.
      tabs={tabs.map((tab) => ({ ...tab, content: tab.id === active ? tab.content : null }))}
    />
  );
}
