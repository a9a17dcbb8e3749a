// Writes what is derived: the alerts for the Prometheus operator, and the dashboards. `bun run docs` runs it.
import { join } from "node:path";
import { dashboards } from "./dashboards.ts";

export const FOLDER = join(import.meta.dir, "../../k8s/components/monitoring");

const HEAD = `# The alerts of rules.yaml for the Prometheus operator. \`bun run docs\` writes it.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: food-delivery
spec:
`;

/** The derived files, by their path in the folder. */
export async function derivedFiles(): Promise<Record<string, string>> {
  const rules = await Bun.file(join(FOLDER, "rules.yaml")).text();
  const groups = rules.slice(rules.indexOf("groups:"));
  const indented = groups.replace(/^(?=.)/gm, "  ");
  return {
    "prometheus-rule.yaml": HEAD + indented,
    ...Object.fromEntries(
      Object.entries(dashboards()).map(([name, dashboard]) => [
        `dashboards/${name}.json`,
        `${JSON.stringify(dashboard, null, 1)}\n`,
      ]),
    ),
  };
}

if (import.meta.main)
  for (const [path, text] of Object.entries(await derivedFiles())) await Bun.write(join(FOLDER, path), text);
