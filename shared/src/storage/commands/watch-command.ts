/** Called when a command begins, in the context of its request. Its result is called when the command ends. `on` is the
 * collection, for MongoDB. */
export type WatchCommand = (name: string, on?: string) => (error?: unknown) => void;

const OF_SERVER = /^(MongoServer|MongoWrite|MongoBulkWrite|Reply)Error$/;

/** `refused` when the server has answered, `failed` when it has not. */
export const outcomeOf = (error: unknown): "ok" | "refused" | "failed" =>
  error === undefined ? "ok" : error instanceof Error && OF_SERVER.test(error.name) ? "refused" : "failed";
