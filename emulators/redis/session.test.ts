import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { onEveryRedis, until } from "./every-redis.builder.ts";

/** Sends raw bytes in the given pieces and collects what comes back until it is as long as expected. */
async function exchange(port: number, pieces: string[], expectedLength: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  const done = new Promise<void>((resolve, reject) => {
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.length >= expectedLength) resolve();
    });
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, "latin1", resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  socket.destroy();
  return answer;
}

onEveryRedis((subject) => {
  describe("publish and subscribe", () => {
    for (const protocol of [2, 3] as const) {
      test(`reaches other connections with RESP${protocol}`, async () => {
        const redis = subject.redis();
        const subscriber = subject.client({ protocol });
        const received: string[][] = [];
        subscriber.on("message", (...message: string[]) => received.push(message));
        expect(await subscriber.subscribe("orders", "menus")).toBe(2);
        expect(await redis.publish("orders", "ready")).toBe(1);
        expect(await redis.pubsub("CHANNELS", "ord*")).toEqual(["orders"]);
        expect(await redis.pubsub("NUMSUB", "menus", "none")).toEqual(["menus", 1, "none", 0]);
        expect(await redis.publish("nobody", "ready")).toBe(0);
        await until(() => received.length === 1);
        expect(received).toEqual([["orders", "ready"]]);
        expect(await subscriber.unsubscribe("orders")).toBe(1);
        await subscriber.unsubscribe();
        expect(await redis.publish("orders", "later")).toBe(0);
        expect(await subscriber.ping()).toBe("PONG");
      });
    }
  });

  describe("the wire", () => {
    const [ping, pong] = ["*1\r\n$4\r\nPING\r\n", "+PONG\r\n"];

    test("answers pipelined commands in order, however they are cut", async () => {
      const stream = `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\n\r\n\r\n\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n${ping}`;
      const answer = `+OK\r\n$4\r\n\r\n\r\n\r\n${pong}`;
      expect(await exchange(subject.port(), [stream], answer.length)).toBe(answer);
      expect(await exchange(subject.port(), [...stream], answer.length)).toBe(answer);
    });

    test("takes inline commands", async () => {
      expect(await exchange(subject.port(), ["PING\r\nPING hi\r\n"], 15)).toBe(`${pong}$2\r\nhi\r\n`);
    });

    test("closes a connection that does not speak its protocol", async () => {
      const answer = await exchange(subject.port(), ["*1\r\n:1\r\n"], 1000);
      expect(answer).toBe("-ERR Protocol error: expected '$', got ':'\r\n");
    });

    test("HELLO 3 switches to the types of RESP3", async () => {
      const redis = subject.redis();
      await redis.zadd("z", 1.5, "m");
      const commands = "ZSCORE z m\r\nZRANGE z 0 -1 WITHSCORES\r\nGET none\r\n";
      const resp2 = "$3\r\n1.5\r\n*2\r\n$1\r\nm\r\n$3\r\n1.5\r\n$-1\r\n";
      expect(await exchange(subject.port(), [commands], resp2.length)).toBe(resp2);
      const resp3 = ",1.5\r\n*1\r\n*2\r\n$1\r\nm\r\n,1.5\r\n_\r\n";
      const answer = await exchange(subject.port(), [`HELLO 3\r\n${commands}`], 1);
      expect(answer).toStartWith("%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n");
      expect(answer).toEndWith(resp3);
    });

    test("two thousand commands at once", async () => {
      const redis = subject.redis();
      const results = await Promise.all(
        Array.from({ length: 2000 }, (_, index) => redis.set(`k${index}`, `${index}`)),
      );
      expect(new Set(results)).toEqual(new Set(["OK"]));
      expect(await redis.get("k1999")).toBe("1999");
    });
  });
});
