// bun docker/make-secrets.ts FOLDER: makes passwords, database URLs and keys for the whole platform, one folder for
// each owner. Keeps what is there, because the databases know these passwords.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newSigningKey } from "../tools/launcher/signing-key.ts";

const SERVICES = ["customer", "restaurant", "order", "delivery"];
// The commands that the services send to Redis: none that reads other clients, settings or all keys.
const COMMANDS =
  "-@all +@read +@write +@pubsub +@connection +@transaction +eval +evalsha +script|load -@dangerous +info";

const [folder, ...more] = process.argv.slice(2);
if (!folder || folder.startsWith("-") || more.length > 0) {
  process.stderr.write("usage: bun docker/make-secrets.ts FOLDER\n");
  process.exit(2);
}

const newPassword = () => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("hex");
const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

function keep(owner: string, name: string, text: string): void {
  const path = join(folder ?? "", owner, name);
  mkdirSync(dirname(path), { recursive: true });
  // An interrupted run leaves read-only files.
  rmSync(path, { force: true });
  // Readable by every user, because users differ from image to image: only the owner mounts the folder.
  writeFileSync(path, text, { mode: 0o444 });
}

for (const service of SERVICES)
  if (!existsSync(join(folder, service, "stored-secrets-keys")))
    keep(
      service,
      "stored-secrets-keys",
      Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64"),
    );

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
  // Written last: marks a complete run.
  keep("mongodb", "root-password", newPassword());
}
