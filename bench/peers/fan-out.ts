// bun bench/peers/fan-out.ts PORT REDIS_URL CHANNEL: a minimal server that sends a Redis channel to every connection.
import { Redis } from "ioredis";

const [port, redisUrl = "", channel = ""] = process.argv.slice(2);
const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
const encoder = new TextEncoder();

const redis = new Redis(redisUrl);
redis.on("message", (_, message) => {
  const event = encoder.encode(`event: location\ndata: ${message}\n\n`);
  for (const listener of listeners) listener.enqueue(event);
});
await redis.subscribe(channel);

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  idleTimeout: 0,
  fetch() {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        own = controller;
        listeners.add(controller);
        controller.enqueue(encoder.encode("retry: 3000\n\n"));
      },
      cancel: () => void listeners.delete(own),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  },
});
