// Reads server-sent events (WHATWG HTML, section 9.2.6) with fetch, because an EventSource sends no Authorization header and
// does not exist in Node.

export interface StreamEvent {
  event: string;
  id?: string;
  data: Record<string, unknown>;
}

/** A message, or the pause before the next connection that the server asks for. */
export type Message = StreamEvent | { retryMs: number };

/** A server that sends an endless line would fill the memory. */
const BUFFER_MAX = 4_000_000;

function messagesIn(block: string): Message[] {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name) fields.set(name, name === "data" && fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const [event, id, data, retry] = ["event", "id", "data", "retry"].map((name) => fields.get(name));
  return [
    ...(retry === undefined ? [] : [{ retryMs: Number(retry) }]),
    ...(data === undefined
      ? []
      : [{ event: event ?? "message", ...(id !== undefined && { id }), data: JSON.parse(data) }]),
  ];
}

/** Ends with the body. A message that was cut off is dropped. Throws when nothing arrives for `silentMs`. */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
  silentMs: number,
): AsyncGenerator<Message, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read(), silentMs);
      if (done) return;
      buffer = (buffer + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n");
      if (buffer.length > BUFFER_MAX) throw new Error("The event stream sent a message that is too large");
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop() ?? "";
      for (const block of blocks) yield* messagesIn(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing arrived for ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
