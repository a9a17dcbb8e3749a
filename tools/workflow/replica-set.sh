#!/usr/bin/env bash
# Starts a MongoDB replica set of three members with passwords, in containers on the network of this machine, and prints
# TEST_MONGODB_URL=… for $GITHUB_ENV. The password has characters that a URL must escape.
set -euo pipefail

image=mongo:8.0.17
ports=(27021 27022 27023)
key=$(openssl rand -hex 48)

shell() { # PORT SCRIPT
  docker exec "mongodb-$1" mongosh --quiet --port "$1" --eval "$2" >&2
}
eventually() {
  for _ in {1..60}; do
    if "$@" 2>/dev/null; then return; fi
    sleep 1
  done
  echo "No success within a minute: $*" >&2
  docker logs --tail 50 "mongodb-${ports[0]}" >&2
  exit 1
}

for port in "${ports[@]}"; do
  docker run --detach --name "mongodb-$port" --network host --env KEY="$key" --env PORT="$port" "$image" bash -c '
    printf %s "$KEY" >/tmp/key && chmod 400 /tmp/key && chown mongodb /tmp/key
    exec docker-entrypoint.sh mongod --bind_ip 127.0.0.1 --port "$PORT" --replSet tests --keyFile /tmp/key --wiredTigerCacheSizeGB 0.25
  ' >&2
done
for port in "${ports[@]}"; do eventually shell "$port" 'db.hello()'; done

# Without users, a local client may create the first one. The first member stays the primary.
shell "${ports[0]}" "rs.initiate({ _id: 'tests', members: [
  { _id: 0, host: '127.0.0.1:${ports[0]}', priority: 2 },
  { _id: 1, host: '127.0.0.1:${ports[1]}' },
  { _id: 2, host: '127.0.0.1:${ports[2]}' },
] })"
eventually shell "${ports[0]}" 'if (!db.hello().isWritablePrimary) quit(1)'
shell "${ports[0]}" "db.getSiblingDB('admin').createUser({ user: 'tests', pwd: 'p@ss/w:rd%', roles: ['root'] })"

hosts=$(printf ',127.0.0.1:%s' "${ports[@]}")
echo "TEST_MONGODB_URL=mongodb://tests:p%40ss%2Fw%3Ard%25@${hosts:1}/?replicaSet=tests"
