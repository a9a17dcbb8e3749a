// How much the queries of a test read, as MongoDB explains them.
import type { Db, Document } from "mongodb";
import { connectMongo } from "../src/storage/mongo.ts";
import { silentLog } from "./running-app.ts";
import { cleanUp } from "./service.ts";
import { freshMongoUrl } from "./tools.ts";

/** The number of documents that a query looked at, and that it answered. */
export interface Examined {
  collection: string;
  examined: number;
  returned: number;
}

/** A new database, and what the queries that `run` sends to it examine. */
export function examinedDatabase(name: string) {
  const url = freshMongoUrl();
  const watched = `${url}${url.includes("?") ? "&" : "?"}monitorCommands=true`;
  const { db, close } = connectMongo(watched, name, silentLog);
  cleanUp(close);
  let sent: Document[] = [];
  db.client.on("commandStarted", ({ command }) => {
    const query = queryOf((command as Document | undefined) ?? {});
    if (query) sent.push(query);
  });

  async function examinedBy(run: () => Promise<unknown>): Promise<Examined[]> {
    sent = [];
    await run();
    return Promise.all(sent.splice(0).map((query) => explain(db, query)));
  }
  return { db, examinedBy };
}

/** The `find` that reads what the command does; undefined for other commands. */
function queryOf({ find, aggregate, distinct, ...command }: Document): Document | undefined {
  const { filter, sort, limit, hint, query, pipeline } = command;
  const hinted = hint && { hint };
  if (find) return { find, filter, ...(sort && { sort }), ...(limit && { limit }), ...hinted };
  if (aggregate) return { find: aggregate, filter: pipeline[0].$match, ...hinted };
  return distinct && { find: distinct, filter: query, ...hinted };
}

async function explain(db: Db, query: Document): Promise<Examined> {
  const { executionStats } = await db.command({ explain: query, verbosity: "executionStats" });
  return {
    collection: query.find,
    examined: executionStats.totalDocsExamined,
    returned: executionStats.nReturned,
  };
}
