// The stream of one follower. It subscribes, then reads, then skips events that the read contained. So it
// loses no event, sends none twice, and a status never goes backwards.

import type { Caller } from "@food/shared/auth/tokens";
import type { LocationReport, StatusMessage } from "@food/shared/contracts/live";
import {
  type EventSink,
  type EventStreamDeps,
  eventStream,
  type Frame,
  frameOf,
  linkFrame,
} from "@food/shared/live/sse";
import { malformed } from "@food/shared/values/errors";
import { noSuchOrder } from "../orders/move-order.ts";
import { type Actor, isParty, type OrderDocument, type OrderEvent } from "../orders/order.ts";
import { isFinal } from "../orders/status.ts";
import type { Feed, Follower, Word } from "./feed.ts";
import type { Feeds } from "./feeds.ts";
import {
  agedLocation,
  isWorthShowing,
  type LiveOrder,
  liveOrderOf,
  showsLocation,
  statusMessageOf,
} from "./live-copy.ts";

export interface FollowDeps extends EventStreamDeps {
  feeds: Feeds;
}

/** The messages on the channel of an order. */
export function publicStatus(live: LiveOrder, actor: Actor, report: LocationReport | undefined, now: Date) {
  const { customerId: _, restaurantId: __, ...status } = live;
  const shown = report && showsLocation(live, actor, report) && isWorthShowing(report, now);
  return { ...status, ...(shown && { courierLocation: agedLocation(report, now) }) };
}

const statusFrames = new WeakMap<StatusMessage | OrderEvent, Frame>();
/** The bytes of an event, encoded once per object for all followers. */
function statusFrame(of: StatusMessage | OrderEvent, message: () => StatusMessage): Frame {
  const made = statusFrames.get(of);
  if (made) return made;
  const { kind: _, via, pickupAt: __, ...data } = message();
  const isOnTrip = via && !isFinal(data.status);
  const told = { ...data, ...(isOnTrip && { stopsBefore: via.length }) };
  const frame = frameOf({ event: "status", id: data.sequence, data: told });
  statusFrames.set(of, frame);
  return frame;
}

/** Streams the order to an actor who may follow it, from after `lastSequence` when given. Returns 204,
 * which stops an EventSource, when that was the final event. Throws 404 to an actor who may not follow it,
 * and 400 for a sequence that the order has not reached. */
export async function followOrder(
  deps: FollowDeps,
  caller: Caller & Actor,
  orderId: string,
  lastSequence: number | undefined,
): Promise<Response> {
  const waiting: Word[] = [];
  let receive: Follower = (word) => {
    waiting.push(word);
  };
  const { feed, leave } = await deps.feeds.follow(orderId, (word) => receive(word));
  try {
    const { order, report } = await deps.feeds.read(orderId);
    if (!order || !isParty(order, caller)) throw noSuchOrder();
    if (lastSequence !== undefined && lastSequence > order.version)
      throw malformed(
        "UNKNOWN_LAST_EVENT_ID",
        "Last-Event-ID is not an event of this order. Connect without it.",
      );
    if (lastSequence === order.version && isFinal(order.status)) {
      leave();
      return new Response(null, { status: 204 });
    }
    feed.saw(order, report);
    return eventStream(deps, caller, (sink) => {
      receive = newFollower(sink, caller, feed, order, lastSequence);
      for (const word of waiting.splice(0)) receive(word);
      receive({ kind: "link", isLive: deps.feeds.isLive() });
      return leave;
    });
  } catch (error) {
    leave();
    throw error;
  }
}

function newFollower(
  sink: EventSink,
  actor: Actor,
  feed: Feed,
  order: OrderDocument,
  lastSequence: number | undefined,
): Follower {
  let sent = lastSequence ?? order.version;
  let shown: Pick<LiveOrder, "status" | "version" | "courier"> = liveOrderOf(order);
  let isLive = true;

  const endIfOver = () => {
    if (isFinal(shown.status) && sent >= shown.version) sink.end({ reason: "final", status: shown.status });
  };
  /** A courier who lost the order gets no further events. */
  const endIfReleased = () => {
    const released = actor.role === "courier" && shown.courier?.courierId !== actor.id;
    if (released) sink.end({ reason: "released" });
    return released;
  };
  const sendLocation = (location: ReturnType<Feed["location"]>) => {
    if (!location || !isWorthShowing(location.report, new Date())) return;
    if (showsLocation(shown, actor, location.report)) sink.sendLatest(location.frame);
  };

  /** Sends the stored events that the follower lacks. */
  const catchUp = (from: OrderDocument) => {
    if (from.version < shown.version) return;
    shown = liveOrderOf(from);
    if (endIfReleased()) return;
    const missed = from.events.filter(({ sequence }) => sequence > sent);
    for (const event of missed) {
      sent = event.sequence;
      sink.send(statusFrame(event, () => statusMessageOf(from, event)));
    }
    if (missed.some(({ type }) => type === "courier_assigned")) sendLocation(feed.location());
    endIfOver();
  };

  const takeStatus = (message: StatusMessage) => {
    if (message.sequence !== sent + 1)
      return message.sequence > sent ? feed.readUpTo(message.sequence) : undefined;
    sent = message.sequence;
    const { status, courier } = message;
    shown = { status, version: sent, ...(courier && { courier }) };
    if (endIfReleased()) return;
    sink.send(statusFrame(message, () => message));
    // The position may arrive before the event of the assignment.
    if (message.type === "courier_assigned") sendLocation(feed.location());
    endIfOver();
  };

  if (lastSequence === undefined) {
    const data = publicStatus(liveOrderOf(order), actor, feed.location()?.report, new Date());
    sink.send({ event: "snapshot", id: order.version, data });
    endIfOver();
  } else {
    const { estimatedDeliveryAt, estimateReason } = order;
    if (sent === order.version && !isFinal(order.status))
      sink.send({ event: "estimate", data: { estimatedDeliveryAt, reason: estimateReason } });
    catchUp(order);
    sendLocation(feed.location());
  }

  return (word) => {
    switch (word.kind) {
      case "status":
        return takeStatus(word);
      case "order":
        return catchUp(word.order);
      case "version":
        return word.version > sent ? feed.readUpTo(word.version) : undefined;
      case "location":
        return sendLocation(word);
      case "estimate":
        return sink.send(word.frame);
      case "link":
        if (word.isLive !== isLive) sink.send(linkFrame(word.isLive));
        isLive = word.isLive;
    }
  };
}
