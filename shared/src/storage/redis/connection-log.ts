// Logs a lost connection to Redis once, with what to do about it, and once when it is back. A busy process may notice a timeout
// first and the cause later: another cause that lasts is logged, too.
import type { Log } from "../../observe/log.ts";

export interface ConnectionLog {
  failed: (error: Error) => void;
  ready: () => void;
  /** Remembers why a node has not answered, for the next failure that does not say why. */
  heard: (error: Error) => void;
}

const ADVICE: [RegExp, string][] = [
  [
    /sentinels are unreachable.*(WRONGPASS|NOAUTH|NOPERM|ERR invalid password)/,
    "correct sentinel_username and sentinel_password in REDIS_URL",
  ],
  [/WRONGPASS|NOAUTH|NOPERM|ERR invalid password/, "correct user and password in REDIS_URL"],
  [/cluster support disabled/, "this server is no cluster: begin REDIS_URL with redis://"],
  [/^(MOVED|CLUSTERDOWN|cluster_state)/, "repair the cluster: redis-cli --cluster check HOST:PORT, then fix"],
  [/several clusters/, "name the nodes of one cluster in REDIS_URL"],
  [/unknown command.*ssubscribe/i, "a cluster needs Redis 7 or later"],
  [/No such master/, "no sentinel knows this master: correct the name at the end of REDIS_URL"],
  [/sentinels are unreachable/, "start the sentinels of REDIS_URL, or correct their addresses"],
];

const adviceOn = ({ message }: Error) =>
  ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? "start Redis there, or correct REDIS_URL";

/** Longer than most failovers. */
const LASTING_MS = 5_000;
/** Says that there is no connection, and not why. The second comes each time a list of sentinels begins anew. */
const NO_CAUSE = /^(The c|C)onnection is closed|^All sentinels are unreachable(?!.*Last error)/;

export function connectionLog(log: Log, what: string): ConnectionLog {
  /** What the log has said to do since the connection was lost. */
  const given = new Set<string>();
  let last = { advice: "", since: 0 };
  let heard: Error | undefined;
  return {
    heard: (error) => {
      if (!NO_CAUSE.test(error.message)) heard = error;
    },
    failed(error) {
      const err = NO_CAUSE.test(error.message) ? heard : error;
      if (!err) return;
      const advice = adviceOn(err);
      if (last.advice !== advice) last = { advice, since: Date.now() };
      if (given.has(advice) || (given.size > 0 && Date.now() - last.since < LASTING_MS)) return;
      given.add(advice);
      log.warn({ err, connection: what, advice }, "Redis does not answer; continuing without it");
    },
    ready() {
      if (given.size > 0) log.info({ connection: what }, "Redis answers again");
      given.clear();
      heard = undefined;
    },
  };
}
