// What replicas log while something is away: each failure is one line.
import type { Replica } from "./replica.ts";

/** Returns what lists the warnings and errors that a replica has logged more than once since. */
export function repeatedLinesOf(replicas: Pick<Replica, "name" | "log">[]): () => string[] {
  const before = replicas.map((replica) => replica.log().length);
  return () =>
    replicas.flatMap(({ name, log }, i) => {
      const lines = log().slice(before[i]).split("\n");
      const logged = lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line));
      const kinds = logged
        .filter(({ level }) => level !== "info")
        .map(({ msg, task, code, connection, entry }) =>
          [`${name}: ${msg}`, task, code, connection, entry].filter(Boolean).join(" "),
        );
      return kinds.filter((kind, at) => kinds.indexOf(kind) !== at);
    });
}
