// The kitchens of the demo: each looks at its open orders and takes the next step of those that are due.
import type { Order } from "@food/shared/contracts/order";
import type { Page } from "@food/shared/values/page";
import type { Town } from "../seed.ts";
import { between, type Pace } from "./pace.ts";

type Restaurant = Town["restaurants"][number];

const LOOK_EVERY_SECONDS = 20;
const NOTICE_SECONDS = { least: 10, most: 60 };
const COOKING_MINUTES = { least: 6, most: 16 };
const TOO_BUSY_SHARE = 0.02;

/** A number from 0 to 1 for each order, so that a kitchen needs to remember nothing. */
const chanceOf = (orderId: string, what: string) => Bun.hash.crc32(`${what}${orderId}`) / 2 ** 32;

/** What the cook does with an order now. Undefined: nothing yet. */
export function nextStep(
  { orderId, status, placedAt }: Pick<Order, "orderId" | "status" | "placedAt">,
  speed: number,
  now: number,
): { action: string; body?: object } | undefined {
  const share = ({ least, most }: { least: number; most: number }, what: string) =>
    least + chanceOf(orderId, what) * (most - least);
  const cookingMinutes = share(COOKING_MINUTES, "cooking") / speed;
  const noticedAt = Date.parse(placedAt) + (share(NOTICE_SECONDS, "notice") * 1000) / speed;
  const readyAt = noticedAt + cookingMinutes * 60_000;
  if (now < noticedAt) return undefined;
  if (status === "pending" && chanceOf(orderId, "busy") < TOO_BUSY_SHARE)
    return { action: "reject", body: { reason: "too_busy" } };
  if (status === "pending")
    return { action: "accept", body: { prepMinutes: Math.max(1, Math.round(cookingMinutes)) } };
  if (status === "accepted" && now > (noticedAt + readyAt) / 2) return { action: "prepare" };
  if (status === "preparing" && now > readyAt) return { action: "ready" };
  return undefined;
}

async function look({ session }: Restaurant, { speed }: Pace): Promise<void> {
  const page = await session.send<Page<Order>>({ method: "GET", path: "/v1/orders?open=true&limit=100" });
  for (const order of page.ok ? page.body.items : []) {
    const step = nextStep(order, speed, Date.now());
    if (!step) continue;
    const path = `/v1/orders/${order.orderId}/${step.action}`;
    await session.send({ method: "POST", path, expected: [409], ...(step.body && { body: step.body }) });
  }
}

export async function liveAsKitchens({ restaurants }: Town, pace: Pace): Promise<void> {
  await Promise.all(
    restaurants.map(async (restaurant) => {
      while (await pace.sleep(between(0.5, 1.5) * LOOK_EVERY_SECONDS)) await look(restaurant, pace);
    }),
  );
}
