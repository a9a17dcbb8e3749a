import { describe, expect, test } from "bun:test";
import { DELIVERY_STATUSES } from "@food/shared/contracts/delivery";
import { before, canBecome, isLive } from "./status.ts";

const ALLOWED = [
  "assigned picked_up",
  "assigned delivered",
  "assigned failed",
  "assigned released",
  "picked_up delivered",
  "picked_up failed",
];

describe("canBecome", () => {
  test("allows every step forward and forbids every other pair", () => {
    const found = DELIVERY_STATUSES.flatMap((from) =>
      DELIVERY_STATUSES.filter((to) => canBecome(from, to)).map((to) => `${from} ${to}`),
    );
    expect(found.sort()).toEqual(ALLOWED.sort());
  });
});

describe("isLive", () => {
  test("is true while the courier has the delivery", () => {
    expect(DELIVERY_STATUSES.filter(isLive)).toEqual(["assigned", "picked_up"]);
  });
});

describe("before", () => {
  test("returns the statuses that can lead to a status", () => {
    expect(before("delivered")).toEqual(["assigned", "picked_up"]);
    expect(before("released")).toEqual(["assigned"]);
    expect(before("assigned")).toEqual([]);
  });
});
