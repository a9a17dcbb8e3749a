import { expect, test } from "bun:test";
import { compressed } from "./compressed.ts";

const TEXT = "a body ".repeat(1_000);
const asking = (accepted: string) =>
  new Request("http://localhost", { headers: { "accept-encoding": accepted } });

test.each([
  ["gzip, deflate, br, zstd", "zstd"],
  ["zstd;q=0, gzip", "gzip"],
  ["gzip; q=0.5", "gzip"],
  ["br", undefined],
  ["xgzip", undefined],
  ["gzip;q=0", undefined],
  ["", undefined],
])("a caller who accepts %p gets %p", async (accepted, expected) => {
  const { body, encoding } = await compressed(async () => Buffer.from(TEXT))(asking(accepted));
  expect(encoding).toBe(expected as typeof encoding);
  const plain = { zstd: Bun.zstdDecompressSync, gzip: Bun.gunzipSync };
  const text = encoding ? plain[encoding](body as Uint8Array<ArrayBuffer>) : body;
  expect(Buffer.from(text).toString()).toBe(TEXT);
  if (encoding) expect(body.length).toBeLessThan(TEXT.length / 10);
});

test("callers at once and later share one compression", async () => {
  let reads = 0;
  const find = compressed(async () => {
    reads += 1;
    return Buffer.from(TEXT);
  });
  const answers = await Promise.all([find(asking("zstd")), find(asking("zstd"))]);
  answers.push(await find(asking("zstd")));
  expect(reads).toBe(1);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
});
