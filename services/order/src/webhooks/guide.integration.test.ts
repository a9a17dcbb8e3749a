// docs/webhooks.md, run as written.
import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { freePort } from "../../../../tools/free-port.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aQuote } from "../orders/order.builder.ts";
import { EVENT_EXAMPLE, ORDER_EVENTS } from "./schema.ts";
import { pauseMs } from "./sending/schedule.ts";
import { ENDPOINTS_MAX } from "./store.ts";
import { newRestaurant } from "./webhooks.builder.ts";

const guide = await Bun.file(join(import.meta.dir, "../../../../docs/webhooks.md")).text();
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code = ""]) => code);

test("names every event, the schedule and the limits", () => {
  for (const event of ORDER_EVENTS) expect(guide).toContain(`\`order.${event}\``);
  const pauses = Array.from({ length: 9 }, (_, i) => (pauseMs(i + 1, () => 0.5) ?? 0) / 1_000);
  const texts = pauses.map((s) => (s < 60 ? `${s} s` : s < 3_600 ? `${s / 60} min` : `${s / 3_600} h`));
  expect(guide.replace(/\s+/g, " ")).toContain(`${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`);
  expect(pauseMs(10)).toBeUndefined();
  expect(guide).toContain(`at most ${ENDPOINTS_MAX} webhooks`);
  const [example = ""] = blocks("json");
  expect(JSON.parse(example)).toEqual(EVENT_EXAMPLE);
});

describeWithDatabases("the guide to webhooks", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService({ webhooks: { everyMs: 50 } });
    service.answers.quote = ({ restaurantId }) => Response.json(aQuote({ restaurantId }));
  });

  test.skipIf(!Bun.which("curl"))("subscribes, receives, replays and replaces the secret", async () => {
    const mine = newRestaurant(service);
    const port = String(freePort());
    const env: Record<string, string> = {
      ...{ PATH: process.env.PATH ?? "", TOKEN: await mine.token, ORDER_URL: service.url },
      HOOK_URL: `http://127.0.0.1:${port}/`,
    };
    async function run(code = ""): Promise<string> {
      const child = Bun.spawn(["sh", "-ec", code], { env, stderr: "pipe" });
      const output = await new Response(child.stdout).text();
      expect([output, await child.exited]).toEqual([output, 0]);
      return output;
    }
    const [subscribe, operate, replaceSecret] = blocks("sh");
    const { webhookId, secret } = JSON.parse(await run(subscribe));

    const [receive = ""] = blocks("ts");
    const receiver = Bun.spawn([process.execPath, "-e", receive], {
      cwd: join(import.meta.dir, "../.."),
      env: { PATH: env.PATH, PORT: port, WEBHOOK_SECRET: secret },
    });
    cleanUp(() => receiver.kill());
    let printed = "";
    void (async () => {
      for await (const chunk of receiver.stdout) printed += Buffer.from(chunk).toString();
    })();
    await eventually(async () => (await fetch(env.HOOK_URL ?? "").catch(() => undefined))?.status === 400);

    const { orderId } = (await service.place({ restaurantId: mine.id })).body;
    await eventually(async () => printed.includes(orderId));
    expect(JSON.parse(printed)).toMatchObject({ type: "order.placed", data: { orderId, sequence: 1 } });
    const sent = await eventually(async () => {
      const [first] = await mine.log(webhookId);
      return first?.status === "succeeded" && first;
    });
    Object.assign(env, { WEBHOOK_ID: webhookId, MESSAGE_ID: sent.messageId });
    await run(operate);
    await run(replaceSecret);
    await run(operate?.split("\n")[0]);
    await eventually(async () => printed.split("webhook.ping").length === 3);
    // The replay had the same id.
    await eventually(async () => (await mine.log(webhookId)).every(({ status }) => status === "succeeded"));
    expect((await mine.log(webhookId)).find(({ orderId }) => orderId)?.attempts).toBe(2);
    expect(printed.split("order.placed")).toHaveLength(2);
  });
});
