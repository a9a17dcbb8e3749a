/** What keeps something from starting, in one line for whoever started it: the thing and the remedy. */
export class StartFailure extends Error {}

/** The whole message in one line, without the user name and password of a URL. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/:\/\/\S*@/g, "://").replace(/\s*\n\s*/g, " ");
}
