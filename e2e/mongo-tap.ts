// Observes each command that one process sends to MongoDB through its proxy, and its answer. The driver has
// one command in flight on a connection, so the next message back is the answer.
import type { Document } from "mongodb";
import { RequestReader } from "../emulators/mongo/wire.ts";
import type { TcpProxy } from "./proxy.ts";

export interface MongoTap {
  /** A promise delays the command until it settles. False drops the command and its connection. */
  command: (command: Document) => undefined | Promise<unknown>;
  /** Called with the answer to a delayed command. False drops the answer and its connection. */
  answer?: (command: Document, answer: Document) => unknown;
}

/** Returns a function that removes the tap. */
export function tapMongo(proxy: TcpProxy | undefined, { command, answer }: MongoTap): () => void {
  if (!proxy) throw new Error("MongoDB has no proxy: start the platform with `proxied: true`");
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
