// What REDIS_URL names: one server, a Redis Cluster, or the sentinels that know the master.

export interface RedisNode {
  host: string;
  port: number;
}

interface Credentials {
  username?: string;
  password?: string;
}

interface Access extends Credentials {
  nodes: RedisNode[];
  isTls: boolean;
}

export type RedisTarget =
  | { kind: "server" }
  | ({ kind: "cluster" } & Access)
  | ({ kind: "sentinel"; masterName: string; db: number; ofSentinels: Credentials } & Access);

export const REDIS_URL_FORMS =
  "redis://[user:password@]host:port, redis+cluster://[user:password@]host:port,host:port or redis+sentinel://[user:password@]host:port,host:port/master-name[?sentinel_username=user&sentinel_password=password]; with rediss for TLS";

const SERVER = /^rediss?:\/\/[^\s/]+/;
const NODES = /^redis(s?)\+(cluster|sentinel):\/\/(?:([^\s/]*)@)?([^\s/@?]+)\/?([^\s?]*)(?:\?(\S+))?$/;
const NODE = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const MASTER = /^([\w.-]+)(?:\/(\d{1,3}))?$/;
const DEFAULT_PORT = { cluster: 6_379, sentinel: 26_379 };

function nodeIn(text: string, defaultPort: number): RedisNode | undefined {
  const [, ipv6, name, given = `${defaultPort}`] = NODE.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(given);
  return host && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

function credentialsIn(text: string): Credentials {
  const [username = "", ...rest] = text.split(":");
  const password = rest.join(":");
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
}

/** What the sentinels themselves ask for. Undefined when the query names something else. */
function ofSentinelsIn(query: string): Credentials | undefined {
  // As before the @, a plus is no space.
  const given = Object.fromEntries(new URLSearchParams(query.replaceAll("+", "%2B")));
  const { sentinel_username: username, sentinel_password: password, ...others } = given;
  if (Object.keys(others).length > 0) return undefined;
  return { ...(username && { username }), ...(password && { password }) };
}

/** Undefined when the URL has none of the forms. */
export function redisTarget(url: string): RedisTarget | undefined {
  if (SERVER.test(url)) return URL.canParse(url) ? { kind: "server" } : undefined;
  const [, s, kind, credentials = "", list = "", path = "", query = ""] = NODES.exec(url) ?? [];
  if (kind !== "cluster" && kind !== "sentinel") return undefined;
  const nodes = list.split(",").flatMap((text) => nodeIn(text, DEFAULT_PORT[kind]) ?? []);
  if (nodes.length < list.split(",").length) return undefined;
  try {
    const access = { nodes, isTls: s === "s", ...credentialsIn(credentials) };
    // A cluster has database 0 alone.
    if (kind === "cluster") return /^0?$/.test(path) && query === "" ? { kind, ...access } : undefined;
    const [, masterName, db = "0"] = MASTER.exec(path) ?? [];
    const ofSentinels = ofSentinelsIn(query);
    if (!masterName || !ofSentinels) return undefined;
    return { kind, ...access, ofSentinels, masterName, db: Number(db) };
  } catch {
    // A percent sign that encodes nothing.
    return undefined;
  }
}
