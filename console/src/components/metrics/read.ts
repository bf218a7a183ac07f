// What is read of CloudWatch's metrics, by its own pages and by the monitoring tabs of others.
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";
import { type Dimension, type Line, type MetricName, metricOf, queryOf, type Series, seriesOf } from "./metric";
import { boundsOf, type Span } from "./span";

/** Points arrive without anybody's click, and time passes. */
const EVERY = 10_000;

/** The metrics of a namespace, or of all; those that have a dimension of this value. */
export function useMetrics({ namespace, dimension, enabled = true }: { namespace?: string; dimension?: Dimension | undefined; enabled?: boolean } = {}) {
  return useRead({
    key: ["cloudwatch", "metrics", namespace, dimension],
    follows: ["cloudwatch.metrics"],
    every: EVERY,
    enabled,
    read: async (): Promise<MetricName[]> => {
      const metrics = await every(
        (NextToken) => client(CloudWatchClient).send(new ListMetricsCommand({
          NextToken, Namespace: namespace, ...(dimension !== undefined && { Dimensions: [{ Name: dimension.name, Value: dimension.value }] }),
        })),
        (answer) => [answer.Metrics, answer.NextToken],
      );
      return metrics.map(metricOf);
    },
  });
}

export interface MetricData {
  series: readonly Series[];
  from: number;
  to: number;
}

export function useMetricData(lines: readonly Line[], span: Span) {
  return useRead({
    key: ["cloudwatch", "data", lines, span],
    follows: ["cloudwatch.datapoints"],
    every: span.type === "relative" && EVERY,
    // At least one line has to be asked for.
    enabled: lines.some(({ hidden }) => hidden !== true),
    read: () => metricData(lines, span, Date.now()),
  });
}

async function metricData(lines: readonly Line[], span: Span, now: number): Promise<MetricData> {
  const { from, to } = boundsOf(span, now);
  const results = await every<{ MetricDataResults?: MetricDataResult[]; NextToken?: string }, MetricDataResult>(
    (NextToken) => client(CloudWatchClient).send(new GetMetricDataCommand({
      NextToken, MetricDataQueries: lines.map(queryOf), StartTime: new Date(from), EndTime: new Date(to), ScanBy: "TimestampAscending",
    })),
    (answer) => [answer.MetricDataResults, answer.NextToken],
  );
  return { series: seriesOf(lines, results), from, to };
}
