// Publishes messages through Redis. A message that fails is published again when Redis is back: a listener that reconnected
// first would not know that it missed one. Old messages do no harm, because listeners compare versions. When the process
// dies with unsent messages, listeners find the changes at their next regular read.
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import { isCluster, type Redis } from "../storage/redis.ts";

/** Publishes as JSON. Never throws, and does not wait. */
export type Publish = (channel: string, message: object) => void;

interface Message {
  channel: string;
  text: string;
}

/** Beyond this the oldest message is dropped: after such an outage listeners read the database anyway. */
const UNSENT_MAX = 1_000;

export function publisherOn(redis: Redis): Publish {
  let unsent: Message[] = [];

  const publish = ({ channel, text }: Message) =>
    isCluster(redis) ? redis.spublish(channel, text) : redis.publish(channel, text);
  const send = (message: Message) =>
    publish(message).catch(() => {
      unsent.push(message);
      if (unsent.length > UNSENT_MAX) unsent.shift();
    });
  const sendUnsent = () => {
    const late = unsent;
    unsent = [];
    for (const message of late) inBackground(() => send(message));
  };
  redis.on("ready", outsideRequests(sendUnsent));
  return (channel, message) => inBackground(() => send({ channel, text: JSON.stringify(message) }));
}
