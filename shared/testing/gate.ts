// A TCP proxy for fault injection: closed, it holds all data back; cut, it refuses connections.
import type { Socket } from "bun";
import { testDatabases } from "./databases.ts";
import { testRedisUrl } from "./tools.ts";

export interface Gate {
  /** The service's URL through the gate. */
  url: string;
  /** Holds all data back. Connections stay open. */
  close: () => void;
  /** Passes everything, also the data held back. */
  open: () => void;
  /** Closes every connection and refuses new ones until `open`. */
  cut: () => void;
  stop: () => void;
}

interface Pipe {
  peer?: Socket<Pipe>;
  held: Uint8Array[];
}

/** For `scheme://host:port` URLs. Only for small messages, as it has no back-pressure. */
export function gateTo(url: string): Gate {
  const target = new URL(url);
  const sockets = new Set<Socket<Pipe>>();
  let state: "open" | "closed" | "cut" = "open";

  /** Passes on the data received on this side. */
  const pass = (from: Socket<Pipe>) => {
    const { peer, held } = from.data;
    if (state !== "open" || !peer) return;
    for (const part of held.splice(0)) peer.write(part);
  };
  const handlers = {
    data(socket: Socket<Pipe>, part: Uint8Array) {
      socket.data.held.push(part.slice());
      pass(socket);
    },
    close(socket: Socket<Pipe>) {
      sockets.delete(socket);
      socket.data.peer?.end();
    },
    error: () => undefined,
  };
  const server = Bun.listen<Pipe>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      ...handlers,
      open(socket) {
        socket.data = { held: [] };
        if (state === "cut") return void socket.terminate();
        sockets.add(socket);
        void Bun.connect<Pipe>({
          hostname: target.hostname,
          port: Number(target.port),
          data: { held: [], peer: socket },
          socket: {
            ...handlers,
            open(peer) {
              sockets.add(peer);
              socket.data.peer = peer;
              pass(socket);
            },
          },
        }).catch(() => socket.terminate());
      },
    },
  });

  return {
    url: `${target.protocol}//127.0.0.1:${server.port}`,
    close: () => {
      state = "closed";
    },
    open: () => {
      state = "open";
      for (const socket of sockets) pass(socket);
    },
    cut: () => {
      state = "cut";
      for (const socket of [...sockets]) socket.terminate();
    },
    stop: () => server.stop(true),
  };
}

/** Why tests that cut Redis off are skipped; empty where it is one server. For their names. */
export const whyNotCutOff = (): string =>
  testDatabases().TEST_REDIS_KIND === "cluster" ? " (skipped: needs one Redis server to cut off)" : "";

/** A gate to the tests' Redis. The nodes of a cluster tell their own addresses, so there it passes everything. */
export function gateToRedis(): Gate {
  const url = testRedisUrl();
  const fail = () => {
    throw new Error("A cluster has no gate");
  };
  const none = () => undefined;
  return whyNotCutOff() ? { url, close: fail, cut: fail, open: none, stop: none } : gateTo(url);
}
