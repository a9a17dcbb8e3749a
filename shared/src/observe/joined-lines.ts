// Joins the log lines of one turn of the event loop into one write. Under load a write for each line costs more CPU time
// than making the line. Only a process that is killed (SIGKILL) loses the lines of its last turn.
import { outsideRequests } from "./request-scope.ts";

/** Long enough that a write costs little for each line. */
const TEXT_MAX = 64 * 1024;

export interface LineWriter {
  write: (line: string) => void;
  /** Writes the waiting lines now. */
  flush: () => void;
}

export function joinedLines(write: (text: string) => unknown): LineWriter {
  let waiting = "";

  function flush() {
    const text = waiting;
    waiting = "";
    if (text) write(text);
  }

  return {
    flush,
    write(line) {
      if (waiting === "") setImmediate(outsideRequests(flush));
      waiting += line;
      if (waiting.length >= TEXT_MAX) flush();
    },
  };
}

let ofProcess: LineWriter | undefined;

/** Writes to stdout. The lines that wait when the process exits, also by an uncaught error, are written, too. */
export function stdoutLines(): LineWriter {
  if (ofProcess) return ofProcess;
  ofProcess = joinedLines((text) => process.stdout.write(text));
  process.on("exit", outsideRequests(ofProcess.flush));
  return ofProcess;
}
