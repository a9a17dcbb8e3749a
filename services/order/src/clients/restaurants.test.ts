import { expect, test } from "bun:test";
import type { ServiceClient } from "@food/shared/http/service-client";
import { newId } from "@food/shared/values/id";
import { releaseStockAt } from "./restaurants.ts";

const releaseAnswered = (status: number) => {
  const send: ServiceClient["send"] = async () => new Response(null, { status });
  return releaseStockAt({ send } as ServiceClient)(newId("rst"), newId("ord"));
};

test.each([204, 404])(
  "a release of stock that is answered %d is done: a deleted restaurant has none",
  async (status) => {
    await releaseAnswered(status);
  },
);

test.each([401, 409, 500, 503])("a release of stock that is answered %d is repeated", async (status) => {
  await expect(releaseAnswered(status)).rejects.toThrow(String(status));
});
