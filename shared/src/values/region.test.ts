import { afterEach, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { derivedId, idSchema, newId, plainId } from "./id.ts";
import { regionField, requireOwnId, requireOwnRegion, useRegion } from "./region.ts";

afterEach(() => useRegion(""));
const codeOf = (run: () => void) => {
  try {
    run();
    return undefined;
  } catch (error) {
    const { status, code, extras } = error as { status: number; code: string; extras: object };
    return { status, code, extras };
  }
};

test("without a region ids name none, and those of every region are accepted", () => {
  expect(newId("thg")).toMatch(/^thg_[0-9a-z]{26}$/);
  expect(regionField()).toEqual({});
  expect(codeOf(() => requireOwnId(`thg_ber_${"0".repeat(26)}`))).toBeUndefined();
  expect(codeOf(() => requireOwnRegion("ber"))).toBeUndefined();
});

test("with a region new ids name it, match their schema, and sort by time after those without one", () => {
  const now = Date.now();
  const older = newId("thg", now);
  useRegion("ber");
  const ids = [newId("thg", now - 1), newId("thg", now), derivedId("thg", "text", new Date(now + 1))];
  for (const id of ids) {
    expect(id).toMatch(/^thg_ber_[0-9a-z]{26}$/);
    expect(Value.Check(idSchema("thg", "A thing"), id)).toBe(true);
  }
  expect([older, ...ids].sort()).toEqual([older, ...ids]);
  expect(older > plainId("thg", new Date(now)) && older < plainId("thg", new Date(now + 1))).toBe(true);
  for (const wrong of ["thg_Ber_", "thg_1er_", "thg_toolongname_", "thg__", "thg_ber_ber_"])
    expect(Value.Check(idSchema("thg", "A thing"), `${wrong}${"0".repeat(26)}`)).toBe(false);
});

test("an id of another region is a 404 that names this one; an id of this region or of none is accepted", () => {
  const [old, body] = [newId("thg"), "0".repeat(26)];
  useRegion("ber");
  const refusal = { status: 404, code: "WRONG_REGION", extras: { region: "ber" } };
  expect(codeOf(() => requireOwnId(`thg_mun_${body}`))).toEqual(refusal);
  for (const id of [old, `thg_ber_${body}`, "me", "thg_mun", `thg_mun_${body}x`])
    expect(codeOf(() => requireOwnId(id))).toBeUndefined();
});

test("a claim of another region is a 401 that names this one; this region or none is accepted", () => {
  useRegion("ber");
  const refusal = { status: 401, code: "WRONG_REGION", extras: { region: "ber" } };
  expect(codeOf(() => requireOwnRegion("mun"))).toEqual(refusal);
  for (const claim of [undefined, "", "ber", 7])
    expect(codeOf(() => requireOwnRegion(claim))).toBeUndefined();
});
