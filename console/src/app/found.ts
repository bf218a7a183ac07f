import { useQueries } from "@tanstack/react-query";
import type { Found } from "./service";
import { SERVICES } from "./services";

/** The resources of all services that this identity may list. Those that it may not list are left out, as on AWS. */
export function useFound(enabled: boolean): { found: readonly Found[]; loading: boolean } {
  const searched = SERVICES.flatMap(({ id, search }) => (search === undefined ? [] : [{ id, search }]));
  return useQueries({
    queries: searched.map(({ id, search }) => ({
      queryKey: ["search", id], queryFn: search, enabled, staleTime: 10_000, meta: { follows: [] },
    })),
    combine: (results) => ({
      found: results.flatMap(({ data }) => data ?? []),
      loading: results.some(({ isFetching }) => isFetching),
    }),
  });
}
