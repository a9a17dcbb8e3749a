// What one owner has open, as it was last read, for all in this process who follow it. News only says that there is
// something to read: what is told has been read from whoever has the truth, one reading at a time, so that nothing
// is lost, comes twice or goes backwards, and nobody is told of what is not theirs.
import { inBackground } from "../observe/request-scope.ts";
import { freshFlight } from "../process/single-flight.ts";
import { type Frame, frameOf, linkFrame } from "./sse.ts";

export interface OwnedItem {
  /** Sorts by its making. */
  id: string;
  /** Grows with every change. */
  version: number;
  isOpen: boolean;
  /** The name of the event that tells of it first, or for the last time, where that is not the usual one. */
  begins?: string;
  ends?: string;
  /** What its owner sees of it. */
  view: object;
}

/** What is published when an item has changed. */
export interface ItemChange {
  id: string;
  version: number;
}

/** Reads what this owner has open, of many the oldest and one more than are followed, and how those of `known` (versions
 * by id) have ended; what is as known may be left out. */
export type ReadChanged = (ownerId: string, known: ReadonlyMap<string, number>) => Promise<OwnedItem[]>;

export interface OwnerFeed {
  followers: Set<(frame: Frame) => void>;
  /** Resolves once everything that was true when it was called has been told. Throws what the reading throws. */
  catchUp: () => Promise<void>;
  receive: (news: ItemChange) => void;
  linkChanged: (isLinked: boolean) => void;
  /** Whether the last reading has failed. */
  isBehind: () => boolean;
  /** How a new follower begins. */
  beginning: () => Frame[];
}

export interface OwnerFeedOptions {
  /** The name of the event that tells of an item. */
  event: string;
  /** The oldest so many are followed: what waits longest is never pushed out by what comes after it. */
  openMax: number;
  readChanged: ReadChanged;
  /** Whether news comes at once. */
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
  const tellLink = () => {
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

  /** Takes what is open now, as far as it is among the oldest that can be followed. */
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
      // One that takes another's place comes after it.
      for (const item of changed) if (!item.isOpen) take(item);
      takeOpen(changed.filter(({ isOpen }) => isOpen));
      isBehind = false;
    } catch (error) {
      isBehind = true;
      throw error;
    } finally {
      tellLink();
    }
  });
  /** What fails is tried again by and by. */
  const tryToCatchUp = () => inBackground(() => catchUp().catch(() => undefined));

  return {
    followers,
    catchUp,
    isBehind: () => isBehind,
    receive({ id, version }) {
      if ((open.get(id)?.version ?? 0) < version) tryToCatchUp();
    },
    linkChanged(isNowLinked) {
      // What was published meanwhile has been missed.
      if (isNowLinked) tryToCatchUp();
      else tellLink();
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
