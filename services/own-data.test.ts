// The collections that the code names against the lists from which exports and deletions are made.
import { expect, test } from "bun:test";
import type { OwnData } from "@food/shared/accounts/export/own-data";
import { ownData as customer } from "./customer/src/own-data.ts";
import { ownData as delivery } from "./delivery/src/own-data.ts";
import { ownData as order } from "./order/src/own-data.ts";
import { ownDataOf } from "./restaurant/src/own-data.ts";
import { production, sourceOf } from "./source-files.builder.ts";

/** Collections that store nothing about an account. */
const NOT: Record<string, string> = {
  "sign-ups": "of somebody who has no account yet; expires within days",
  deletions: "ids only; those of people until the deletion is complete",
  orders: "of other people than operators",
  orders_archive: "of other people than operators",
  open_orders: "ids of orders, by restaurant and by a digest of the address, which is deleted after a month",
  kitchens: "how late restaurants are",
  regions: "which orders wait where",
  words: "the words of menus, for searches",
  webhooks: "of a restaurant, whose export names where they are",
  webhook_messages: "events of orders for a restaurant, without personal data; deleted after 30 days",
  webhook_slots: "ids and times",
};

test.each<[string, readonly OwnData[]]>([
  ["customer", customer],
  ["delivery", delivery],
  ["order", order],
  ["restaurant", ownDataOf({})],
])("each collection of the %s service is exported, or the reason why not is here", (service, own) => {
  const named = production
    .filter((path) => path.startsWith("shared/src/accounts/") || path.startsWith(`services/${service}/`))
    .flatMap((path) => [...sourceOf(path).matchAll(/\.collection(?:<[^(]*>)?\(\s*"([^"]+)"/g)])
    .map(([, name = ""]) => name);
  const listed = [...own.map(({ collection }) => collection), ...Object.keys(NOT)];
  expect(named.length).toBeGreaterThan(5);
  expect([...new Set(named)].filter((name) => !listed.includes(name))).toEqual([]);
});
