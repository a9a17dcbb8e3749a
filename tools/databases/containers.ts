// Real databases for the tests where a Docker engine answers.

import { oneLine } from "../failure.ts";
import type { DatabaseKind } from "./ping.ts";

export type Container = { url: string; detail: string; stop(): Promise<void> };

// Port and health waits may hang under Bun, so each waits for a log line of the server.
const images = {
  mongo: {
    image: "mongo:8.0",
    port: 27017,
    readyLog: /Waiting for connections/,
    url: (place: string) => `mongodb://${place}/?directConnection=true`,
  },
  redis: {
    image: "redis:7.4",
    port: 6379,
    readyLog: /Ready to accept connections/,
    url: (place: string) => `redis://${place}`,
  },
};

/** Undefined when no Docker engine answers or it cannot start the image, which is logged. */
export async function startContainer(kind: DatabaseKind): Promise<Container | undefined> {
  // The reaper keeps Bun from exiting: the caller stops the container.
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import("testcontainers");
  const { image, port, readyLog, url } = images[kind];
  try {
    await getContainerRuntimeClient();
  } catch {
    return undefined;
  }
  try {
    const container = await new GenericContainer(image)
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forLogMessage(readyLog))
      .withStartupTimeout(120_000)
      .start();
    return {
      url: url(`${container.getHost()}:${container.getMappedPort(port)}`),
      detail: `container ${image}`,
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    process.stderr.write(`The container ${image} did not start: ${oneLine(error)}\n`);
    return undefined;
  }
}
