import { Elysia } from "elysia";
import type { Db } from "mongodb";
import { withCaller } from "../../auth/guard.ts";
import type { Caller } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { type Elsewhere, exportOf } from "./export.ts";
import type { OwnData } from "./own-data.ts";
import { Export } from "./schema.ts";

export interface ExportDeps {
  db: Db;
  plural: string;
  ownData: (caller: Caller) => readonly OwnData[];
  /** What other services store, and where to ask for it. */
  elsewhere: Elsewhere[];
}

export const exportRoutes = ({ db, plural, ownData, elsewhere }: ExportDeps) =>
  new Elysia({ name: "export" }).use(withCaller()).get(
    `/v1/${plural}/me/export`,
    ({ caller }) =>
      new Response(exportOf(db, caller, ownData(caller), elsewhere), {
        headers: {
          "content-type": "application/json",
          "content-disposition": 'attachment; filename="my-data.json"',
          "cache-control": "no-store",
        },
      }),
    {
      response: { 200: Export },
      detail: detailOf("accounts")(
        "Everything that this service stores about me, as one file",
        "Without secrets, such as hashes. `elsewhere` says what other services store.",
      ),
    },
  );
