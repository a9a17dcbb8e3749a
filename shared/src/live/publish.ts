// Says news through Redis. What could not be said while Redis was away, however shortly, is said once it is back: a
// listener's link may have come back first, and then nothing tells the listener that something was missed. Old news
// does no harm, since listeners compare versions. What is lost with a process they find when they look for themselves.
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import type { Redis } from "../storage/redis.ts";

/** Publishes as JSON. Never throws, and does not wait. */
export type Publish = (channel: string, news: object) => void;

interface Unsaid {
  channel: string;
  text: string;
}

/** Of more the oldest is dropped: by then the listeners' own links have gone too, and they look when they are back. */
const UNSAID_MAX = 1_000;

export function publisherOn(redis: Redis): Publish {
  let unsaid: Unsaid[] = [];

  const say = (one: Unsaid) =>
    redis.publish(one.channel, one.text).catch(() => {
      unsaid.push(one);
      if (unsaid.length > UNSAID_MAX) unsaid.shift();
    });
  const sayLate = () => {
    const late = unsaid;
    unsaid = [];
    for (const one of late) inBackground(() => say(one));
  };
  redis.on("ready", outsideRequests(sayLate));
  return (channel, news) => inBackground(() => say({ channel, text: JSON.stringify(news) }));
}
