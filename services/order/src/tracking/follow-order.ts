// One follower's stream. Subscribe first, then read, then leave out what the reading already had: so nothing
// between the two is lost, nothing is sent twice, and a status never goes backwards.
import type { LocationReport, StatusNews } from "@food/shared/contracts/live";
import { type EventSink, type EventStreamDeps, eventStream } from "@food/shared/sse";
import type { Caller } from "@food/shared/tokens";
import type { Actor, OrderDocument } from "../orders/order.ts";
import { isFinal } from "../orders/status.ts";
import type { OrderStore } from "../orders/store.ts";
import type { Listener, OrderHub, Word } from "./hub.ts";
import {
  agedLocation,
  isWorthShowing,
  type LiveCopy,
  liveOrderOf,
  newsOf,
  showsLocation,
} from "./live-copy.ts";

export interface FollowDeps extends EventStreamDeps {
  orders: OrderStore;
  hub: OrderHub;
  live: LiveCopy;
}

/** What is published of an order to its followers. */
export function publicStatus(
  order: OrderDocument,
  actor: Actor,
  report: LocationReport | undefined,
  now: Date,
) {
  const live = liveOrderOf(order);
  const { customerId: _, restaurantId: __, ...status } = live;
  const shown = report && showsLocation(live, actor) && isWorthShowing(report, now);
  return { ...status, ...(shown && { courierLocation: agedLocation(report, now) }) };
}

const dataOf = ({ kind: _, ...news }: StatusNews) => news;

/** Streams the order to an actor who may follow it, from after `lastSequence` on when that is given. */
export function followOrder(
  deps: FollowDeps,
  caller: Caller & Actor,
  order: OrderDocument,
  lastSequence: number | undefined,
): Response {
  const { orders, hub, live } = deps;
  const orderId = order._id;

  return eventStream(deps, caller, async (sink) => {
    let sent = lastSequence ?? 0;
    let shown = liveOrderOf(order);
    let reading = Promise.resolve();

    const endIfOver = () => {
      if (isFinal(shown.status) && sent >= shown.version) sink.end({ reason: "final", status: shown.status });
    };
    /** A courier who has lost the order is told nothing more of it. */
    const endIfReleased = () => {
      const released = caller.role === "courier" && shown.courier?.courierId !== caller.id;
      if (released) sink.end({ reason: "released" });
      return released;
    };

    /** Sends what MongoDB has and the follower has not. */
    const catchUp = (from: OrderDocument) => {
      shown = liveOrderOf(from);
      if (endIfReleased()) return;
      for (const event of from.events.filter(({ sequence }) => sequence > sent)) {
        sent = event.sequence;
        sink.send({ event: "status", id: event.sequence, data: dataOf(newsOf(from, event)) });
        if (event.type === "courier_assigned") void sendKnownLocation();
      }
      endIfOver();
    };

    const readAgain = () => {
      reading = reading.then(async () => {
        const current = await orders.find(orderId).catch(() => null);
        if (current && current.version > sent) catchUp(current);
      });
    };

    const hear = (word: Word) => {
      if (word.kind === "location") return sendLocation(sink, word, caller, shown);
      if (word.kind === "version") return word.version > sent ? readAgain() : undefined;
      if (word.sequence !== sent + 1) return word.sequence > sent ? readAgain() : undefined;
      sent = word.sequence;
      const { status, courier, estimatedDeliveryAt } = word;
      shown = {
        ...withoutCourier(shown),
        status,
        version: sent,
        estimatedDeliveryAt,
        ...(courier && { courier }),
      };
      if (endIfReleased()) return;
      sink.send({ event: "status", id: word.sequence, data: dataOf(word) });
      if (word.type === "courier_assigned") void sendKnownLocation();
      endIfOver();
    };

    /** The courier's position may have come before the word that there is a courier. */
    const sendKnownLocation = async () => {
      const { location } = await live.read(orderId);
      if (location) sendLocation(sink, location, caller, shown);
    };

    const waiting: Word[] = [];
    let listener: Listener = (word) => {
      waiting.push(word);
    };
    const leave = await hub.listen(orderId, (word) => listener(word));

    try {
      const [current, { location }] = await Promise.all([orders.find(orderId), live.read(orderId)]);
      if (lastSequence === undefined && current) {
        sent = current.version;
        const snapshot = publicStatus(current, caller, location, new Date());
        sink.send({ event: "snapshot", id: current.version, data: snapshot });
      }
      if (current) catchUp(current);
      if (lastSequence !== undefined && location) sendLocation(sink, location, caller, shown);
      listener = hear;
      for (const word of waiting) hear(word);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  });
}

const withoutCourier = <T extends { courier?: unknown }>({ courier: _, ...rest }: T) => rest;

function sendLocation(
  sink: EventSink,
  report: LocationReport,
  actor: Actor,
  shown: ReturnType<typeof liveOrderOf>,
) {
  if (showsLocation(shown, actor))
    sink.sendLatest(() => ({ event: "location", data: agedLocation(report, new Date()) }));
}
