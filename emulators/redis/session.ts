import { checkArity, fail, globMatcher, parseInteger } from "./arguments.ts";
import { commands } from "./commands.ts";
import type { Keyspace } from "./keyspace.ts";
import { CommandReader, encodeReply, ok, type Protocol, RedisError, type Reply } from "./resp.ts";
import type { ScriptEngine } from "./script.ts";

/** What all connections share. */
export type Shared = {
  databases: Keyspace[];
  /** By channel. */
  subscribers: Map<string, Set<Session>>;
  scripts: ScriptEngine;
};

type Handler = { arity: number; run(args: string[]): Reply | undefined };

const imitatedVersion = "7.4.0";

/** One connection: what Redis remembers about a client between two commands. */
export class Session {
  readonly #shared: Shared;
  readonly #write: (text: string) => void;
  readonly #channels = new Set<string>();
  readonly #reader = new CommandReader();
  #protocol: Protocol = 2;
  #database: Keyspace;
  #output: string | undefined;
  #isClosing = false;

  constructor(shared: Shared, write: (text: string) => void) {
    this.#shared = shared;
    this.#write = write;
    this.#database = shared.databases[0] as Keyspace;
  }

  /** Answers every whole command of the chunk in one write. */
  receive(chunk: string): "open" | "close" {
    this.#output = "";
    try {
      for (const [name = "", ...args] of this.#reader.read(chunk)) {
        if (!this.#isClosing) this.#answer(name.toLowerCase(), args);
      }
    } catch (error) {
      this.#send({ error: (error as Error).message });
      this.#isClosing = true;
    }
    if (this.#output !== "") this.#write(this.#output);
    this.#output = undefined;
    return this.#isClosing ? "close" : "open";
  }

  close() {
    for (const channel of this.#channels) this.#leave(channel);
  }

  #send(reply: Reply) {
    const text = encodeReply(reply, this.#protocol);
    if (this.#output === undefined) this.#write(text);
    else this.#output += text;
  }

  #answer(name: string, args: string[]) {
    try {
      const reply = this.#find(name, args).run(args);
      if (reply !== undefined) this.#send(reply);
    } catch (error) {
      this.#send({
        error: error instanceof RedisError ? error.message : `ERR the emulator failed: ${error}`,
      });
    }
  }

  /** Throws when there is no such command, or it takes another number of arguments. */
  #find(name: string, args: string[]): Handler {
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const shown = args.map((arg) => `'${arg.slice(0, 128)}' `).join("");
    const arity =
      handler?.arity ??
      command?.arity ??
      fail(`unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`);
    checkArity(name, arity, args);
    return handler ?? { arity, run: (words) => command?.run(this.#database, words) };
  }

  readonly #handlers: Record<string, Handler> = {
    hello: { arity: -1, run: ([version]) => this.#hello(version) },
    ping: { arity: -1, run: ([message]) => this.#ping(message) },
    client: {
      arity: -2,
      run: ([question = ""]) =>
        /^set(name|info)$/i.test(question) ? ok : failSubcommand(question, "CLIENT"),
    },
    select: {
      arity: 2,
      run: ([index]) => {
        const database = this.#shared.databases[parseInteger(index, "invalid DB index")];
        this.#database = database ?? fail("DB index is out of range");
        return ok;
      },
    },
    info: { arity: -1, run: () => `redis_version:${imitatedVersion}\r\nemulator:yes\r\nloading:0\r\n` },
    quit: {
      arity: -1,
      run: () => {
        this.#isClosing = true;
        return ok;
      },
    },
    flushall: { arity: -1, run: () => this.#clear(this.#shared.databases) },
    flushdb: { arity: -1, run: () => this.#clear([this.#database]) },
    eval: { arity: -3, run: ([source = "", ...args]) => this.#eval(this.#shared.scripts.keep(source), args) },
    evalsha: { arity: -3, run: ([sha = "", ...args]) => this.#eval(sha, args) },
    publish: { arity: 3, run: ([channel = "", message = ""]) => this.#publish(channel, message) },
    pubsub: { arity: -2, run: ([question = "", ...args]) => this.#pubsub(question, args) },
    subscribe: { arity: -2, run: (channels) => this.#subscribe(channels) },
    unsubscribe: { arity: -1, run: (channels) => this.#unsubscribe(channels) },
  };

  #hello(version: string | undefined): Reply {
    const isKnown = version === undefined || version === "2" || version === "3";
    if (!isKnown) throw new RedisError("NOPROTO unsupported protocol version");
    if (version !== undefined) this.#protocol = version === "3" ? 3 : 2;
    const about = { server: "redis", version: imitatedVersion, proto: this.#protocol, id: 1 };
    return { map: Object.entries({ ...about, mode: "standalone", role: "master", modules: [] }) };
  }

  #ping(message: string | undefined): Reply {
    if (this.#protocol === 2 && this.#channels.size > 0) return ["pong", message ?? ""];
    return message ?? { status: "PONG" };
  }

  #clear(databases: Keyspace[]): Reply {
    for (const keyspace of databases) keyspace.clear();
    return ok;
  }

  #eval(sha: string, [countText, ...args]: string[]): Reply {
    const count = parseInteger(countText);
    if (count < 0) fail("Number of keys can't be negative");
    if (count > args.length) fail("Number of keys can't be greater than number of args");
    return this.#shared.scripts.run(sha, args.slice(0, count), args.slice(count), (name, words) => {
      const isRefused = Object.hasOwn(this.#handlers, name) && name !== "publish";
      if (isRefused) fail("This Redis command is not allowed from script");
      return this.#find(name, words).run(words) ?? null;
    });
  }

  #publish(channel: string, message: string): number {
    const receivers = this.#shared.subscribers.get(channel) ?? new Set();
    for (const receiver of receivers) receiver.#send({ push: ["message", channel, message] });
    return receivers.size;
  }

  #pubsub(question: string, args: string[]): Reply {
    const { subscribers } = this.#shared;
    if (/^channels$/i.test(question)) return [...subscribers.keys()].filter(globMatcher(args[0] ?? "*"));
    if (!/^numsub$/i.test(question)) failSubcommand(question, "PUBSUB");
    return args.flatMap((channel): Reply[] => [channel, subscribers.get(channel)?.size ?? 0]);
  }

  #subscribe(channels: string[]): undefined {
    const { subscribers } = this.#shared;
    for (const channel of channels) {
      this.#channels.add(channel);
      subscribers.set(channel, (subscribers.get(channel) ?? new Set()).add(this));
      this.#send({ push: ["subscribe", channel, this.#channels.size] });
    }
  }

  /** Without a name: from all; Redis answers once even when there is none. */
  #unsubscribe(given: string[]): undefined {
    const channels = given.length > 0 ? given : this.#channels.size > 0 ? [...this.#channels] : [null];
    for (const channel of channels) {
      if (channel !== null) this.#leave(channel);
      this.#send({ push: ["unsubscribe", channel, this.#channels.size] });
    }
  }

  #leave(channel: string) {
    this.#channels.delete(channel);
    const sessions = this.#shared.subscribers.get(channel);
    sessions?.delete(this);
    if (sessions?.size === 0) this.#shared.subscribers.delete(channel);
  }
}

function failSubcommand(question: string, command: string): never {
  return fail(`unknown subcommand '${question}'. Try ${command} HELP.`);
}
