import { expect, test } from "bun:test";
import { sealedText } from "@food/shared/storage/sealed-text";
import { describeWithDatabases, eventually, freshMongoUrl } from "@food/shared/testing/service";
import { startOrderService } from "../order-service.builder.ts";
import type { Endpoint } from "./store.ts";
import { newRestaurant, type Received, startReceiver, verified } from "./webhooks.builder.ts";

const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");

describeWithDatabases("secrets of webhooks in the database", () => {
  async function start(keys: string, mongoUrl: string) {
    const service = await startOrderService({
      ...{ mongoUrl, sealed: await sealedText(keys), webhooks: { everyMs: 50 } },
    });
    const stored = async () => {
      const found = await service.base.mongo.db.collection<Endpoint>("webhooks").findOne();
      return found?.secrets.map(({ value }) => value) ?? [];
    };
    return { service, stored };
  }

  test("are encrypted, and sign messages", async () => {
    const { service, stored } = await start(key, freshMongoUrl());
    const [mine, receiver] = [newRestaurant(service), startReceiver()];
    const { webhookId, secret } = await mine.add({ url: receiver.url });
    const replaced = await mine.send<{ secret: string }>(`POST /v1/webhooks/${webhookId}/secret`);
    expect(await stored()).toEqual(Array(2).fill(expect.stringMatching(/^aes256gcm\./)));
    await mine.send(`POST /v1/webhooks/${webhookId}/test`);
    await eventually(async () => receiver.received.length === 1);
    for (const one of [secret, replaced.body.secret]) verified(one, receiver.received[0] as Received);
  });

  test("from before there was a key sign, and are encrypted with the next message", async () => {
    const mongoUrl = freshMongoUrl();
    const before = await start("", mongoUrl);
    const [mine, receiver] = [newRestaurant(before.service), startReceiver()];
    const { webhookId, secret } = await mine.add({ url: receiver.url });
    expect(await before.stored()).toEqual([secret]);
    await before.service.stopWorkers();
    const { stored } = await start(key, mongoUrl);
    await mine.send(`POST /v1/webhooks/${webhookId}/test`);
    await eventually(async () => receiver.received.length === 1);
    verified(secret, receiver.received[0] as Received);
    expect(await stored()).toEqual([expect.stringMatching(/^aes256gcm\./)]);
  });
});
