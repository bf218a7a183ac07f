import { useRead } from "../../aws/queries";
import type { Catalog } from "./summary";

/** The actions of all services, by access level: a file of the console, fetched when the first policy is shown. */
export function useCatalog() {
  return useRead<Catalog>({ key: ["iam", "catalog"], read: () => (loaded ??= load()) });
}

let loaded: Promise<Catalog> | undefined;

async function load(): Promise<Catalog> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}iam-actions.json`);
    if (!response.ok) throw new Error(`The list of IAM actions cannot be read (HTTP ${response.status}).`);
    return (await response.json()) as Catalog;
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}
