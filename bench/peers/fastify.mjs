// The peer: what a service on Node and Fastify must do at least before it is ready on the same two databases.
import Fastify from "fastify";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";

const mongo = new MongoClient(process.env.MONGODB_URL, { maxPoolSize: 20 });
const redis = new Redis(process.env.REDIS_URL, { lazyConnect: true });
await Promise.all([mongo.connect(), redis.connect()]);
await mongo.db().collection("orders").createIndex({ customerId: 1, placedAt: -1 });

const app = Fastify();
app.get("/health/ready", async () => {
  await Promise.all([mongo.db().command({ ping: 1 }), redis.ping()]);
  return { status: "ready" };
});
await app.listen({ host: process.env.HOST, port: Number(process.env.PORT) });
