// Nodes of a Redis Cluster as far as a subscriber sees them, for moments that real servers reach by chance alone.
import type { Socket } from "bun";
import { CommandReader, encodeReply, type Reply } from "../../../../emulators/redis/resp.ts";
import { cleanUp } from "../../../testing/service.ts";

export interface FakeNode {
  port: number;
  /** What it says of the cluster: the first slot, the last and the port of their master. */
  slots: [number, number, number][];
  /** Reads its data from the disk: it answers nothing else. */
  isLoading: boolean;
  /** Called with the channels before the answer, which is an error when it throws. */
  onSubscribe: (channels: string[]) => void;
  /** The channels of its clients. */
  subscribed: () => string[];
  publish: (channel: string, text: string) => void;
  /** Tells its clients that the slot of these channels is given away, as a node does. */
  giveAway: (...channels: string[]) => void;
}

interface Client {
  reader: CommandReader;
  channels: Set<string>;
}

export function fakeNode(): FakeNode {
  const clients = new Set<Socket<Client>>();
  const send = (socket: Socket<Client>, reply: Reply) => socket.write(encodeReply(reply, 3));
  const server = Bun.listen<Client>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = { reader: new CommandReader(), channels: new Set() };
        clients.add(socket);
      },
      close: (socket) => void clients.delete(socket),
      data(socket, part) {
        for (const command of socket.data.reader.read(part.toString())) answer(socket, command);
      },
    },
  });
  cleanUp(() => server.stop(true));
  const withChannel = (channel: string) => [...clients].filter(({ data }) => data.channels.has(channel));

  function answer(socket: Socket<Client>, [name = "", ...given]: string[]) {
    const { channels } = socket.data;
    const command = name.toLowerCase();
    if (command === "hello") return send(socket, { map: [["proto", 3]] });
    if (command === "info") return send(socket, `loading:${node.isLoading ? 1 : 0}\r\n`);
    if (command === "cluster")
      return send(
        socket,
        node.slots.map(([from, to, port]): Reply => [from, to, ["127.0.0.1", port, `node-${port}`]]),
      );
    if (command !== "ssubscribe" && command !== "sunsubscribe") return send(socket, { status: "OK" });
    try {
      if (command === "ssubscribe") node.onSubscribe(given);
    } catch (error) {
      return send(socket, { error: (error as Error).message });
    }
    for (const channel of given) {
      channels[command === "ssubscribe" ? "add" : "delete"](channel);
      send(socket, { push: [command, channel, channels.size] });
    }
  }
  const node: FakeNode = {
    port: server.port,
    slots: [],
    isLoading: false,
    onSubscribe: () => undefined,
    subscribed: () => [...clients].flatMap(({ data }) => [...data.channels]),
    publish(channel, text) {
      for (const socket of withChannel(channel)) send(socket, { push: ["smessage", channel, text] });
    },
    giveAway(...channels) {
      for (const channel of channels)
        for (const socket of withChannel(channel)) {
          socket.data.channels.delete(channel);
          send(socket, { push: ["sunsubscribe", channel, socket.data.channels.size] });
        }
    },
  };
  return node;
}
