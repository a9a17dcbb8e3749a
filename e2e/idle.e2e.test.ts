import { expect, test } from "bun:test";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { tapMongo } from "./mongo-tap.ts";
import { openPlatform, SERVICES, type ServiceName } from "./platform.ts";

/** The order service looks for regions with waiting orders every two seconds. That is the clock, on a slow machine, too. */
const CLOCK = "distinct orders";
const LOOKS = 8;
const PER_LOOK_MAX: Record<ServiceName, number> = { customer: 4, restaurant: 4, order: 10, delivery: 4 };

describeWithDatabases("an idle platform", () => {
  test("sends MongoDB one or two commands a second from a process, and the order service up to five", async () => {
    const platform = await openPlatform({ proxied: true });
    try {
      const sent: Record<ServiceName, string[]> = { customer: [], restaurant: [], order: [], delivery: [] };
      for (const service of SERVICES)
        tapMongo(platform.first[service].proxies.mongo, {
          command(body) {
            const [name = ""] = Object.keys(body);
            const sentence = `${name} ${body[name]}`;
            // Popular menus of other tests, which the shared Redis names, are read again.
            if (!/^find (restaurants|dishes)$/.test(sentence)) sent[service].push(sentence);
            return undefined;
          },
        });
      await eventually(async () => sent.order.filter((command) => command === CLOCK).length >= LOOKS);
      for (const service of SERVICES)
        if (sent[service].length === 0 || sent[service].length > LOOKS * PER_LOOK_MAX[service])
          expect.unreachable(`${service}: ${sent[service].length} commands, ${sent[service].join(", ")}`);
    } finally {
      await platform.stop();
    }
  });
});
