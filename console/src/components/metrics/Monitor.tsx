// A resource's monitoring tab: its graphs are fetched when the tab is opened.
import { lazy, Suspense } from "react";
import { ChartLoading } from "./ChartLoading";
import type { Dimension } from "./metric";

const Graphs = lazy(() => import("./MonitorGraphs"));

export interface Monitored {
  namespace: string;
  /** All that the resource's metrics have. */
  dimensions: readonly Dimension[];
  /** Drawn where the resource has the metric; each line has the metric's name, its statistic, and a label where there are several. */
  graphs: readonly { title: string; lines: readonly (readonly [name: string, stat: string, label?: string])[] }[];
  /** Says, while it has none of the metrics, when it will. */
  none: string;
}

export function Monitor(of: Monitored) {
  return <Suspense fallback={<ChartLoading />}><Graphs {...of} /></Suspense>;
}
