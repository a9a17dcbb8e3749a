import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { openEmulator, plain } from "./emulator.builder.ts";
import { type Document, decode, encode } from "./values.ts";
import { RequestReader } from "./wire.ts";

const section = (kind: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(kind), bytes]);

function sequence(name: string, documents: Document[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(encode)]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(content.length + 4);
  return section(1, Buffer.concat([size, content]));
}

function message(id: number, flags: number, ...sections: Buffer[]): Buffer {
  const header = Buffer.alloc(20);
  const checksum = Buffer.alloc(flags & 1 ? 4 : 0);
  header.writeInt32LE(20 + sections.reduce((sum, { length }) => sum + length, 0) + checksum.length, 0);
  header.writeInt32LE(id, 4);
  header.writeInt32LE(2013, 12);
  header.writeUInt32LE(flags, 16);
  return Buffer.concat([header, ...sections, checksum]);
}

const insert = (flags: number): Buffer =>
  message(
    7,
    flags,
    sequence("documents", [{ _id: 1 }, { _id: 2 }]),
    section(0, encode({ insert: "wired", $db: "test" })),
  );

describe("the request reader", () => {
  test("puts a request together from single bytes", () => {
    const reader = new RequestReader();
    const requests = [...insert(0), ...insert(2)].flatMap((byte) => [...reader.push(Uint8Array.of(byte))]);
    expect(requests.map(({ isSilent }) => isSilent)).toEqual([false, true]);
    expect(plain(requests[0]?.body ?? {})).toEqual({
      insert: "wired",
      $db: "test",
      documents: [{ _id: 1 }, { _id: 2 }],
    });
  });

  test("leaves a checksum aside", () => {
    const [request] = new RequestReader().push(insert(1));
    expect(request?.body.documents).toHaveLength(2);
  });

  test("refuses what is not the protocol", () => {
    expect(() => [...new RequestReader().push(Buffer.from("GET / HTTP/1.1\r\n\r\n"))]).toThrow(
      "bad message length",
    );
    expect(() => [...new RequestReader().push(insert(1 << 5))]).toThrow("unknown required OP_MSG flags");
  });
});

describe("a raw connection", () => {
  let emulator: Awaited<ReturnType<typeof openEmulator>>;
  beforeAll(async () => {
    emulator = await openEmulator();
  });
  afterAll(() => emulator.close());

  /** Sends and reads until `count` replies are there. */
  function exchange(bytes: Buffer, count: number): Promise<{ responseTo: number; body: Document }[]> {
    return new Promise((resolve, reject) => {
      const socket = connect(emulator.port, "127.0.0.1", () => socket.write(bytes));
      const replies: { responseTo: number; body: Document }[] = [];
      let pending = Buffer.alloc(0);
      socket.on("error", reject).on("close", () => resolve(replies));
      socket.on("data", (chunk: Buffer) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
          const length = pending.readInt32LE(0);
          replies.push({ responseTo: pending.readInt32LE(8), body: decode(pending.subarray(21, length)) });
          pending = pending.subarray(length);
        }
        if (replies.length === count) socket.destroy();
      });
    });
  }

  test("answers each request in order, and a moreToCome one not at all", async () => {
    const count = (id: number): Buffer =>
      message(id, 0, section(0, encode({ distinct: "wired", key: "_id", $db: "test" })));
    const replies = await exchange(Buffer.concat([count(1), insert(2), count(2), insert(0)]), 3);
    expect(replies.map(({ responseTo }) => responseTo)).toEqual([1, 2, 7]);
    expect(replies.map(({ body }) => plain(body).values ?? plain(body).n)).toEqual([[], [1, 2], 0]);
    expect(replies[2]?.body.writeErrors[0].code.value).toBe(11000);
  });

  test("receives a reply larger than a socket takes at once", async () => {
    const large = emulator.db.collection("replies");
    await large.insertMany(Array.from({ length: 12 }, () => ({ text: "x".repeat(1_000_000) })));
    const ask = message(1, 0, section(0, encode({ find: "replies", $db: "test" })));
    const replies = await exchange(Buffer.concat([ask, ask, ask]), 3);
    expect(replies.map(({ body }) => body.cursor.firstBatch.length)).toEqual([12, 12, 12]);
  });
});
