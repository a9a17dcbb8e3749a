// The feed of one order on this replica. All its followers share one read of MongoDB and the encoded bytes
// of each event.
import type {
  EstimateMessage,
  LiveMessage,
  LocationReport,
  StatusMessage,
} from "@food/shared/contracts/live";
import type { Listener } from "@food/shared/live/hub";
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

/** One for all feeds. */
export interface FeedsDeps extends FeedDeps {
  read: ReadOrder;
  /** Messages to all feeds, or to this order's alone, may be lost. */
  linkChanged: (isLive: boolean) => void;
  missed: (orderId: string) => void;
}

const NOTHING = { order: undefined, report: undefined };
const ESTIMATE_EVERY_MS = 10_000;

/** A class and its own listener, to save memory: ten thousand may be open at once. */
class OrderFeed implements Feed, Listener<LiveMessage | VersionMessage> {
  readonly followers = new Set<Follower>();
  private known: Known | undefined;
  private position: Extract<Word, { kind: "location" }> | undefined;
  private isStaleTold = false;
  private estimateDueAt = 0;
  private estimateTakenAt = 0;
  private wantedVersion = 0;
  private isReading = false;

  constructor(
    private readonly orderId: string,
    private readonly deps: FeedsDeps,
  ) {}

  private spread(word: Word) {
    for (const follower of this.followers) follower(word);
  }

  location() {
    return this.position;
  }

  linkChanged(isLive: boolean) {
    this.deps.linkChanged(isLive);
    this.spread({ kind: "link", isLive });
  }

  missed() {
    this.deps.missed(this.orderId);
  }

  saw(order: OrderDocument, report: LocationReport | undefined) {
    if (!this.known || order.version > this.known.version) this.known = knownOf(order);
    if (report) this.locate(report);
  }

  /** Positions of one courier may come late and twice. The first position of another courier is always new.
   */
  private isNewer({ courierId, recordedAt }: LocationReport) {
    const known = this.position?.report;
    return known?.courierId !== courierId || known.recordedAt < recordedAt;
  }

  private locate(report: LocationReport): boolean {
    if (!this.isNewer(report)) return false;
    this.position = { kind: "location", report, frame: locationFrame(report) };
    this.isStaleTold = isStale(report, new Date());
    return true;
  }

  /** Runs one read at a time. Requests during a read share its result or cause one more read. */
  private async read() {
    for (let readVersion = 0; readVersion < this.wantedVersion; ) {
      // After a failure, the next poll of all versions reads again.
      const { order, report } = await this.deps.read(this.orderId).catch(() => NOTHING);
      if (!order || order.version <= readVersion) return;
      readVersion = order.version;
      this.saw(order, report);
      this.spread({ kind: "order", order });
    }
  }

  readUpTo(version: number) {
    this.wantedVersion = Math.max(this.wantedVersion, version);
    if (this.isReading) return;
    this.isReading = true;
    inBackground(() =>
      this.read().finally(() => {
        this.isReading = false;
      }),
    );
  }

  private takeEstimate({ version, estimatedDeliveryAt, estimateReason }: Omit<EstimateMessage, "kind">) {
    const { known } = this;
    const at = new Date(estimatedDeliveryAt);
    if (known?.version !== version || known.estimatedDeliveryAt.getTime() === at.getTime()) return;
    this.known = { ...known, estimatedDeliveryAt: at, estimateReason };
    this.estimateTakenAt = Date.now();
    this.spread({
      kind: "estimate",
      frame: frameOf({ event: "estimate", data: { estimatedDeliveryAt, reason: estimateReason } }),
    });
  }

  receive(message: LiveMessage | VersionMessage) {
    switch (message.kind) {
      case "status":
        if (this.known && message.sequence > this.known.version) this.known = after(this.known, message);
        return this.spread(message);
      case "location":
        if (this.locate(message) && this.position) this.spread(this.position);
        return;
      case "estimate":
        return this.takeEstimate(message);
      case "version":
        if (message.askedAt > this.estimateTakenAt) this.takeEstimate(message);
        return this.spread({ kind: "version", version: message.version });
    }
  }

  tick(now: Date) {
    const { known, position } = this;
    if (position && !this.isStaleTold && isStale(position.report, now)) {
      this.isStaleTold = true;
      this.spread(position);
    }
    if (!known || now.getTime() < this.estimateDueAt) return;
    this.estimateDueAt = now.getTime() + ESTIMATE_EVERY_MS;
    const moving = moveEstimate(this.deps, known, position?.report, now);
    if (moving) inBackground(() => moving.then((moved) => moved && this.takeEstimate(moved)));
  }
}

export const newFeed = (orderId: string, deps: FeedsDeps): Feed & Listener<LiveMessage | VersionMessage> =>
  new OrderFeed(orderId, deps);

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
