// A correct client of the event stream: it reconnects after each disconnect, to any replica, with the last event id.
import { openEventStream } from "@food/shared/testing/event-stream";
import type { Actor } from "../actors.ts";
import type { Follower } from "./history.ts";
import type { Scene } from "./scene.ts";

const CONNECT_MAX_MS = 3_000;

/** Follows until the order or the run ends. */
export async function follow({ orderUrl, history, phase }: Scene, actor: Actor, orderId: string) {
  const follower: Follower = { orderId, events: [] };
  history.followers.push(follower);
  const url = `${orderUrl}/v1/orders/${orderId}/events`;
  for (let connection = 1; !phase.over && follower.ended === undefined; connection++) {
    const lastId = follower.events.findLast(({ id }) => id !== undefined)?.id;
    const headers = {
      authorization: `Bearer ${actor.token}`,
      ...(lastId !== undefined && { "last-event-id": String(lastId) }),
    };
    const opening = openEventStream(url, headers);
    const reader = await Promise.race([opening, Bun.sleep(CONNECT_MAX_MS)]).catch(() => undefined);
    if (!reader) void opening.then((late) => late.close()).catch(() => undefined);
    else if (reader.status !== 200) {
      reader.close();
      if (reader.status < 500) history.complaints.push(`${url} answered ${reader.status}`);
    } else {
      let closed = false;
      void reader.closed.then(() => {
        closed = true;
      });
      while (!closed && !phase.over && !reader.events.some(({ event }) => event === "end"))
        await Bun.sleep(50);
      reader.close();
      for (const { event, id, data } of reader.events) {
        if (event === "end" && data.reason === "final") follower.ended = String(data.status);
        follower.events.push({
          event,
          connection,
          ...(id !== undefined && { id: Number(id) }),
          ...(typeof data.status === "string" && { status: data.status }),
          ...(typeof data.type === "string" && { type: data.type }),
        });
      }
    }
    if (follower.ended === undefined) await Bun.sleep(100);
  }
}
