// The peer: six lines of Elysia and ioredis that answer with a value from Redis.
import { Elysia } from "elysia";
import { Redis } from "ioredis";

const { HOST = "", PORT = "", REDIS_URL = "" } = process.env;
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
const json = { headers: { "content-type": "application/json" } };
new Elysia()
  .get("/health/ready", "ready")
  .get("/menus/:id", async ({ params }) => new Response(await redis.get(`menu:${params.id}`), json))
  .listen({ hostname: HOST, port: Number(PORT) });
