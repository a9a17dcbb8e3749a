// The customer service's key is replaced in the three steps of docs/operate/upgrade.md, one replica after the other.
import { beforeAll, expect, test } from "bun:test";
import { readSigningKeys, tokenSigner } from "@food/shared/auth/tokens";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { call } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import { nextKeys } from "../tools/launcher/signing-key.ts";
import { type Eater, newCustomer } from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;

describeWithDatabases("a key rotation of the customer service", () => {
  let platform: Platform;
  let customer: Eater;
  beforeAll(async () => {
    platform = await startPlatform({ replicas: { customer: 2 } });
    customer = await newCustomer(platform);
  }, TEST_MS);

  const askOrder = (token: string) =>
    call(platform.urls.order, `GET /v1/orders/${newId("ord")}/status`, { token });

  /** A token of this customer, signed by the first key of a set. */
  async function tokenBy(keys: string): Promise<string> {
    const sign = tokenSigner("customer", await readSigningKeys(keys));
    return sign({
      ...{ subject: customer.id, role: "customer", ttlSeconds: 300 },
      audience: ["customer", "order"],
    });
  }

  async function restartWith(signingKey: string): Promise<void> {
    for (const replica of platform.replicas.customer) {
      const { targets } = platform.balancers.customer;
      platform.balancers.customer.targets = targets.filter((one) => one !== new URL(replica.url).host);
      await replica.kill("SIGTERM");
      await replica.start({ SIGNING_KEY: signingKey });
    }
  }

  test(
    "refuses no token of the old or the new key in any step, and the old one at the end",
    async () => {
      const old = platform.signingKeys.customer;
      const added = await nextKeys("add", old);
      const switched = await nextKeys("switch", added);
      const dropped = await nextKeys("drop", switched);
      const valid = [await tokenBy(old)];
      const refused: string[] = [];
      let asked = 0;
      let step = "before";
      let isOver = false;
      const load = [1, 2, 3].map(async () => {
        while (!isOver)
          for (const token of valid) {
            const own = await call(platform.urls.customer, "GET /v1/customers/me", { token }).catch(
              () => undefined,
            );
            const order = await askOrder(token);
            asked += 2;
            if (own?.status === 401) refused.push(`customer, ${step}`);
            if (order.status === 401) refused.push(`order, ${step}`);
          }
      });

      step = "added";
      await restartWith(added);
      // The operator waits until the others have fetched the next key. A token of the next key shows when they have.
      const next = await tokenBy(switched);
      await eventually(async () => (await askOrder(next)).status === 404);
      valid.push(next);
      step = "switched";
      await restartWith(switched);
      valid.push((await newCustomer(platform)).token);
      // The operator waits until no token of the old key is left.
      valid.shift();
      step = "dropped";
      await restartWith(dropped);
      valid.push((await newCustomer(platform)).token);
      const before = asked;
      await eventually(async () => asked > before + 20);
      isOver = true;
      await Promise.all(load);

      expect(refused).toEqual([]);
      const late = await call(platform.urls.customer, "GET /v1/customers/me", { token: await tokenBy(old) });
      expect(late.status).toBe(401);
    },
    TEST_MS,
  );
});
