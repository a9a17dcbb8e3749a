// The driver has no types for this file. Only what mongo-commands.ts uses is here.
declare module "mongodb/lib/cmap/connection.js" {
  import type { EventEmitter } from "node:events";

  export class Connection extends EventEmitter {
    /** False while the connection greets the server and signs in. */
    established: boolean;
    command(
      namespace: object,
      command: Record<string, unknown>,
      options?: object,
      responseType?: unknown,
    ): Promise<unknown>;
  }
}
