// Readers that ask again as soon as they are answered.
import { atMost } from "./report.ts";

export interface Load {
  answered: () => number;
  /** So many more of them. */
  add: (readers: number) => void;
  /** How many answers have not been a 200 since the last report: there should be none. */
  reportFailures: (when: string) => void;
  /** Ends when the last answer is there. */
  stop: () => Promise<void>;
}

export function startLoad(url: string): Load {
  const failures = new Map<string, number>();
  let answered = 0;
  let stopping = false;
  const fail = (why: string) => failures.set(why, (failures.get(why) ?? 0) + 1);

  async function read(): Promise<void> {
    while (!stopping) {
      try {
        const response = await fetch(url);
        await response.arrayBuffer();
        if (response.status === 200) answered++;
        else fail(String(response.status));
      } catch (error) {
        fail(error instanceof Error && "code" in error ? String(error.code) : String(error));
      }
    }
  }

  const reading: Promise<void>[] = [];
  return {
    answered: () => answered,
    reportFailures(when) {
      const count = [...failures.values()].reduce((sum, each) => sum + each, 0);
      const reasons = [...failures].map(([reason, each]) => `${each} × ${reason}`).join(", ");
      atMost(`failed ${when}`, count, 0, reasons || "requests");
      failures.clear();
    },
    add(readers) {
      for (let i = 0; i < readers; i++) reading.push(read());
    },
    async stop() {
      stopping = true;
      await Promise.all(reading);
    },
  };
}
