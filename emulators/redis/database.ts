import { randomUUID } from "node:crypto";
import RedisMock from "ioredis-mock";
import commandInfo from "ioredis-mock/data/command-info.json" with { type: "json" };
import { commands } from "./commands.ts";
import { Keyspace, wrongType } from "./keyspace.ts";
import { RedisError, type Reply } from "./resp.ts";

type Shape = { arity: number; firstKey: number; lastKey: number; keyStep: number; writes: boolean };
type CommandInfo = [string, number, string[], number, number, number];
type Emulator = Record<string, (...args: string[]) => Promise<unknown>>;

const shapes = new Map(
  (commandInfo as unknown as CommandInfo[]).map(([name, arity, flags, firstKey, lastKey, keyStep]) => {
    const shape: Shape = { arity, firstKey, lastKey, keyStep, writes: flags.includes("write") };
    return [name, shape] as const;
  }),
);

/** Throws as Redis does when a command of that name does not take that many arguments. */
export function checkArity(name: string, args: string[]) {
  const arity = shapes.get(name)?.arity ?? -1;
  const given = args.length + 1;
  if (arity < 0 ? given < -arity : given !== arity) {
    throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  }
}

export function unknownCommand(name: string, args: string[]): RedisError {
  const shown = args.map((arg) => `'${arg.slice(0, 128)}' `).join("");
  return new RedisError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`);
}

function keysOf({ firstKey, lastKey, keyStep }: Shape, args: string[]): string[] {
  if (firstKey === 0) return [];
  const last = lastKey < 0 ? args.length + lastKey : lastKey - 1;
  return args.filter(
    (_, index) => index >= firstKey - 1 && index <= last && (index - firstKey + 1) % keyStep === 0,
  );
}

function show(result: unknown, shows: string | undefined): Reply {
  if (result === undefined || result === null) return null;
  if (shows === "status") return { status: String(result) };
  if (shows === "map") return { map: Object.entries(result as Record<string, string>) };
  if (shows === "set") return { set: result as string[] };
  if (typeof result === "number") return result;
  if (Array.isArray(result)) return result.map((item) => show(item, undefined));
  return String(result);
}

/** One numbered database: ioredis-mock's commands, checked and corrected, on a keyspace of our own. */
export class Database {
  readonly keyspace = new Keyspace();
  readonly #emulator: Emulator;

  constructor() {
    // ioredis-mock shares what it knows between all clients of one host name.
    const emulator = new RedisMock({ host: randomUUID(), port: 6379, lazyConnect: true });
    Object.assign(emulator, { data: this.keyspace.data, expires: this.keyspace.expires, connected: true });
    this.#emulator = emulator as unknown as Emulator;
  }

  knows(name: string): boolean {
    return Object.hasOwn(commands, name);
  }

  /** Runs the command to its end at once, so that MULTI and Lua are atomic. Throws RedisError. */
  run(name: string, args: string[]): Reply {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const shape = shapes.get(name);
    if (!command || !shape) throw unknownCommand(name, args);
    checkArity(name, args);
    const keys = keysOf(shape, args);
    if (command.holds) {
      for (const key of keys) {
        if ((this.keyspace.kindOf(key) ?? command.holds) !== command.holds) throw wrongType();
      }
    }
    const reply = command.run
      ? command.run(this.keyspace, args)
      : show(this.#emulate(name, args), command.shows);
    if (shape.writes) for (const key of keys) this.keyspace.removeIfEmpty(key);
    return reply;
  }

  #emulate(name: string, args: string[]): unknown {
    const emulate = this.#emulator[name];
    if (!emulate) throw unknownCommand(name, args);
    const outcome = emulate.call(this.#emulator, ...args);
    // The mock wraps in a promise what it has already worked out.
    outcome.catch(() => undefined);
    const result: unknown = Bun.peek(outcome);
    if (Bun.peek.status(outcome) === "fulfilled") return result;
    const message = result instanceof Error ? result.message : String(result);
    throw new RedisError(/^[A-Z]+ /.test(message) ? message : `ERR ${message}`);
  }
}
