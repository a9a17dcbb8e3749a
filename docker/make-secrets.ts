// bun make-secrets.ts FOLDER: passwords, database URLs and signing keys for the whole platform, one folder for each
// who may know them. What is there stays: the databases know these passwords.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const SERVICES = ["customer", "restaurant", "order", "delivery"];
// What the services ask of Redis; nothing that reads other clients, settings or all keys.
const COMMANDS =
  "-@all +@read +@write +@pubsub +@connection +@transaction +eval +evalsha +script|load -@dangerous +info";

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write("usage: bun make-secrets.ts FOLDER\n");
  process.exit(2);
}

const newPassword = () => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("hex");
const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

async function newSigningKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return JSON.stringify({ kty, crv, x, d });
}

function keep(owner: string, name: string, text: string): void {
  const path = join(folder ?? "", owner, name);
  mkdirSync(dirname(path), { recursive: true });
  // What an interrupted run has left cannot be written to, not even by its owner.
  rmSync(path, { force: true });
  // Its folder is what guards it: each is mounted by its owner alone, whose user differs from image to image.
  writeFileSync(path, text, { mode: 0o444 });
}

if (!existsSync(join(folder, "mongodb", "root-password"))) {
  const users: Record<string, string> = {};
  const rules = ["user default off", "user health on nopass -@all +ping"];
  for (const service of SERVICES) {
    const [mongodb, redis] = [newPassword(), newPassword()];
    users[service] = mongodb;
    rules.push(`user ${service} on #${hashOf(redis)} ~* &* ${COMMANDS}`);
    keep(
      service,
      "mongodb-url",
      `mongodb://${service}:${mongodb}@mongodb:27017/${service}?authSource=${service}`,
    );
    keep(service, "redis-url", `redis://${service}:${redis}@redis:6379`);
    keep(service, "signing-key", await newSigningKey());
  }
  keep("redis", "users.acl", `${rules.join("\n")}\n`);
  keep("mongodb", "users.json", JSON.stringify(users));
  // Last, because it says that all of it is there.
  keep("mongodb", "root-password", newPassword());
}
