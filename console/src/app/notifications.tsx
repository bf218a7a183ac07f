// Notifications above the page: what was done, what failed and why.
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore } from "react";

export interface Notification {
  type: "success" | "error" | "info" | "warning";
  header?: string;
  content: string;
}

const MOST = 5;
const SUCCESS_SHOWN_FOR = 8_000;
let shown: readonly (Notification & { id: string })[] = [];
let next = 0;
const listeners = new Set<() => void>();

function set(notifications: typeof shown): void {
  shown = notifications;
  for (const listener of listeners) listener();
}

export function notify(notification: Notification): void {
  const id = String((next += 1));
  set([{ ...notification, id }, ...shown].slice(0, MOST));
  if (notification.type === "success") setTimeout(() => dismiss(id), SUCCESS_SHOWN_FOR);
}

function dismiss(id: string): void {
  set(shown.filter((notification) => notification.id !== id));
}

export function Notifications() {
  const notifications = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  const items: FlashbarProps.MessageDefinition[] = notifications.map(({ id, type, header, content }) => ({
    id,
    type,
    header,
    content,
    dismissible: true,
    dismissLabel: "Dismiss",
    ariaRole: type === "error" ? "alert" : "status",
    onDismiss: () => dismiss(id),
  }));
  return <Flashbar items={items} />;
}
