// mongosh runs this once, on an empty database. Each service may read and write its own database alone.
const { readFileSync } = require("node:fs");
const passwords = JSON.parse(readFileSync("/run/secrets/users.json", "utf8"));
for (const [service, password] of Object.entries(passwords)) {
  db.getSiblingDB(service).createUser({
    user: service,
    pwd: password,
    roles: [{ role: "readWrite", db: service }],
  });
}
