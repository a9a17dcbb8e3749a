// The feed of one order on this replica. All its followers share one read of MongoDB and the encoded bytes
// of each event.
import type {
  EstimateMessage,
  LiveMessage,
  LocationReport,
  StatusMessage,
} from "@food/shared/contracts/live";
import { type Frame, frameOf } from "@food/shared/live/sse";
import { inBackground } from "@food/shared/observe/request-scope";
import type { Estimated } from "../orders/estimate.ts";
import type { OrderDocument } from "../orders/order.ts";
import type { FeedDeps } from "./feed-deps.ts";
import { agedLocation, isStale } from "./live-copy.ts";
import { moveEstimate } from "./move-estimate.ts";

/** The result of a poll of MongoDB at `askedAt`. */
export type VersionMessage = { kind: "version"; askedAt: number } & Omit<EstimateMessage, "kind">;

/** A message to a follower. */
export type Word =
  | StatusMessage
  | { kind: "order"; order: OrderDocument }
  | { kind: "version"; version: number }
  | { kind: "location"; report: LocationReport; frame: () => Frame }
  | { kind: "estimate"; frame: Frame }
  | { kind: "link"; isLive: boolean };
export type Follower = (word: Word) => void;

export type ReadOrder = (
  orderId: string,
) => Promise<{ order: OrderDocument | undefined; report: LocationReport | undefined }>;

export interface Feed {
  followers: Set<Follower>;
  receive: (message: LiveMessage | VersionMessage) => void;
  linkChanged: (isLive: boolean) => void;
  /** Takes the order that a follower read while joining. */
  saw: (order: OrderDocument, report: LocationReport | undefined) => void;
  /** The courier's last position, for a new follower. */
  location: () => Extract<Word, { kind: "location" }> | undefined;
  /** Reads the order again for a follower with a gap. */
  readUpTo: (version: number) => void;
  /** Reports a stale position, and moves the estimate when needed. */
  tick: (now: Date) => void;
}

type Known = Estimated & Pick<OrderDocument, "_id" | "version" | "courier">;

const NOTHING = { order: undefined, report: undefined };
const ESTIMATE_EVERY_MS = 10_000;

export function newFeed(orderId: string, deps: FeedDeps & { read: ReadOrder }): Feed {
  const followers = new Set<Follower>();
  let known: Known | undefined;
  let position: Extract<Word, { kind: "location" }> | undefined;
  let isStaleTold = false;
  let estimateDueAt = 0;
  let estimateTakenAt = 0;
  let wantedVersion = 0;
  let isReading = false;

  const spread = (word: Word) => {
    for (const follower of followers) follower(word);
  };

  const saw = (order: OrderDocument, report: LocationReport | undefined) => {
    if (!known || order.version > known.version) known = knownOf(order);
    if (report) locate(report);
  };

  /** Positions of one courier may come late and twice. The first position of another courier is always new.
   */
  const isNewer = ({ courierId, recordedAt }: LocationReport) =>
    position?.report.courierId !== courierId || position.report.recordedAt < recordedAt;

  function locate(report: LocationReport): boolean {
    if (!isNewer(report)) return false;
    position = { kind: "location", report, frame: locationFrame(report) };
    isStaleTold = isStale(report, new Date());
    return true;
  }

  /** Runs one read at a time. Requests during a read share its result or cause one more read. */
  async function read() {
    for (let readVersion = 0; readVersion < wantedVersion; ) {
      // After a failure, the next poll of all versions reads again.
      const { order, report } = await deps.read(orderId).catch(() => NOTHING);
      if (!order || order.version <= readVersion) return;
      readVersion = order.version;
      saw(order, report);
      spread({ kind: "order", order });
    }
  }
  const readUpTo = (version: number) => {
    wantedVersion = Math.max(wantedVersion, version);
    if (isReading) return;
    isReading = true;
    inBackground(() =>
      read().finally(() => {
        isReading = false;
      }),
    );
  };

  const takeEstimate = ({ version, estimatedDeliveryAt, estimateReason }: Omit<EstimateMessage, "kind">) => {
    const at = new Date(estimatedDeliveryAt);
    if (known?.version !== version || known.estimatedDeliveryAt.getTime() === at.getTime()) return;
    known = { ...known, estimatedDeliveryAt: at, estimateReason };
    estimateTakenAt = Date.now();
    spread({
      kind: "estimate",
      frame: frameOf({ event: "estimate", data: { estimatedDeliveryAt, reason: estimateReason } }),
    });
  };

  return {
    followers,
    saw,
    readUpTo,
    location: () => position,
    linkChanged: (isLive) => spread({ kind: "link", isLive }),

    receive(message) {
      switch (message.kind) {
        case "status":
          if (known && message.sequence > known.version) known = after(known, message);
          return spread(message);
        case "location":
          if (locate(message) && position) spread(position);
          return;
        case "estimate":
          return takeEstimate(message);
        case "version":
          if (message.askedAt > estimateTakenAt) takeEstimate(message);
          return spread({ kind: "version", version: message.version });
      }
    },

    tick(now) {
      if (position && !isStaleTold && isStale(position.report, now)) {
        isStaleTold = true;
        spread(position);
      }
      if (!known || now.getTime() < estimateDueAt) return;
      estimateDueAt = now.getTime() + ESTIMATE_EVERY_MS;
      const moving = moveEstimate(deps, known, position?.report, now);
      inBackground(() => moving?.then((moved) => moved && takeEstimate(moved)));
    },
  };
}

const knownOf = (order: OrderDocument): Known => ({
  _id: order._id,
  version: order.version,
  status: order.status,
  prepMinutes: order.prepMinutes,
  ...(order.readyAt && { readyAt: order.readyAt }),
  estimatedDeliveryAt: order.estimatedDeliveryAt,
  estimateReason: order.estimateReason,
  restaurantAddress: { location: order.restaurantAddress.location },
  deliveryAddress: { location: order.deliveryAddress.location },
  ...(order.courier && { courier: order.courier }),
  ...(order.pickupAt && { pickupAt: order.pickupAt }),
  ...(order.trip && { trip: { before: order.trip.before } }),
});

function after({ courier: _, trip: __, pickupAt: ___, ...known }: Known, message: StatusMessage): Known {
  return {
    ...known,
    version: message.sequence,
    status: message.status,
    ...(message.readyAt && { readyAt: new Date(message.readyAt) }),
    estimatedDeliveryAt: new Date(message.estimatedDeliveryAt),
    estimateReason: message.estimateReason,
    ...(message.courier && { courier: message.courier }),
    ...(message.pickupAt && { pickupAt: new Date(message.pickupAt) }),
    ...(message.via && { trip: { before: message.via } }),
  };
}

/** Encoded again only when the position has aged. */
function locationFrame(report: LocationReport): () => Frame {
  let age = -1;
  let frame: Frame;
  return () => {
    const data = agedLocation(report, new Date());
    if (data.ageSeconds !== age) frame = frameOf({ event: "location", data });
    age = data.ageSeconds;
    return frame;
  };
}
