// Sixty-four concurrent calls for one order, and for one courier: the number of winners, the latency of the other answers,
// and the number of Redis commands.
import { places, type Stage, somewhere } from "./dispatch-stage.ts";
import { atMost, quantile } from "./report.ts";

const AT_ONCE = 64;
const ROUNDS = 50;

async function lockCommandsSince(stage: Stage, before: number): Promise<number> {
  const commands = (await stage.lockCommands()) - before;
  if (commands === 0) throw new Error("No command of a lock was counted: another command locks now");
  return commands;
}

export async function raceForOneOrder(stage: Stage) {
  let commandsBefore = 0;
  const late: number[] = [];
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const couriers = await stage.addCouriers(places(3, 2_000));
    await stage.couriers.updateMany({ _id: { $in: couriers } }, { $set: { available: true } });
    const [order] = await stage.addOrders([somewhere(1)]);
    if (!order) return;
    await stage.orders.updateOne({ _id: order._id }, { $set: { awaitingCourier: false } });
    if (round === 1) commandsBefore = await stage.lockCommands();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => stage.assign(order, couriers[i % couriers.length] ?? "")),
    );
    if (round === 0) continue;
    late.push(
      ...answers
        .map(({ tookMs }) => tookMs)
        .toSorted((a, b) => a - b)
        .slice(1),
    );
    // Each answer names the assigned courier, or asks for a retry. No answer names another courier.
    const named = new Set(answers.flatMap(({ courierId }) => courierId ?? []));
    if (named.size !== 1 || (await stage.trips.countDocuments({ liveOrderIds: order._id })) !== 1) wrong++;
    await stage.couriers.updateMany({ _id: { $in: couriers } }, { $set: { available: false } });
  }
  const commands = await lockCommandsSince(stage, commandsBefore);
  const races = ROUNDS - 1;
  atMost("calls for one order: races without exactly one courier", wrong, 0, `of ${races}`);
  atMost("losers answered, p99", quantile(late, 0.99), 50, "ms");
  atMost("Redis commands each", commands / (races * AT_ONCE), 1, "");
}

export async function raceForOneCourier(stage: Stage) {
  let commandsBefore = 0;
  const late: number[] = [];
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const couriers = await stage.addCouriers(places(1, 2_000));
    await stage.couriers.updateMany({ _id: { $in: couriers } }, { $set: { available: true } });
    const orders = await stage.addOrders(places(AT_ONCE, 500));
    await stage.orders.updateMany({ awaitingCourier: true }, { $set: { awaitingCourier: false } });
    if (round === 1) commandsBefore = await stage.lockCommands();
    const answers = await Promise.all(orders.map((order) => stage.assign(order, couriers[0] ?? "")));
    if (round === 0) continue;
    const losers = answers.filter(({ outcome }) => outcome !== "assigned");
    late.push(...losers.map(({ tookMs }) => tookMs));
    if (losers.length !== AT_ONCE - 1) wrong++;
    await stage.couriers.updateMany({ _id: { $in: couriers } }, { $set: { available: false } });
  }
  const commands = await lockCommandsSince(stage, commandsBefore);
  const races = ROUNDS - 1;
  atMost("orders for one courier: races without exactly one winner", wrong, 0, `of ${races}`);
  atMost("losers answered, p99", quantile(late, 0.99), 50, "ms");
  atMost("Redis commands each", commands / (races * AT_ONCE), 1, "");
}
