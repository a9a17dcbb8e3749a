// A fake service for the launcher's tests: ready when both databases answer, stores notes in MongoDB, and returns its
// environment.

import { Redis } from "ioredis";
import { MongoClient } from "mongodb";

const { PORT, HOST, MONGODB_URL = "", REDIS_URL = "", SIGNING_KEY, FAKE_BROKEN_PORT } = process.env;

if (FAKE_BROKEN_PORT === PORT) {
  process.stderr.write("starting\nACCEPT_WITHIN_SECONDS is not valid: expected a whole number of seconds\n");
  process.exit(1);
}

const mongo = new MongoClient(MONGODB_URL);
const redis = new Redis(REDIS_URL);
const notes = mongo.db("fake").collection("notes");

const server = Bun.serve({
  port: Number(PORT),
  hostname: HOST ?? "",
  routes: {
    "/health/ready": async () => {
      await Promise.all([redis.ping(), mongo.db("admin").command({ ping: 1 })]);
      return new Response("ready");
    },
    "/environment": () => Response.json(process.env),
    "/key": async () => {
      const key = await crypto.subtle.importKey("jwk", JSON.parse(SIGNING_KEY ?? ""), "Ed25519", false, [
        "sign",
      ]);
      return new Response(key.algorithm.name);
    },
    "/v1/restaurants": async () => Response.json({ items: await notes.find().limit(1).toArray() }),
    "/notes": {
      GET: async () => Response.json(await notes.distinct("text")),
      POST: async (request) => {
        await notes.insertOne({ text: await request.text() });
        return new Response(null, { status: 201 });
      },
    },
  },
});

process.on("SIGTERM", async () => {
  await server.stop();
  await mongo.close();
  redis.disconnect();
  process.exit(0);
});
