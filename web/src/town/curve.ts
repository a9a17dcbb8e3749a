// The curve of the day: counts on the left axis, minutes on the right.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { language, t, timeOfDay, timeWithSeconds } from "../ui/language.ts";
import { type History, LINES, type LineName } from "./history.ts";

/** A dash for each line, because its color is not enough. */
const LOOKS: Record<LineName, { label: string; color: string; dash?: number[]; scale: "y" | "min" }> = {
  open: { label: "Open orders", color: "--ink", scale: "y" },
  waiting: { label: "Without a courier", color: "--accent", dash: [2, 3], scale: "y" },
  idle: { label: "Couriers idle", color: "--courier", dash: [8, 4], scale: "y" },
  p50: { label: "Click to door p50, min", color: "--door", dash: [4, 2], scale: "min" },
  p90: { label: "Click to door p90, min", color: "--door", scale: "min" },
};
const HEIGHT_PX = 200;
const TICKS_S = [60, 300, 900, 1_800, 3_600, 7_200];
const SPAN_MIN_S = 300;

const dataOf = ({ times, lines }: History): uPlot.AlignedData => [times, ...LINES.map((name) => lines[name])];

function newPlot(element: HTMLElement, history: History): uPlot {
  const style = getComputedStyle(element);
  const color = (variable: string) => style.getPropertyValue(variable);
  const axis = {
    stroke: color("--quiet"),
    grid: { stroke: color("--grid") },
    ticks: { stroke: color("--grid") },
  };
  const fromZero: uPlot.Range.Function = (_, __, most) => [0, Math.max(5, (most ?? 0) * 1.1)];
  return new uPlot(
    {
      ...{ width: element.clientWidth, height: HEIGHT_PX, padding: [8, 8, 0, 0] },
      scales: {
        x: { range: (_, from, to) => [from, Math.max(to, from + SPAN_MIN_S)] },
        y: { range: fromZero },
        min: { range: fromZero },
      },
      axes: [
        {
          ...axis,
          incrs: TICKS_S,
          values: (_, ticks) => ticks.map((at) => timeOfDay(at * 1000)),
        },
        axis,
        { ...axis, scale: "min", side: 1, grid: { show: false } },
      ],
      series: [
        {
          label: t("Time"),
          value: (_, at) => (at ? timeWithSeconds(at * 1000) : "–"),
        },
        ...LINES.map((name): uPlot.Series => {
          const { label, color: variable, dash, scale } = LOOKS[name];
          return {
            label: t(label),
            stroke: color(variable),
            width: 2,
            scale,
            ...(dash && { dash }),
            points: { show: false },
          };
        }),
      ],
    },
    dataOf(history),
    element,
  );
}

/** In words. */
function summaryOf({ lines: { open } }: History): string {
  const counts = open.filter((count) => count !== null);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return counts.length === 0
    ? t("Not known yet")
    : t("Open orders: now {now}, at least {least}, at most {most}.", {
        now: counts.at(-1) ?? 0,
        least,
        most,
      });
}

export function Curve({ history }: { history: History }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const shown = useRef(history);
  shown.current = history;
  const inLanguage = language();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = newPlot(element, shown.current);
    };
    const sizes = new ResizeObserver(() => {
      if (plot.current) plot.current.setSize({ width: element.clientWidth, height: HEIGHT_PX });
      else draw();
    });
    sizes.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", draw);
    return () => {
      sizes.disconnect();
      theme.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [inLanguage]);
  useEffect(() => plot.current?.setData(dataOf(history)), [history]);
  return html`<section class="card curve" aria-label=${t("Curve since this page was opened")}>
    <h2>${t("Curve since this page was opened")}</h2>
    <p class="sr">${summaryOf(history)}</p>
    <div ref=${place} aria-hidden="true"></div>
  </section>`;
}
