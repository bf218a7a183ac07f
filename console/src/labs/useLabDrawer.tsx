import type { AppLayoutProps } from "@cloudscape-design/components/app-layout";

/** The lab's guide beside the pages, while a lab is under way. */
export function useLabDrawer(): { drawers: AppLayoutProps.Drawer[]; active: string | null; show: (id: string | null) => void } {
  return { drawers: [], active: null, show: () => {} };
}
