// The lab beside the pages: a drawer with guide, details and grading, for who is signed in to a lab's account.
import type { AppLayoutProps } from "@cloudscape-design/components/app-layout";
import Spinner from "@cloudscape-design/components/spinner";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { useLabs } from "./api";

const LabDrawer = lazy(() => import("./LabDrawer"));
const ID = "lab";
const KEY = "cloudchamber.lab-drawer";
const listeners = new Set<() => void>();

/** Open unless it was closed: who begins a lab is to see its guide. */
function isOpen(): boolean {
  return sessionStorage.getItem(KEY) !== "closed";
}

function setOpen(open: boolean): void {
  sessionStorage.setItem(KEY, open ? "open" : "closed");
  for (const listener of listeners) listener();
}

export function showGuide(): void {
  setOpen(true);
}

export function useLabDrawer(): { drawers: AppLayoutProps.Drawer[]; active: string | null; show: (id: string | null) => void } {
  const labs = useLabs();
  const open = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isOpen,
  );
  const [size, setSize] = useState(420);
  const attempt = labs.data?.labs.find((lab) => lab.attempt !== undefined)?.attempt;
  if (attempt === undefined || labs.data?.teacher === true) return { drawers: [], active: null, show: () => {} };
  return {
    active: open ? ID : null,
    show: (id) => setOpen(id === ID),
    drawers: [
      {
        id: ID,
        ariaLabels: { drawerName: "Lab", closeButton: "Close the lab's guide", triggerButton: "Open the lab's guide", resizeHandle: "Resize the lab's guide" },
        trigger: { iconName: "file-open" },
        resizable: true,
        defaultSize: size,
        onResize: ({ detail }) => setSize(detail.size),
        content: <Suspense fallback={<Spinner />}><LabDrawer attempt={attempt} /></Suspense>,
      },
    ],
  };
}
