/** From a request's body to its reply: finds the command, checks its fields, runs it, turns errors into replies. */
import { asCommandError, check, refuse } from "../errors.ts";
import type { Store } from "../storage/store.ts";
import type { Document } from "../values.ts";
import { catalogCommands } from "./catalog.ts";
import { asksForJournal, type Command, type Connection, checkCall } from "./command.ts";
import { connectionCommands } from "./connection.ts";
import { checkAccess, userCommands } from "./login.ts";
import { readCommands } from "./read.ts";
import { writeCommands } from "./write.ts";

const COMMANDS = new Map<string, Command>(
  Object.entries({
    ...{ ...connectionCommands, ...userCommands },
    ...{ ...readCommands, ...writeCommands, ...catalogCommands },
  }),
);

/** Never throws: an error is a reply with `ok: 0`, and an unexpected one says what went wrong. */
export function execute(store: Store, connection: Connection, body: Document): Document {
  try {
    const [name = ""] = Object.keys(body);
    const command = COMMANDS.get(name) ?? refuse(59, `no such command: '${name}'`);
    check(typeof body.$db === "string", 40571, "OP_MSG requests require a $db argument");
    const call = { store, connection, db: body.$db, name, body };
    if (connection.needsLogin && !(name in connectionCommands)) checkAccess(call);
    checkCall(command, call);
    return command.isWrite
      ? store.transaction(() => command.run(call), !asksForJournal(body))
      : command.run(call);
  } catch (error) {
    return asCommandError(error).reply;
  }
}
