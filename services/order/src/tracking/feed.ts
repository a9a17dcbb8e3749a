// One order's news on this replica, for all who follow it here: one reading of MongoDB and one making of an event's
// bytes, however many they are.
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

/** What MongoDB was asked for at this time. */
export type VersionMessage = { kind: "version"; askedAt: number } & Omit<EstimateMessage, "kind">;

/** What a follower hears. */
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
  receive: (news: LiveMessage | VersionMessage) => void;
  linkChanged: (isLive: boolean) => void;
  /** What a follower has read while joining. */
  saw: (order: OrderDocument, report: LocationReport | undefined) => void;
  /** Where the courier was last, for a follower who joins. */
  location: () => Extract<Word, { kind: "location" }> | undefined;
  /** Reads the order again for a follower who has missed something. */
  readUpTo: (version: number) => void;
  /** Tells that a courier has fallen silent, and moves the estimate when it has to be. */
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

  /** A courier's positions may come late and twice; another courier's is news whenever it was. */
  const isNews = ({ courierId, recordedAt }: LocationReport) =>
    position?.report.courierId !== courierId || position.report.recordedAt < recordedAt;

  function locate(report: LocationReport): boolean {
    if (!isNews(report)) return false;
    position = { kind: "location", report, frame: locationFrame(report) };
    isStaleTold = isStale(report, new Date());
    return true;
  }

  /** One reading at a time; whoever asks meanwhile gets what it brings, or another. */
  async function read() {
    for (let readVersion = 0; readVersion < wantedVersion; ) {
      // When there is none, the next look at all versions asks again.
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

    receive(news) {
      switch (news.kind) {
        case "status":
          if (known && news.sequence > known.version) known = after(known, news);
          return spread(news);
        case "location":
          if (locate(news) && position) spread(position);
          return;
        case "estimate":
          return takeEstimate(news);
        case "version":
          if (news.askedAt > estimateTakenAt) takeEstimate(news);
          return spread({ kind: "version", version: news.version });
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

function after({ courier: _, trip: __, pickupAt: ___, ...known }: Known, news: StatusMessage): Known {
  return {
    ...known,
    version: news.sequence,
    status: news.status,
    ...(news.readyAt && { readyAt: new Date(news.readyAt) }),
    estimatedDeliveryAt: new Date(news.estimatedDeliveryAt),
    estimateReason: news.estimateReason,
    ...(news.courier && { courier: news.courier }),
    ...(news.pickupAt && { pickupAt: new Date(news.pickupAt) }),
    ...(news.via && { trip: { before: news.via } }),
  };
}

/** Made again only when the position has aged. */
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
