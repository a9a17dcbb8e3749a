// One JSON document of everything that a service stores of the caller. It is streamed, so that its size costs no memory. When
// the database fails on the way the connection breaks: a document that ends is whole.
import type { Db } from "mongodb";
import { accountIdOf, type Caller } from "../../auth/tokens.ts";
import type { OwnData } from "./own-data.ts";

export interface Elsewhere {
  what: string;
  where: string;
}

const BATCH = 100;

const rowsOf = (db: Db, { collection, by, of, leftOut = {} }: OwnData, caller: Caller) =>
  db
    .collection(collection)
    .find({ [by]: of === "account" ? accountIdOf(caller) : caller.id })
    .project(Object.fromEntries(Object.keys(leftOut).map((path) => [path, 0])))
    .batchSize(BATCH);

async function* chunks(db: Db, caller: Caller, own: readonly OwnData[], elsewhere: Elsewhere[]) {
  yield `{"exportedAt":${JSON.stringify(new Date())},"elsewhere":${JSON.stringify(elsewhere)}`;
  for (const data of own) {
    yield `,${JSON.stringify(data.section)}:[`;
    let isFirst = true;
    for await (const { _id, ...row } of rowsOf(db, data, caller)) {
      yield (isFirst ? "" : ",") + JSON.stringify({ ...(_id !== undefined && { id: _id }), ...row });
      isFirst = false;
    }
    yield "]";
  }
  yield "}";
}

export function exportOf(
  db: Db,
  caller: Caller,
  own: readonly OwnData[],
  elsewhere: Elsewhere[],
): ReadableStream<Uint8Array> {
  const parts = chunks(db, caller, own, elsewhere);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await parts.return()),
  });
}
