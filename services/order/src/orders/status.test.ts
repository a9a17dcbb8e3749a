import { describe, expect, test } from "bun:test";
import { ORDER_ACTIONS, ORDER_STATUSES } from "@food/shared/contracts/order";
import { type ActorRole, allowedActions, findMove, isBeforePickup, isFinal } from "./status.ts";

const ROLES: ActorRole[] = ["customer", "restaurant", "courier", "operator", "system"];

/** The contract's table, written by hand: status, action, role, next status. */
const ALLOWED = [
  "pending accept restaurant accepted",
  "pending reject restaurant rejected",
  "pending prepare restaurant preparing",
  "pending cancel customer cancelled",
  "pending cancel system cancelled",
  "accepted prepare restaurant preparing",
  "accepted ready restaurant ready",
  "accepted cancel customer cancelled",
  "accepted cancel restaurant cancelled",
  "accepted cancel system cancelled",
  "preparing ready restaurant ready",
  "preparing cancel restaurant cancelled",
  "preparing cancel system cancelled",
  "ready pickup courier out_for_delivery",
  "ready cancel restaurant cancelled",
  "ready cancel system cancelled",
  "out_for_delivery deliver courier delivered",
  "out_for_delivery fail courier delivery_failed",
  "pending cancel operator cancelled",
  "accepted cancel operator cancelled",
  "preparing cancel operator cancelled",
  "ready cancel operator cancelled",
  "out_for_delivery cancel operator delivery_failed",
  "out_for_delivery complete operator delivered",
];

describe("findMove", () => {
  const found: string[] = [];
  for (const status of ORDER_STATUSES)
    for (const action of ORDER_ACTIONS)
      for (const role of ROLES) {
        const move = findMove(status, action, role);
        if (move) found.push(`${status} ${action} ${role} ${move.to}`);
      }

  test("allows every move of the contract", () => {
    for (const move of ALLOWED) expect(found).toContain(move);
  });

  test("forbids every other combination of status, action and role", () => {
    expect(found.filter((move) => !ALLOWED.includes(move))).toEqual([]);
  });
});

describe("isFinal", () => {
  test("is true for the four final statuses only", () => {
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(["delivered", "rejected", "cancelled", "delivery_failed"]);
  });
});

describe("isBeforePickup", () => {
  test("is true while an order may get or lose a courier", () => {
    expect(ORDER_STATUSES.filter(isBeforePickup)).toEqual(["pending", "accepted", "preparing", "ready"]);
  });
});

describe("allowedActions", () => {
  test("lets a customer cancel an accepted order", () => {
    expect(allowedActions("accepted", "customer")).toEqual(["cancel"]);
  });

  test("gives a customer no action after the kitchen has begun", () => {
    expect(allowedActions("preparing", "customer")).toEqual([]);
  });

  test("lets an assigned courier decline until the pickup", () => {
    expect(allowedActions("preparing", "courier")).toEqual(["decline"]);
    expect(allowedActions("ready", "courier")).toEqual(["pickup", "decline"]);
    expect(allowedActions("out_for_delivery", "courier")).toEqual(["deliver", "fail"]);
  });
});
