// The charts themselves: fetched by the first page that shows one.
import Box from "@cloudscape-design/components/box";
import LineChart from "@cloudscape-design/components/line-chart";
import { ReadFailed } from "../ReadFailed";
import { ChartLoading } from "./ChartLoading";
import { type Line, type Series, shortNumber } from "./metric";
import { useMetricData } from "./read";
import type { Span } from "./span";

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const LONG = 86_400_000;

export interface Threshold {
  label: string;
  value: number;
}

export interface Drawing {
  /** Names the chart for those who do not see it. */
  title: string;
  series: readonly Series[];
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  threshold?: Threshold | undefined;
  /** Pixels. */
  height?: number;
  /** What it says where there are no points. */
  empty: string;
}

export interface Graph {
  title: string;
  lines: readonly Line[];
  span: Span;
  threshold?: Threshold | undefined;
  height?: number;
  empty?: string;
}

const NOTHING = "No data available. Try adjusting the time range.";

export function Graph({ title, lines, span, threshold, height, empty = NOTHING }: Graph) {
  const read = useMetricData(lines, span);
  if (read.error !== null) return <ReadFailed error={read.error} what="metrics" />;
  if (read.isLoading) return <ChartLoading />;
  const { series = [], from = 0, to = 0 } = read.data ?? {};
  return <Lines title={title} series={series} from={from} to={to} threshold={threshold} {...(height !== undefined && { height })} empty={empty} />;
}

export function Lines({ title, series, from, to, threshold, height = 200, empty }: Drawing) {
  const drawn = series.filter(({ points }) => points.length > 0);
  const limit = drawn.length === 0 ? undefined : threshold;
  const format = to - from > LONG ? DAY : TIME;
  const values = [...drawn.flatMap(({ points }) => points.map(({ y }) => y)), ...(limit === undefined ? [] : [limit.value])];
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1, ...values);
  return (
    <LineChart<Date>
      ariaLabel={title}
      height={height}
      hideFilter
      hideLegend={drawn.length + (limit === undefined ? 0 : 1) < 2}
      xScaleType="time"
      xDomain={[new Date(from), new Date(to)]}
      yDomain={[low, high + (high - low) / 10]}
      series={[
        ...drawn.map(({ label, points }) => ({ type: "line" as const, title: label, data: visible(points, from, to), valueFormatter: shortNumber })),
        ...(limit === undefined ? [] : [{ type: "threshold" as const, title: limit.label, y: limit.value, valueFormatter: shortNumber }]),
      ]}
      i18nStrings={{
        xTickFormatter: (time) => format.format(time).replace(", ", "\n"), yTickFormatter: shortNumber, detailPopoverDismissAriaLabel: "Dismiss", legendAriaLabel: "Legend", chartAriaRoleDescription: "line chart",
      }}
      empty={<Box textAlign="center" color="inherit">{empty}</Box>}
    />
  );
}

/** Of the width of the chart. */
const DASH = 0.01;

/** A line of one point would hardly be seen: it is drawn as a short dash. */
function visible(points: Series["points"], from: number, to: number): Series["points"] {
  const [only] = points;
  if (only === undefined || points.length > 1) return points;
  const end = new Date(Math.min(only.x.getTime() + (to - from) * DASH, to));
  return [only, { x: end, y: only.y }];
}
