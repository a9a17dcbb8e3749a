import { checkArity, globMatcher, parseInteger, syntaxError } from "./arguments.ts";
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
  sessionCount: number;
};

type Handler = { arity: number; run(args: string[]): Reply | undefined };

const imitatedVersion = "7.4.0";
const maxQueuedCommands = 100_000;
const neverQueued = new Set(["exec", "discard", "multi", "quit"]);

/** One connection: what Redis remembers about a client between two commands. */
export class Session {
  readonly #shared: Shared;
  readonly #write: (text: string) => void;
  readonly #id: number;
  readonly #channels = new Set<string>();
  readonly #reader = new CommandReader();
  #protocol: Protocol = 2;
  #database: Keyspace;
  #queue: { name: string; args: string[] }[] | undefined;
  #queueBroken = false;
  #output: string | undefined;
  #closing = false;

  constructor(shared: Shared, write: (text: string) => void) {
    this.#shared = shared;
    this.#write = write;
    this.#database = shared.databases[0] as Keyspace;
    shared.sessionCount += 1;
    this.#id = shared.sessionCount;
  }

  /** Answers every whole command of the chunk in one write. */
  receive(chunk: string): "open" | "close" {
    this.#output = "";
    try {
      for (const [name = "", ...args] of this.#reader.read(chunk)) {
        if (!this.#closing) this.#answer(name.toLowerCase(), args);
      }
    } catch (error) {
      this.#send({ error: (error as Error).message });
      this.#closing = true;
    }
    if (this.#output !== "") this.#write(this.#output);
    this.#output = undefined;
    return this.#closing ? "close" : "open";
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
      const reply = this.#queue && !neverQueued.has(name) ? this.#enqueue(name, args) : this.#run(name, args);
      if (reply !== undefined) this.#send(reply);
    } catch (error) {
      if (this.#queue && name !== "exec") this.#queueBroken = true;
      this.#send({
        error: error instanceof RedisError ? error.message : `ERR the emulator failed: ${error}`,
      });
    }
  }

  /** Throws when there is no such command, or it takes another number of arguments. */
  #find(name: string, args: string[]): Handler {
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const arity = handler?.arity ?? command?.arity;
    if (arity === undefined) {
      const shown = args.map((arg) => `'${arg.slice(0, 128)}' `).join("");
      throw new RedisError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`);
    }
    checkArity(name, arity, args);
    return handler ?? { arity, run: (words) => command?.run(this.#database, words) };
  }

  #run(name: string, args: string[]): Reply | undefined {
    return this.#find(name, args).run(args);
  }

  #enqueue(name: string, args: string[]): Reply {
    this.#find(name, args);
    if ((this.#queue?.length ?? 0) >= maxQueuedCommands) throw new RedisError("ERR too many queued commands");
    this.#queue?.push({ name, args });
    return { status: "QUEUED" };
  }

  readonly #handlers: Record<string, Handler> = {
    hello: { arity: -1, run: (args) => this.#hello(args) },
    ping: {
      arity: -1,
      run: ([message]) =>
        this.#protocol === 2 && this.#channels.size > 0
          ? ["pong", message ?? ""]
          : (message ?? { status: "PONG" }),
    },
    auth: {
      arity: -2,
      run() {
        throw new RedisError(
          "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
        );
      },
    },
    client: { arity: -2, run: ([question = ""]) => this.#client(question) },
    select: { arity: 2, run: ([index]) => this.#select(parseInteger(index, "invalid DB index")) },
    info: {
      arity: -1,
      run: () => `# Server\r\nredis_version:${imitatedVersion}\r\nemulator:yes\r\nloading:0\r\n`,
    },
    quit: {
      arity: -1,
      run: () => {
        this.#closing = true;
        return ok;
      },
    },
    flushall: { arity: -1, run: () => this.#clear(this.#shared.databases) },
    flushdb: { arity: -1, run: () => this.#clear([this.#database]) },
    multi: {
      arity: 1,
      run: () => {
        if (this.#queue) throw new RedisError("ERR MULTI calls can not be nested");
        this.#queue = [];
        this.#queueBroken = false;
        return ok;
      },
    },
    exec: { arity: 1, run: () => this.#exec() },
    discard: {
      arity: 1,
      run: () => {
        if (!this.#queue) throw new RedisError("ERR DISCARD without MULTI");
        this.#queue = undefined;
        return ok;
      },
    },
    eval: {
      arity: -3,
      run: ([source = "", ...args]) => this.#eval(this.#shared.scripts.keep(source), args),
    },
    evalsha: { arity: -3, run: ([sha = "", ...args]) => this.#eval(sha, args) },
    script: { arity: -2, run: ([verb = "", ...args]) => this.#script(verb, args) },
    publish: { arity: 3, run: ([channel = "", message = ""]) => this.#publish(channel, message) },
    pubsub: { arity: -2, run: ([question = "", ...args]) => this.#pubsub(question, args) },
    subscribe: { arity: -2, run: (channels) => this.#subscribe(channels) },
    unsubscribe: { arity: -1, run: (channels) => this.#unsubscribe(channels) },
  };

  #hello([version, ...options]: string[]): Reply {
    if (version !== undefined && version !== "2" && version !== "3") {
      throw new RedisError("NOPROTO unsupported protocol version");
    }
    if (options.length > 0 && options[0]?.toUpperCase() !== "SETNAME") throw syntaxError();
    if (version !== undefined) this.#protocol = version === "3" ? 3 : 2;
    const about = { server: "redis", version: imitatedVersion, proto: this.#protocol, id: this.#id };
    return { map: Object.entries({ ...about, mode: "standalone", role: "master", modules: [] }) };
  }

  /** The names that a client gives itself and its library are shown to nobody here. */
  #client(question: string): Reply {
    if (/^set(name|info)$/i.test(question)) return ok;
    if (/^id$/i.test(question)) return this.#id;
    throw unknownSubcommand(question, "CLIENT");
  }

  #select(index: number): Reply {
    const database = this.#shared.databases[index];
    if (!database) throw new RedisError("ERR DB index is out of range");
    this.#database = database;
    return ok;
  }

  #clear(databases: Keyspace[]): Reply {
    for (const keyspace of databases) keyspace.clear();
    return ok;
  }

  #exec(): Reply {
    const queue = this.#queue;
    if (!queue) throw new RedisError("ERR EXEC without MULTI");
    this.#queue = undefined;
    if (this.#queueBroken)
      throw new RedisError("EXECABORT Transaction discarded because of previous errors.");
    return queue.map(({ name, args }): Reply => {
      try {
        return this.#run(name, args) ?? null;
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        return { error: error.message };
      }
    });
  }

  #eval(sha: string, [countText, ...args]: string[]): Reply {
    const count = parseInteger(countText);
    if (count < 0) throw new RedisError("ERR Number of keys can't be negative");
    if (count > args.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
    return this.#shared.scripts.run(sha, args.slice(0, count), args.slice(count), (name, words) => {
      if (Object.hasOwn(this.#handlers, name) && name !== "publish") {
        throw new RedisError("ERR This Redis command is not allowed from script");
      }
      return this.#run(name, words) ?? null;
    });
  }

  #script(verb: string, args: string[]): Reply {
    const { scripts } = this.#shared;
    if (/^load$/i.test(verb)) return scripts.keep(args[0] ?? "");
    if (/^exists$/i.test(verb)) return args.map((sha) => (scripts.has(sha) ? 1 : 0));
    if (!/^flush$/i.test(verb)) throw unknownSubcommand(verb, "SCRIPT");
    scripts.forgetAll();
    return ok;
  }

  #publish(channel: string, message: string): number {
    const receivers = this.#shared.subscribers.get(channel) ?? new Set();
    for (const receiver of receivers) receiver.#send({ push: ["message", channel, message] });
    return receivers.size;
  }

  #pubsub(question: string, args: string[]): Reply {
    const { subscribers } = this.#shared;
    if (/^channels$/i.test(question)) return [...subscribers.keys()].filter(globMatcher(args[0] ?? "*"));
    if (!/^numsub$/i.test(question)) throw unknownSubcommand(question, "PUBSUB");
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
    const channels = given.length > 0 ? given : [...this.#channels];
    for (const channel of channels) {
      this.#leave(channel);
      this.#send({ push: ["unsubscribe", channel, this.#channels.size] });
    }
    if (channels.length === 0) this.#send({ push: ["unsubscribe", null, 0] });
  }

  #leave(channel: string) {
    this.#channels.delete(channel);
    const sessions = this.#shared.subscribers.get(channel);
    sessions?.delete(this);
    if (sessions?.size === 0) this.#shared.subscribers.delete(channel);
  }
}

function unknownSubcommand(question: string, command: string): RedisError {
  return new RedisError(`ERR unknown subcommand '${question}'. Try ${command} HELP.`);
}
