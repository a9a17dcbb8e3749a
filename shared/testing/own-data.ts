// Compares an export with the database: every document that names the caller is in it, whole but for the named exceptions.
import { expect } from "bun:test";
import type { Db } from "mongodb";
import type { OwnData } from "../src/accounts/export/own-data.ts";

/** A time is no secret, and may be that of something that is shown. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

type Row = Record<string, unknown>;

/** The values at a path such as `deliveries.dropoff`, removed from the value. */
function cut(value: unknown, [name = "", ...rest]: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => cut(each, [name, ...rest]));
  if (typeof value !== "object" || value === null || !(name in value)) return [];
  const row = value as Row;
  if (rest.length > 0) return cut(row[name], rest);
  const found = row[name];
  delete row[name];
  return [found];
}

const texts = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

/** `not` says which other collections name the caller, and why they are not exported. Returns how many documents it compared. */
export async function expectWholeExport(
  db: Db,
  exported: Row,
  own: readonly OwnData[],
  ids: string[],
  not: Record<string, string> = {},
): Promise<number> {
  let compared = 0;
  const text = JSON.stringify(exported);
  for (const { name } of await db.listCollections().toArray()) {
    const rows = (await db.collection(name).find().toArray()).map(
      (row) => JSON.parse(JSON.stringify(row)) as Row,
    );
    const mine = rows.filter((row) => ids.some((id) => JSON.stringify(row).includes(id)));
    if (mine.length === 0 || name in not) continue;
    const data = own.find(({ collection }) => collection === name);
    expect(`${name} ${data ? "is exported" : "names the caller and is not exported"}`).toEndWith(
      "is exported",
    );
    if (!data) continue;
    const section = exported[data.section] as Row[];
    for (const row of mine) {
      const secrets = Object.keys(data.leftOut ?? {}).flatMap((path) => cut(row, path.split(".")));
      const { _id, ...rest } = row;
      expect(section).toContainEqual({ ...(_id !== undefined && { id: _id }), ...rest });
      for (const secret of secrets.flatMap(texts).filter((one) => one.length > 16 && !ISO_TIME.test(one)))
        expect(text).not.toContain(secret);
      compared++;
    }
  }
  return compared;
}
