// The driver has no types for this file. Only what failing-calls.ts uses is here.
declare module "mongodb/lib/sdam/server.js" {
  export class Server {
    command(
      operation: { commandName: string; ns: { collection?: string } },
      ...rest: unknown[]
    ): Promise<unknown>;
  }
}
