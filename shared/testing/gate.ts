// A gate in front of a TCP service: closed, it is a network that swallows everything; cut, one that is gone.
import type { Socket } from "bun";

export interface Gate {
  /** The service's address, through the gate. */
  url: string;
  /** Nothing comes through any more, and no connection breaks. */
  close: () => void;
  /** Lets everything through, what was held back too. */
  open: () => void;
  /** Breaks every connection and refuses new ones until it is opened. */
  cut: () => void;
  stop: () => void;
}

interface Pipe {
  peer?: Socket<Pipe>;
  held: Uint8Array[];
}

/** For `scheme://host:port` addresses; small messages only, since back pressure is not passed on. */
export function gateTo(url: string): Gate {
  const target = new URL(url);
  const sockets = new Set<Socket<Pipe>>();
  let state: "open" | "closed" | "cut" = "open";

  /** Passes on what came in on this side. */
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
