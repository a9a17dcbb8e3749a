// Edits MongoDB connection strings, which may name several hosts and so are not always URLs. Other parts stay unchanged.
import { MongoClient } from "mongodb";

const PARTS =
  /^(?<scheme>mongodb(?:\+srv)?):\/\/(?:(?<user>[^/?]*)@)?(?<hosts>[^@/?]+)(?:\/(?<database>[^?]*))?(?:\?(?<options>.*))?$/;

interface MongoUrl {
  scheme: string;
  /** User and password, escaped. */
  user: string | undefined;
  /** Comma-separated. */
  hosts: string;
  database: string;
  options: URLSearchParams;
}

function parse(url: string): MongoUrl {
  const { scheme = "", user, hosts = "", database = "", options } = PARTS.exec(url)?.groups ?? {};
  if (hosts === "") throw new Error("Not a MongoDB connection string: expected mongodb://host:port");
  return { scheme, user, hosts, database, options: new URLSearchParams(options) };
}

function format({ scheme, user, hosts, database, options }: MongoUrl): string {
  const question = options.size > 0 ? `?${options}` : "";
  return `${scheme}://${user === undefined ? "" : `${user}@`}${hosts}/${database}${question}`;
}

/** The database in the path, empty when there is none. */
export const databaseOf = (url: string): string => parse(url).database;

/** The same server and user, another database. Sets authSource, because by default the user is looked up in the database
 * of the path. */
export function withDatabase(url: string, database: string): string {
  const parts = parse(url);
  const { user, options } = parts;
  const isPassword = /^(SCRAM-.*)?$/.test(options.get("authMechanism") ?? "");
  if (user && isPassword && !options.has("authSource")) options.set("authSource", parts.database || "admin");
  return format({ ...parts, database });
}

/** The same database for this user. */
export const withUser = (url: string, name: string, password: string): string => {
  const parts = parse(url);
  parts.options.set("authSource", "admin");
  return format({ ...parts, user: `${encodeURIComponent(name)}:${encodeURIComponent(password)}` });
};

/** The same database through a local port that forwards to `primaryOf` it. Throws for mongodb+srv. */
export function withProxy(url: string, port: number): string {
  const parts = parse(url);
  if (parts.scheme !== "mongodb")
    throw new Error("A proxy needs hosts: write mongodb:// instead of mongodb+srv://");
  // Otherwise the driver connects to the addresses that the members announce.
  parts.options.set("directConnection", "true");
  return format({ ...parts, hosts: `127.0.0.1:${port}` });
}

const SELECT_MS = 10_000;

/** `host:port` of the primary. */
export async function primaryOf(url: string): Promise<string> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: SELECT_MS });
  const [first = ""] = client.options.hosts.map(String);
  try {
    if (client.options.directConnection) return first;
    const { primary = first } = await client.db("admin").command({ hello: 1 });
    return primary;
  } finally {
    await client.close();
  }
}
