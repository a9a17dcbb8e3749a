// The parts of a Grafana dashboard that are used here (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model).

export interface Panel {
  title: string;
  /** A query and the legend of its series. */
  queries: [expr: string, legend: string][];
  unit: "s" | "reqps" | "ops" | "short" | "percentunit" | "bytes" | "cores";
}

export interface Row {
  title: string;
  panels: Panel[];
}

const DATASOURCE = { type: "prometheus", uid: `\${datasource}` };
const [WIDTH, HEIGHT, IN_A_ROW] = [8, 7, 3];

const panelOf = ({ title, queries, unit }: Panel, x: number, y: number) => ({
  type: "timeseries",
  title,
  datasource: DATASOURCE,
  gridPos: { x, y, w: WIDTH, h: HEIGHT },
  fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 5, showPoints: "never" } }, overrides: [] },
  options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
  targets: queries.map(([expr, legendFormat], i) => ({
    ...{ refId: String.fromCharCode(65 + i), datasource: DATASOURCE, expr, legendFormat },
  })),
});

/** A dashboard with its rows below each other. */
export function dashboardOf(uid: string, title: string, rows: Row[]) {
  let y = 0;
  const panels = rows.flatMap((row) => {
    const head = {
      type: "row",
      title: row.title,
      gridPos: { x: 0, y, w: 24, h: 1 },
      collapsed: false,
      panels: [],
    };
    const below = row.panels.map((panel, i) =>
      panelOf(panel, (i % IN_A_ROW) * WIDTH, y + 1 + Math.floor(i / IN_A_ROW) * HEIGHT),
    );
    y += 1 + Math.ceil(row.panels.length / IN_A_ROW) * HEIGHT;
    return [head, ...below];
  });
  return {
    uid,
    title,
    tags: ["food-delivery"],
    schemaVersion: 39,
    editable: true,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    templating: {
      list: [{ name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus", hide: 0 }],
    },
    panels: panels.map((panel, i) => ({ id: i + 1, ...panel })),
  };
}
