// Reads a server-sent event stream the way a client with fetch would.
import type { Metrics } from "../src/observe/metrics.ts";

export interface StreamedEvent {
  event: string;
  id?: string;
  data: Record<string, unknown>;
}

export interface EventReader {
  status: number;
  headers: Headers;
  events: StreamedEvent[];
  /** Resolves once the server has closed the stream. */
  closed: Promise<void>;
  close: () => void;
}

function parseBlock(block: string): StreamedEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line): [string, string] => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
  const event = fields.get("event");
  if (!event) return undefined;
  const id = fields.get("id");
  return { event, ...(id !== undefined && { id }), data: JSON.parse(fields.get("data") ?? "{}") };
}

/** How many HEADs of 40 at once are answered with each status. Rejects when one is not answered. */
export async function headsOf(url: string, headers: Record<string, string>): Promise<Record<number, number>> {
  const signal = AbortSignal.timeout(4_000);
  const heads = Array.from({ length: 40 }, () => fetch(url, { method: "HEAD", headers, signal }));
  const answers = Object.groupBy(await Promise.all(heads), ({ status }) => status);
  return Object.fromEntries(Object.entries(answers).map(([status, some = []]) => [status, some.length]));
}

/** How many streams the process counts as open. */
export const openStreamsOf = async ({ metrics }: { metrics: Metrics }) =>
  (await metrics.openStreams.get()).values[0]?.value ?? 0;

/** Connects and collects events until it is closed from either side. */
export async function openEventStream(url: string, headers: Record<string, string>): Promise<EventReader> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: StreamedEvent[] = [];
  const read = async () => {
    const decoder = new TextDecoder();
    let buffer = "";
    for await (const chunk of response.body ?? []) {
      buffer += decoder.decode(chunk, { stream: true });
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) events.push(event);
      }
    }
  };
  const closed = read().catch(() => undefined);
  return {
    status: response.status,
    headers: response.headers,
    events,
    closed,
    close: () => controller.abort(),
  };
}
