import { argument, parseInteger, syntaxError } from "./arguments.ts";
import { checkArity, type Database, unknownCommand } from "./database.ts";
import type { Watch } from "./keyspace.ts";
import { changeSubscription, type Subscriber } from "./pub-sub.ts";
import { CommandReader, encodeReply, ok, type Protocol, RedisError, type Reply } from "./resp.ts";
import { describeServer, greeting, type Store } from "./store.ts";

type Handler = (args: string[]) => Reply | undefined;

const maxQueuedCommands = 100_000;
const whileSubscribed = new Set([
  "subscribe",
  "unsubscribe",
  "psubscribe",
  "punsubscribe",
  "ping",
  "quit",
  "hello",
]);
const neverQueued = new Set(["exec", "discard", "multi", "watch", "quit"]);
const notInScripts = new Set([
  "multi",
  "exec",
  "discard",
  "watch",
  "unwatch",
  "eval",
  "evalsha",
  "script",
  "quit",
]);

/** One connection: what Redis remembers about a client between two commands. */
export class Session {
  readonly #store: Store;
  readonly #write: (text: string) => void;
  readonly #id: number;
  readonly #subscriber: Subscriber;
  readonly #reader = new CommandReader();
  #protocol: Protocol = 2;
  #index = 0;
  #name = "";
  #queue: { name: string; args: string[] }[] | undefined;
  #queueBroken = false;
  #watches: { watch: Watch; database: Database }[] = [];
  #output: string | undefined;
  #closing = false;

  constructor(store: Store, write: (text: string) => void) {
    this.#store = store;
    this.#write = write;
    store.sessionCount += 1;
    this.#id = store.sessionCount;
    this.#subscriber = store.pubSub.join((message) => this.#send({ push: message }));
  }

  /** Answers every whole command of the chunk in one write. */
  receive(chunk: string): "open" | "close" {
    this.#output = "";
    try {
      for (const [name = "", ...args] of this.#reader.read(chunk)) {
        if (!this.#closing) this.#answer(name, args);
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
    this.#store.pubSub.leave(this.#subscriber);
    this.#endWatches();
  }

  #send(reply: Reply) {
    const text = encodeReply(reply, this.#protocol);
    if (this.#output === undefined) this.#write(text);
    else this.#output += text;
  }

  #answer(givenName: string, args: string[]) {
    const name = givenName.toLowerCase();
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

  #enqueue(name: string, args: string[]): Reply {
    if (!Object.hasOwn(this.#handlers, name) && !this.#database.knows(name)) throw unknownCommand(name, args);
    checkArity(name, args);
    if ((this.#queue?.length ?? 0) >= maxQueuedCommands) throw new RedisError("ERR too many queued commands");
    this.#queue?.push({ name, args });
    return { status: "QUEUED" };
  }

  #run(name: string, args: string[]): Reply | undefined {
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    const subscriptions = this.#subscriber.channels.size + this.#subscriber.patterns.size;
    if (this.#protocol === 2 && subscriptions > 0 && !whileSubscribed.has(name)) {
      throw new RedisError(
        `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    }
    if (!handler) return this.#database.run(name, args);
    checkArity(name, args);
    return handler(args);
  }

  get #database(): Database {
    return this.#store.databases[this.#index] as Database;
  }

  readonly #handlers: Record<string, Handler> = {
    hello: (args) => this.#hello(args),
    ping: (args) => this.#ping(args),
    auth: () => {
      throw new RedisError(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      );
    },
    client: ([question = "", ...args]) => this.#client(question.toLowerCase(), args),
    select: (args) => {
      const index = parseInteger(argument(args, 0), "invalid DB index");
      if (!this.#store.databases[index]) throw new RedisError("ERR DB index is out of range");
      this.#index = index;
      return ok;
    },
    info: () => describeServer(this.#store),
    quit: () => {
      this.#closing = true;
      return ok;
    },
    flushall: () => {
      for (const { keyspace } of this.#store.databases) keyspace.data.clear();
      return ok;
    },
    flushdb: () => {
      this.#database.keyspace.data.clear();
      return ok;
    },
    multi: () => {
      if (this.#queue) throw new RedisError("ERR MULTI calls can not be nested");
      this.#queue = [];
      this.#queueBroken = false;
      return ok;
    },
    exec: () => this.#exec(),
    discard: () => {
      if (!this.#queue) throw new RedisError("ERR DISCARD without MULTI");
      this.#queue = undefined;
      this.#endWatches();
      return ok;
    },
    watch: (keys) => {
      if (this.#queue) throw new RedisError("ERR WATCH inside MULTI is not allowed");
      const database = this.#database;
      for (const key of keys) this.#watches.push({ watch: database.keyspace.watch(key), database });
      return ok;
    },
    unwatch: () => {
      this.#endWatches();
      return ok;
    },
    eval: ([source = "", ...args]) => this.#eval(this.#store.scripts.keep(source), args),
    evalsha: ([sha = "", ...args]) => this.#eval(sha, args),
    script: ([verb = "", ...args]) => this.#script(verb.toLowerCase(), args),
    publish: ([channel = "", message = ""]) => this.#store.pubSub.publish(channel, message),
    pubsub: ([question = "", ...args]) => {
      const answer = this.#store.pubSub.describe(question.toLowerCase(), args);
      if (answer === undefined) throw unknownSubcommand(question, "PUBSUB");
      return answer;
    },
    subscribe: (names) => this.#subscribe("subscribe", names),
    psubscribe: (names) => this.#subscribe("psubscribe", names),
    unsubscribe: (names) => this.#subscribe("unsubscribe", orAll(names, this.#subscriber.channels)),
    punsubscribe: (names) => this.#subscribe("punsubscribe", orAll(names, this.#subscriber.patterns.keys())),
  };

  #hello(args: string[]): Reply {
    const version = args[0] === undefined ? this.#protocol : Number(args[0]);
    if (version !== 2 && version !== 3) throw new RedisError("NOPROTO unsupported protocol version");
    for (let index = 1; index < args.length; index += 1) {
      const option = argument(args, index).toUpperCase();
      if (option === "SETNAME") this.#name = argument(args, ++index);
      else if (option === "AUTH") index += 2;
      else throw syntaxError();
    }
    this.#protocol = version;
    return greeting(version, this.#id);
  }

  #ping([message]: string[]): Reply {
    const subscriptions = this.#subscriber.channels.size + this.#subscriber.patterns.size;
    if (this.#protocol === 2 && subscriptions > 0) return ["pong", message ?? ""];
    return message ?? { status: "PONG" };
  }

  #client(question: string, args: string[]): Reply {
    if (question === "setname") {
      this.#name = argument(args, 0);
      return ok;
    }
    // Redis 7.2 keeps the library's name; there is nobody here to show it to.
    if (question === "setinfo") return ok;
    if (question === "getname") return this.#name === "" ? null : this.#name;
    if (question === "id") return this.#id;
    if (question === "info")
      return `id=${this.#id} name=${this.#name} db=${this.#index} resp=${this.#protocol}\n`;
    throw unknownSubcommand(question, "CLIENT");
  }

  #endWatches(): boolean {
    const changed = this.#watches.map(({ watch, database }) => database.keyspace.unwatch(watch));
    this.#watches = [];
    return changed.includes(true);
  }

  #exec(): Reply {
    const queue = this.#queue;
    if (!queue) throw new RedisError("ERR EXEC without MULTI");
    this.#queue = undefined;
    const changed = this.#endWatches();
    if (this.#queueBroken) {
      throw new RedisError("EXECABORT Transaction discarded because of previous errors.");
    }
    if (changed) return { noList: true };
    return queue.map(({ name, args }): Reply => {
      try {
        return this.#run(name, args) ?? null;
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        return { error: error.message };
      }
    });
  }

  #eval(sha: string, [countText = "", ...args]: string[]): Reply {
    const count = parseInteger(countText);
    if (count < 0) throw new RedisError("ERR Number of keys can't be negative");
    if (count > args.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
    const source = this.#store.scripts.find(sha);
    if (source === undefined) throw new RedisError("NOSCRIPT No matching script. Please use EVAL.");
    const index = this.#index;
    try {
      return this.#store.scripts.run(source, args.slice(0, count), args.slice(count), (name, callArgs) => {
        if (notInScripts.has(name) || name.endsWith("subscribe")) {
          throw new RedisError("ERR This Redis command is not allowed from script");
        }
        return this.#run(name, callArgs) ?? null;
      });
    } finally {
      this.#index = index;
    }
  }

  #script(verb: string, args: string[]): Reply {
    const { scripts } = this.#store;
    if (verb === "load") return scripts.keep(argument(args, 0));
    if (verb === "exists") return args.map((sha) => (scripts.find(sha) === undefined ? 0 : 1));
    if (verb !== "flush") throw unknownSubcommand(verb, "SCRIPT");
    scripts.forgetAll();
    return ok;
  }

  #subscribe(verb: Parameters<typeof changeSubscription>[1], names: (string | null)[]): undefined {
    for (const name of names) this.#send({ push: changeSubscription(this.#subscriber, verb, name) });
  }
}

function orAll(names: string[], all: Iterable<string>): (string | null)[] {
  if (names.length > 0) return names;
  const every = [...all];
  return every.length > 0 ? every : [null];
}

function unknownSubcommand(question: string, command: string): RedisError {
  return new RedisError(`ERR unknown subcommand '${question}'. Try ${command} HELP.`);
}
