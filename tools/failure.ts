/** The reason why something cannot start, in one line: what failed, then the remedy. */
export class StartFailure extends Error {}

/** The message in one line, without the user name and password of a URL. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/:\/\/\S*@/g, "://").replace(/\s*\n\s*/g, " ");
}
