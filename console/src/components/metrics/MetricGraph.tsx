import { lazy, Suspense } from "react";
import { ChartLoading } from "./ChartLoading";
import type { Graph } from "./Charts";

const Drawn = lazy(async () => ({ default: (await import("./Charts")).Graph }));

/** The points of metrics and expressions, read again as time passes. */
export function MetricGraph(graph: Graph) {
  return <Suspense fallback={<ChartLoading />}><Drawn {...graph} /></Suspense>;
}
