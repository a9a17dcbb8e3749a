// Readers that ask again as soon as they are answered.
export interface Load {
  answered: () => number;
  /** So many more of them. */
  add: (readers: number) => void;
  /** What was not a 200, and how often. */
  failures: Map<string, number>;
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
    failures,
    add(readers) {
      for (let i = 0; i < readers; i++) reading.push(read());
    },
    async stop() {
      stopping = true;
      await Promise.all(reading);
    },
  };
}
