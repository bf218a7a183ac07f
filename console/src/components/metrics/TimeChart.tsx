import { lazy, Suspense } from "react";
import { ChartLoading } from "./ChartLoading";
import type { Drawing } from "./Charts";

const Lines = lazy(async () => ({ default: (await import("./Charts")).Lines }));

/** Lines between two points in time, with a threshold where there is one. */
export function TimeChart(drawing: Drawing) {
  return <Suspense fallback={<ChartLoading />}><Lines {...drawing} /></Suspense>;
}
