// Sees every command that one process sends to MongoDB by way of its proxy, and the answer to it. The driver has one
// command under way on a connection, so what comes back next is the answer.
import type { Document } from "mongodb";
import { RequestReader } from "../emulators/mongo/wire.ts";
import type { TcpProxy } from "./proxy.ts";

export interface MongoTap {
  /** A promise holds the command back until it is settled; one of false loses it, and the connection with it. */
  command: (command: Document) => undefined | Promise<unknown>;
  /** The answer to a command that was held back; false loses it, and the connection with it. */
  answer?: (command: Document, answer: Document) => unknown;
}

/** Takes the tap off again when it is called. */
export function tapMongo(proxy: TcpProxy | undefined, { command, answer }: MongoTap): () => void {
  if (!proxy) throw new Error("There is no proxy in front of MongoDB: ask for a proxied platform");
  const requests = new Map<number, RequestReader>();
  const awaited = new Map<number, { command: Document; reader: RequestReader }>();

  proxy.tap = {
    async toServer(connection, chunk) {
      const reader = requests.get(connection) ?? new RequestReader();
      requests.set(connection, reader);
      for (const { body } of reader.push(chunk)) {
        const held = command(body);
        if (!held) continue;
        awaited.set(connection, { command: body, reader: new RequestReader() });
        if ((await held) === false) return false;
      }
      return true;
    },
    toClient(connection, chunk) {
      const { command: asked, reader } = awaited.get(connection) ?? {};
      if (!asked || !reader) return true;
      for (const { body } of reader.push(chunk)) {
        awaited.delete(connection);
        return answer?.(asked, body) !== false;
      }
      return true;
    },
    closed(connection) {
      requests.delete(connection);
      awaited.delete(connection);
    },
  };
  return () => {
    proxy.tap = undefined;
  };
}
