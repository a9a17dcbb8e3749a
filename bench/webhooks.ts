// bun bench/webhooks.ts [--endpoints 10000] [--rate 30]: messages to many webhooks, in turn without and with one endpoint that
// answers after nine seconds and has a backlog. The same process sends and receives.
import { createLog } from "@food/shared/observe/log";
import { sealedText } from "@food/shared/storage/sealed-text";
import { newId } from "@food/shared/values/id";
import { MongoClient } from "mongodb";
import { messageStore } from "../services/order/src/webhooks/messages/store.ts";
import { newMessage } from "../services/order/src/webhooks/queue-event.ts";
import { postTo, resolveHost } from "../services/order/src/webhooks/sending/post.ts";
import { startSending } from "../services/order/src/webhooks/sending/send-messages.ts";
import { endpointStore } from "../services/order/src/webhooks/store.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { within } from "./support/followers.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";

const flags = orExit(() => readFlags(Bun.argv.slice(2), { endpoints: 10_000, rate: 30 }).flags);
const ROUNDS = 4;
const ROUND_MS = 5_000;
const SLOW_MS = 9_000;
const BACKLOG = 200;

const databases = await ownDatabases();
const client = await new MongoClient(databases.mongo.url).connect();
const db = client.db("order");
const [endpoints, messages] = [endpointStore(db, await sealedText("")), messageStore(db)];
await Promise.all([endpoints.ensureIndexes(), messages.ensureIndexes()]);

const addedAt = new Map<string, number>();
let delaysMs: number[] = [];
let isSlow = false;
let slowOpen = 0;
let slowOpenMost = 0;
const receiver = Bun.serve({
  ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 60 },
  async fetch(request) {
    const id = request.headers.get("webhook-id") ?? "";
    if (!request.url.endsWith("/slow")) delaysMs.push(performance.now() - (addedAt.get(id) ?? 0));
    else if (isSlow) {
      slowOpenMost = Math.max(slowOpenMost, ++slowOpen);
      await Bun.sleep(SLOW_MS);
      slowOpen--;
    }
    return new Response(null, { status: 204 });
  },
});

const open = (path: string) => endpoints.add(newId("rst"), { url: `${receiver.url.origin}/${path}` });
const { _id: slowId } = await open("slow");
const ids: string[] = [];
while (ids.length < flags.endpoints - 1)
  ids.push(...(await Promise.all(Array.from({ length: 50 }, () => open("hooks")))).map(({ _id }) => _id));

const sending = startSending({
  ...{ endpoints, messages, log: createLog("bench", "silent"), everyMs: 1_000 },
  ...{ pauseMs: () => 100, onAttempt: () => undefined, onDisabled: () => undefined },
  post: postTo({ targets: "any", timeoutMs: 10_000, resolve: resolveHost }),
});
async function queue(webhookIds: string[]) {
  const now = new Date();
  const type = "order.placed";
  const added = webhookIds.map((webhookId) =>
    newMessage(
      { _id: newId("msg"), webhookId, type, payload: "{}", orderId: newId("ord"), sequence: 1 },
      now,
    ),
  );
  for (const { _id } of added) addedAt.set(_id, performance.now());
  await messages.add(added, now);
  sending.wake();
}
const pending = () => db.collection("webhook_messages").countDocuments({ status: "pending" });

/** Delays of the messages to the others. */
async function round(withSlow: boolean): Promise<number[]> {
  isSlow = withSlow;
  if (withSlow) await queue(Array.from({ length: BACKLOG }, () => slowId));
  delaysMs = [];
  const until = performance.now() + ROUND_MS;
  let sent = 0;
  for (let at = performance.now(); at < until; at += 1_000 / flags.rate, sent++) {
    await Bun.sleep(Math.max(0, at - performance.now()));
    void queue([ids[Math.floor(Math.random() * ids.length)] ?? ""]);
  }
  if (!(await within(30_000, () => delaysMs.length >= sent))) throw new Error("Messages are missing");
  const delays = delaysMs;
  isSlow = false;
  if (!(await within(120_000, async () => (await pending()) === 0))) throw new Error("The backlog stays");
  return delays;
}

try {
  say(
    `${flags.endpoints} endpoints, ${flags.rate} messages a second to random ones; the slow one has ${BACKLOG} waiting`,
  );
  await round(false);
  const without: number[] = [];
  const withSlow: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    without.push(...(await round(false)));
    withSlow.push(...(await round(true)));
  }
  const at = (q: number) => [quantile(without, q), quantile(withSlow, q)] as const;
  const [median, p99] = [at(0.5), at(0.99)];
  say(`        until a message arrives: p50 ${median[0].toFixed(1)} ms, p99 ${p99[0].toFixed(1)} ms`);
  say(`        with a slow endpoint:    p50 ${median[1].toFixed(1)} ms, p99 ${p99[1].toFixed(1)} ms`);
  atMost("requests at once to the slow endpoint", slowOpenMost, 2, "");
  atMost("p50 with the slow endpoint", median[1] / median[0], 1.2, "times");
  atMost("p99 with the slow endpoint", p99[1] / p99[0], 1.5, "times");
} finally {
  await sending.stop();
  await receiver.stop(true);
  await client.close();
  await databases.stop();
}
conclude();
