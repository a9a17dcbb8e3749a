// Lets the demo town live, for the button on the pages: a process that acts over the public API.
import { type Child, startChild } from "../child.ts";
import type { TownLife } from "../pages/serve-pages.ts";

const STOP_WITHIN_MS = 5_000;

interface Living {
  urls: Record<string, string>;
  entry: string;
  logFile: string;
  /** Resolves when nobody else signs the town up. */
  isSeeded: () => Promise<unknown>;
  onStart: (child: Child) => void;
}

interface Run {
  speed: number;
  child?: Child;
}

export function townLife({ urls, entry, logFile, isSeeded, onStart }: Living): TownLife {
  const now: { run?: Run } = {};
  const end = (run: Run) => {
    if (now.run === run) delete now.run;
  };
  return {
    speed: () => now.run?.speed,
    async start(speed) {
      if (now.run) return;
      const run: Run = { speed };
      now.run = run;
      await isSeeded();
      // Stopped meanwhile.
      if (now.run !== run) return;
      const command = [process.execPath, entry, "--speed", String(speed)];
      run.child = startChild({ name: "demo", command, env: { ...process.env, ...urls }, logFile, onStart });
      void run.child.exited.then(() => end(run));
    },
    async stop() {
      const { run } = now;
      if (!run) return;
      end(run);
      await run.child?.stop(STOP_WITHIN_MS);
    },
  };
}
