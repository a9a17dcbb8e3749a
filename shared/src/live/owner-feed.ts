// The open items of one owner, as last read, shared by all followers in this process. A message only triggers a read:
// followers get what was read from the source, one read at a time. So no change is lost, repeated or out of order, and no
// follower gets another owner's items.
import { inBackground } from "../observe/request-scope.ts";
import { freshFlight } from "../process/single-flight.ts";
import { type Frame, frameOf, linkFrame } from "./sse.ts";

export interface OwnedItem {
  /** Sorts by creation time. */
  id: string;
  /** Increases with every change. */
  version: number;
  isOpen: boolean;
  /** The event name of its first and of its last change, where that is not the usual one. */
  begins?: string;
  ends?: string;
  /** The item in the API. */
  view: object;
}

/** The message that an item has changed. */
export interface ItemChange {
  id: string;
  version: number;
}

/** Reads the owner's open items and those of `known` (versions by id) that have ended. Unchanged items may be left out. Of
 * many items returns the oldest, and at least one more than `openMax`. */
export type ReadChanged = (ownerId: string, known: ReadonlyMap<string, number>) => Promise<OwnedItem[]>;

export interface OwnerFeed {
  followers: Set<(frame: Frame) => void>;
  /** Resolves once followers have all changes made before the call. Throws the read's error. */
  catchUp: () => Promise<void>;
  receive: (change: ItemChange) => void;
  linkChanged: (isLinked: boolean) => void;
  /** Reads again, because messages may be lost. */
  missed: () => void;
  /** Whether the last read has failed. */
  isBehind: () => boolean;
  /** The first frames of a new follower. */
  beginning: () => Frame[];
}

export interface OwnerFeedOptions {
  /** The name of the event with an item. */
  event: string;
  /** Only this many of the oldest items are followed, so that new items never displace older ones. */
  openMax: number;
  readChanged: ReadChanged;
  /** Whether messages arrive. */
  isLinked: () => boolean;
}

export function newOwnerFeed(
  ownerId: string,
  { event, openMax, readChanged, isLinked }: OwnerFeedOptions,
): OwnerFeed {
  const open = new Map<string, OwnedItem>();
  const followers = new Set<(frame: Frame) => void>();
  let isBehind = false;
  let isLive = true;
  let hasMore = false;

  const send = (frame: Frame) => {
    for (const follower of followers) follower(frame);
  };
  const sendLink = () => {
    const now = isLinked() && !isBehind;
    if (now !== isLive) send(linkFrame(now));
    isLive = now;
  };

  function take(item: OwnedItem) {
    const known = open.get(item.id);
    if (known ? known.version >= item.version : !item.isOpen) return;
    if (item.isOpen) open.set(item.id, item);
    else open.delete(item.id);
    if (known && Bun.deepEquals(known.view, item.view)) return;
    const name = (known ? undefined : item.begins) ?? (item.isOpen ? undefined : item.ends) ?? event;
    send(frameOf({ event: name, id: `${item.id}:${item.version}`, data: item.view }));
  }

  const oldestFirst = () => [...open.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

  /** Takes the open items that are among the oldest `openMax`. */
  function takeOpen(items: OwnedItem[]) {
    const ids = [...new Set([...open.keys(), ...items.map(({ id }) => id)])];
    const followed = new Set(ids.length > openMax ? ids.sort().slice(0, openMax) : ids);
    for (const id of open.keys()) if (!followed.has(id)) open.delete(id);
    for (const item of items) if (followed.has(item.id)) take(item);
    if (hasMore !== ids.length > openMax) {
      hasMore = !hasMore;
      send(frameOf({ event: "more", data: { more: hasMore } }));
    }
  }

  const catchUp = freshFlight(async () => {
    try {
      const known = new Map([...open].map(([id, { version }]): [string, number] => [id, version]));
      const changed = await readChanged(ownerId, known);
      // Ended items first, so that an item that takes a free place comes after the one that freed it.
      for (const item of changed) if (!item.isOpen) take(item);
      takeOpen(changed.filter(({ isOpen }) => isOpen));
      isBehind = false;
    } catch (error) {
      isBehind = true;
      throw error;
    } finally {
      sendLink();
    }
  });
  /** After a failure, the next tick of owner-streams.ts retries. */
  const tryToCatchUp = () => inBackground(() => catchUp().catch(() => undefined));

  return {
    followers,
    catchUp,
    isBehind: () => isBehind,
    receive({ id, version }) {
      if ((open.get(id)?.version ?? 0) < version) tryToCatchUp();
    },
    missed: tryToCatchUp,
    linkChanged(isNowLinked) {
      // Messages published while the link was down are lost.
      if (isNowLinked) tryToCatchUp();
      else sendLink();
    },
    beginning: () => [
      frameOf({
        event: "snapshot",
        data: { items: oldestFirst().map(({ view }) => view), ...(hasMore && { more: true }) },
      }),
      ...(isLive ? [] : [linkFrame(false)]),
    ],
  };
}
