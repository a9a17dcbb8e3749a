// MongoDB's connection strings, of which only some are URLs: they may name several hosts. Whatever else they say is kept.
import { MongoClient } from "mongodb";

const PARTS =
  /^(?<scheme>mongodb(?:\+srv)?):\/\/(?:(?<user>[^/?]*)@)?(?<hosts>[^@/?]+)(?:\/(?<database>[^?]*))?(?:\?(?<options>.*))?$/;

interface MongoUrl {
  scheme: string;
  /** With the password, escaped. */
  user: string | undefined;
  /** With commas between them. */
  hosts: string;
  database: string;
  options: URLSearchParams;
}

function parse(url: string): MongoUrl {
  const { scheme = "", user, hosts = "", database = "", options } = PARTS.exec(url)?.groups ?? {};
  if (hosts === "") throw new Error("This is no connection string of MongoDB: expected mongodb://host:port");
  return { scheme, user, hosts, database, options: new URLSearchParams(options) };
}

function format({ scheme, user, hosts, database, options }: MongoUrl): string {
  const question = options.size > 0 ? `?${options}` : "";
  return `${scheme}://${user === undefined ? "" : `${user}@`}${hosts}/${database}${question}`;
}

/** The database in the path, empty when there is none. */
export const databaseOf = (url: string): string => parse(url).database;

/** The same server and user, another database. A password's user is looked for in the path's database unless the
 * options name one, so from now on they do. */
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

/** The same database by way of a port of this machine that leads to `primaryOf` it. Throws for mongodb+srv. */
export function withProxy(url: string, port: number): string {
  const parts = parse(url);
  if (parts.scheme !== "mongodb")
    throw new Error("A proxy needs hosts: write mongodb:// instead of mongodb+srv://");
  // Or the driver would go on to whatever addresses the members say that they have.
  parts.options.set("directConnection", "true");
  return format({ ...parts, hosts: `127.0.0.1:${port}` });
}

const SELECT_MS = 10_000;

/** `host:port` of the member that takes writes. */
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
