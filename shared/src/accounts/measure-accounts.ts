// Metrics of signing in, and of the queue for passwords, which the whole process shares.
import { Counter, Gauge } from "prom-client";
import type { Metrics } from "../observe/metrics.ts";
import { scrapedCounter } from "../observe/scraped.ts";
import { AppError } from "../values/errors.ts";
import { passwordQueue } from "./passwords.ts";

/** Counts an attempt when it ends, by the code of its refusal. */
export type CountSignIn = <T>(attempt: Promise<T>) => Promise<T>;

export function measureSignIns({ registry }: Metrics): CountSignIn {
  const signIns = new Counter({
    name: "sign_ins_total",
    help: "Sign-ins, by outcome: success, or the code of the refusal",
    labelNames: ["outcome"],
    registers: [registry],
  });
  return async (attempt) => {
    try {
      const session = await attempt;
      signIns.inc({ outcome: "success" });
      return session;
    } catch (error) {
      signIns.inc({ outcome: error instanceof AppError ? error.code.toLowerCase() : "error" });
      throw error;
    }
  };
}

export function measurePasswords({ registry }: Metrics): void {
  new Gauge({
    name: "password_queue",
    help: "Passwords that are hashed or checked now, and those that wait for it",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      this.set({ state: "running" }, passwordQueue.running());
      this.set({ state: "waiting" }, passwordQueue.waiting());
    },
  });
  const totals: [name: string, help: string, total: "hashed" | "hashingSeconds" | "refused"][] = [
    ["password_hashes_total", "Passwords hashed or checked", "hashed"],
    ["password_hashing_seconds_total", "Time that hashing and checking took", "hashingSeconds"],
    ["password_queue_refused_total", "Passwords refused because too many waited", "refused"],
  ];
  for (const [name, help, total] of totals)
    scrapedCounter(registry, name, help, () => passwordQueue.totals[total]);
}
