/** From a request's body to its reply: finds the command, checks its fields, runs it, turns errors into replies. */
import { CommandError } from "../errors.ts";
import { fromMingo, isMingoError } from "../expressions.ts";
import type { Document } from "../values.ts";
import { aggregateCommands } from "./aggregate.ts";
import { asksForJournal, type Call, type Command, checkCall, type Server } from "./call.ts";
import { catalogCommands } from "./catalog.ts";
import { diagnosticCommands } from "./diagnostic.ts";
import { findAndModifyCommands } from "./find-and-modify.ts";
import { readCommands } from "./read.ts";
import { writeCommands } from "./write.ts";

const COMMANDS = new Map<string, Command>(
  Object.entries({
    ...diagnosticCommands,
    ...readCommands,
    ...writeCommands,
    ...findAndModifyCommands,
    ...aggregateCommands,
    ...catalogCommands,
  }),
);

/** Never throws: an error is a reply with `ok: 0`, and an unexpected one says what went wrong. */
export function execute(server: Server, body: Document, connectionId: number): Document {
  try {
    const name = Object.keys(body)[0] ?? "";
    const command = COMMANDS.get(name);
    if (!command) throw new CommandError(59, `no such command: '${name}'`);
    if (typeof body.$db !== "string") throw new CommandError(40571, "OP_MSG requests require a $db argument");
    const call: Call = { server, db: body.$db, name, body, connectionId };
    checkCall(command, call);
    if (!command.isWrite) return command.run(call);
    return server.store.transaction(() => command.run(call), !asksForJournal(body));
  } catch (error) {
    return asCommandError(error).reply;
  }
}

export function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (isMingoError(error)) return fromMingo(error);
  return new CommandError(1, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
