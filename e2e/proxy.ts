// A TCP proxy with fault injection, in place of a balancer and a network. It passes one chunk at a time and
// in order, so back-pressure stays in the sender's socket.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type Fault =
  /** Resets every connection and accepts none. */
  | { kind: "down" }
  /** Keeps and accepts connections, and passes no byte until the fault ends. */
  | { kind: "stalled" }
  /** Passes requests; drops each answer and its connection. */
  | { kind: "deaf" }
  /** Delays each chunk one way by this, and by up to `jitterMs` more. */
  | { kind: "slow"; ms: number; jitterMs: number };

/** Called with each chunk; returns false to drop it and reset the connection. */
export interface Tap {
  toServer?: (connection: number, chunk: Buffer) => boolean | Promise<boolean>;
  toClient?: (connection: number, chunk: Buffer) => boolean | Promise<boolean>;
  closed?: (connection: number) => void;
}

export interface TcpProxy {
  port: number;
  /** `host:port` of the targets of new connections, used in turn. */
  targets: string[];
  tap: Tap | undefined;
  suffer: (fault: Fault) => void;
  heal: () => void;
  /** Resets the open connections, and accepts new ones. */
  reset: () => void;
  openConnections: () => number;
  close: () => void;
}

const LINGER_MS = 1_000;

export async function startProxy(targets: string[]): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let fault: Fault | undefined;
  let whenHealed = Promise.withResolvers<void>();
  let turn = 0;
  let connections = 0;

  const resetAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  async function pass(): Promise<void> {
    while (fault?.kind === "stalled") await whenHealed.promise;
    if (fault?.kind === "slow") await Bun.sleep(fault.ms + Math.random() * fault.jitterMs);
  }

  function pump(from: Socket, to: Socket, allow: (chunk: Buffer) => boolean | Promise<boolean>) {
    from.on("data", async (chunk: Buffer) => {
      from.pause();
      await pass();
      if (!(await allow(chunk))) {
        from.destroy();
        to.destroy();
      }
      // A client that can no longer send may still have an answer to read: a reset would lose it.
      if (!to.destroyed && !to.write(chunk))
        await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => undefined);
      from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", (hadError) => {
      sockets.delete(from);
      if (hadError) to.destroy();
      else to.end();
      setTimeout(() => to.destroy(), LINGER_MS).unref();
    });
  }

  /** The first target, in turn, that accepts the connection. */
  async function reach(): Promise<Socket | undefined> {
    const from = turn++;
    for (let i = 0; i < proxy.targets.length; i++) {
      const [hostname = "", port] = proxy.targets[(from + i) % proxy.targets.length]?.split(":") ?? [];
      const server = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
      try {
        await once(server, "connect");
        return server;
      } catch {
        server.destroy();
      }
    }
    return undefined;
  }

  const listener = createServer(
    { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
    async (client) => {
      sockets.add(client);
      client.on("error", () => client.destroy());
      const server = fault?.kind === "down" ? undefined : await reach();
      if (!server || client.destroyed) {
        sockets.delete(client);
        client.destroy();
        server?.destroy();
        return;
      }
      sockets.add(server);
      const connection = ++connections;
      pump(client, server, (chunk) => proxy.tap?.toServer?.(connection, chunk) ?? true);
      pump(server, client, (chunk) =>
        fault?.kind === "deaf" ? false : (proxy.tap?.toClient?.(connection, chunk) ?? true),
      );
      client.on("close", () => proxy.tap?.closed?.(connection));
      client.resume();
    },
  );
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  const proxy: TcpProxy = {
    port: (listener.address() as AddressInfo).port,
    targets,
    tap: undefined,
    suffer(next) {
      whenHealed.resolve();
      whenHealed = Promise.withResolvers();
      fault = next;
      if (next.kind === "down") resetAll();
    },
    heal() {
      fault = undefined;
      whenHealed.resolve();
    },
    reset: resetAll,
    openConnections: () => sockets.size,
    close() {
      listener.close();
      proxy.heal();
      resetAll();
    },
  };
  return proxy;
}
