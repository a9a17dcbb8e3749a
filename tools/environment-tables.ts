// bun run docs: writes the environment tables of the documents, between two marks, from the config schemas.
import { join } from "node:path";
import { Config as customer } from "@food/customer/config";
import { Config as delivery } from "@food/delivery/config";
import { Config as order } from "@food/order/config";
import { Config as restaurant } from "@food/restaurant/config";
import { orExit, readFlags } from "./command-line.ts";
import type { ServiceName } from "./services.ts";

const ROOT = join(import.meta.dir, "..");
const MARKED = /(<!-- environment: [^>]*-->\n)[\s\S]*?(<!-- \/environment -->)/;

interface Variable {
  description?: string;
  expects?: string;
  default?: unknown;
}

export const configs: Record<ServiceName, { properties: Record<string, Variable> }> = {
  customer,
  restaurant,
  order,
  delivery,
};

interface Row {
  name: string;
  services: ServiceName[];
  fallback: string;
  description: string;
  expects: string;
}

function fallbackOf(value: unknown): string {
  if (value === undefined) return "required";
  return value === "" ? "none" : `\`${value}\``;
}

function rowsOf(chosen: ServiceName[]): Row[] {
  const rows = new Map<string, Row>();
  for (const service of chosen)
    for (const [name, property] of Object.entries(configs[service].properties)) {
      const { description = "", expects = "", default: value } = property;
      const row = { name, services: [], fallback: fallbackOf(value), description, expects };
      rows.set(name, rows.get(name) ?? row);
      rows.get(name)?.services.push(service);
    }
  return [...rows.values()];
}

function table(cells: string[][]): string {
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

const serviceTable = (service: ServiceName) =>
  table([
    ["variable", "default", ""],
    ...rowsOf([service]).map(({ name, fallback, description }) => [`\`${name}\``, fallback, description]),
  ]);

function wholeTable(): string {
  const all = Object.keys(configs) as ServiceName[];
  return table([
    ["variable", "read by", "default", "", "expects"],
    ...rowsOf(all).map(({ name, services, fallback, description, expects }) => {
      const readers = services.length === all.length ? "all" : services.join(", ");
      return [`\`${name}\``, readers, fallback, description, expects];
    }),
  ]);
}

/** The table of each document. */
export const tables: Record<string, () => string> = {
  ...Object.fromEntries(
    (Object.keys(configs) as ServiceName[]).map((service) => [
      `services/${service}/README.md`,
      () => serviceTable(service),
    ]),
  ),
  "docs/operate/configure.md": wholeTable,
};

/** The document with a new table. Throws when it has no marks. */
export function withTable(text: string, fresh: string): string {
  if (!MARKED.test(text))
    throw new Error("No marks found: add <!-- environment: … --> and <!-- /environment -->");
  return text.replace(MARKED, (_, begin, end) => `${begin}\n${fresh}\n\n${end}`);
}

if (import.meta.main) {
  orExit(() => readFlags(Bun.argv.slice(2), {}));
  for (const [path, make] of Object.entries(tables)) {
    const file = Bun.file(join(ROOT, path));
    await Bun.write(file, withTable(await file.text(), make()));
  }
}
