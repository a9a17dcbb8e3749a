// A server-sent events client with fetch.
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

/** Sends 40 HEAD requests at once and counts the responses by status. Rejects when one gets no response. */
export async function headsOf(url: string, headers: Record<string, string>): Promise<Record<number, number>> {
  const signal = AbortSignal.timeout(4_000);
  const heads = Array.from({ length: 40 }, () => fetch(url, { method: "HEAD", headers, signal }));
  const answers = Object.groupBy(await Promise.all(heads), ({ status }) => status);
  return Object.fromEntries(Object.entries(answers).map(([status, some = []]) => [status, some.length]));
}

/** The number of open streams in the process's metrics. */
export const openStreamsOf = async ({ metrics }: { metrics: Metrics }) =>
  (await metrics.openStreams.get()).values[0]?.value ?? 0;

/** Connects and collects events until either side closes. */
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
