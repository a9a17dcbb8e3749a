// Histograms for what every request does. An observation is one look-up in a map; prom-client hashes the labels each time,
// which costs five times as much. A histogram has a bounded number of series, whatever its labels are.
import type { Histogram, Registry } from "prom-client";

export interface Durations {
  /** The labels are in the order of `labelNames`. */
  observe: (seconds: number, first: string, second?: string, third?: string) => void;
}

export interface DurationsOptions {
  name: string;
  help: string;
  labelNames: [string, string?, string?];
  /** Upper bounds in seconds, ascending. */
  buckets: readonly number[];
}

/** Further series count as this one. */
const OVERFLOW = "other";
export const SERIES_MAX = 2_000;

interface Series {
  labels: Record<string, string>;
  /** Observations by bucket, the last of those above all bounds. */
  counts: Float64Array;
  sum: number;
}

export function durations(
  registry: Registry,
  { name, help, labelNames, buckets }: DurationsOptions,
): Durations {
  const series = new Map<string, Series>();

  function open(key: string, values: string[]): Series {
    const isFull = series.size >= SERIES_MAX;
    const labels: Record<string, string> = {};
    for (const [i, label] of labelNames.entries())
      if (label) labels[label] = isFull ? OVERFLOW : (values[i] ?? "");
    const opened = { labels, counts: new Float64Array(buckets.length + 1), sum: 0 };
    series.set(isFull ? OVERFLOW : key, opened);
    return opened;
  }

  function valuesOf({ labels, counts, sum }: Series) {
    let total = 0;
    const bucket = (le: number | string, count: number) => {
      total += count;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
    };
    return [
      ...buckets.map((le, i) => bucket(le, counts[i] ?? 0)),
      bucket("+Inf", counts[buckets.length] ?? 0),
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }

  // The registry asks no more of a metric than this.
  const metric = {
    name,
    get: async () => ({ name, help, type: "histogram", values: [...series.values()].flatMap(valuesOf) }),
  };
  registry.registerMetric(metric as unknown as Histogram);

  return {
    observe(seconds, first, second = "", third = "") {
      const key = `${first}\n${second}\n${third}`;
      const known =
        series.get(key) ??
        (series.size > SERIES_MAX ? series.get(OVERFLOW) : undefined) ??
        open(key, [first, second, third]);
      let i = 0;
      while (i < buckets.length && seconds > (buckets[i] as number)) i++;
      known.counts[i] = (known.counts[i] as number) + 1;
      known.sum += seconds;
    },
  };
}
