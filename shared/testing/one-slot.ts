// Checks each command that the tests send to any Redis: its keys must be in one slot, or a Redis Cluster would refuse it.
import { Command, Redis } from "ioredis";

/** What storage/redis.ts splits in a cluster. */
const SPLIT: Record<string, RegExp> = { mget: /^live:location:/ };

const crossing: string[] = [];

const slotOf = (key: string) => new Command("get", [key]).getSlot();

/** Why a cluster would refuse the command; undefined when its keys are in one slot. */
export function crossingIn(name: string, keys: string[]): string | undefined {
  const slots = new Set(keys.map(slotOf));
  if (slots.size < 2 || keys.every((key) => SPLIT[name]?.test(key))) return undefined;
  return `${name} ${keys.join(" ")}`;
}

const { sendCommand } = Redis.prototype;
Redis.prototype.sendCommand = function checked(command, ...rest) {
  // Of a copy: `getKeys` adds an argument where a key is missing.
  const keys = new Command(command.name, [...command.args]).getKeys();
  const found = keys.length > 1 && crossingIn(command.name, keys.map(String));
  if (found) crossing.push(found);
  return sendCommand.call(this, command, ...rest);
};

/** Throws when a command since the last call had keys of several slots. */
export function expectOneSlot(): void {
  const found = [...new Set(crossing.splice(0))];
  if (found.length > 0)
    throw new Error(
      `Keys of several slots: give them a common {tag}, or send several commands:\n${found.join("\n")}`,
    );
}
