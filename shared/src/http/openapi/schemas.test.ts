import { expect, test } from "bun:test";
import { mendSchema } from "./schemas.ts";

const formatOf = (bounds: { minimum?: number; maximum?: number }) =>
  (mendSchema({ type: "integer", ...bounds }) as { format?: string }).format;

test("an integer whose bounds fit into 32 bits is an int32, and any other an int64", () => {
  expect(formatOf({ minimum: 0, maximum: 2 ** 31 - 1 })).toBe("int32");
  expect(formatOf({ minimum: -(2 ** 31), maximum: 0 })).toBe("int32");
  expect(formatOf({ minimum: 0, maximum: 2 ** 31 })).toBe("int64");
  expect(formatOf({ minimum: -(2 ** 31) - 1, maximum: 0 })).toBe("int64");
  expect(formatOf({ minimum: 0 })).toBe("int64");
  expect(formatOf({})).toBe("int64");
});
