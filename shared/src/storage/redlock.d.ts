// The package has these types and its `exports` hides them from TypeScript. Only what lock.ts uses is here.
declare module "redlock" {
  import type { Redis } from "./redis.ts";

  export class ResourceLockedError extends Error {}
  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<{ votesAgainst: ReadonlyMap<Redis, Error> }>[];
  }
  export interface Lock {
    release(): Promise<unknown>;
  }
  export default class Redlock {
    constructor(clients: Redis[], settings: { retryCount: number; automaticExtensionThreshold: number });
    on(event: "error", listener: (error: Error) => void): this;
    acquire(resources: string[], durationMs: number): Promise<Lock>;
  }
}
