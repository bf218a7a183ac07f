import { colorBackgroundLayoutMain } from "@cloudscape-design/design-tokens";
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { useEffect, useSyncExternalStore } from "react";

type Choice = "light" | "dark" | "browser";
const KEY = "cloudchamber.mode";
const listeners = new Set<() => void>();

export function modeChoice(): Choice {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "browser";
}

export function chooseMode(choice: Choice): void {
  localStorage.setItem(KEY, choice);
  for (const listener of listeners) listener();
}

export function isDark(): boolean {
  const choice = modeChoice();
  return choice === "browser" ? matchMedia("(prefers-color-scheme: dark)").matches : choice === "dark";
}

function listen(listener: () => void): () => void {
  const browser = matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  browser.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    browser.removeEventListener("change", listener);
  };
}

export function useDark(): boolean {
  return useSyncExternalStore(listen, isDark);
}

export function useTheme(): void {
  const dark = useDark();
  useEffect(() => {
    applyMode(dark ? Mode.Dark : Mode.Light);
    // Where no layout lies on it (the sign-in), the page itself is seen.
    document.body.style.background = colorBackgroundLayoutMain;
  }, [dark]);
}
