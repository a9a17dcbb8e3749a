// Sends random requests to one service and reports the answers that break its document.
import fc from "fast-check";
import { faultIn, type SeenAnswer } from "./judge.ts";
import type { Operation } from "./operations.ts";
import { anyRequest, type RandomRequest } from "./requests.ts";
import type { Stage } from "./stage.ts";

const LANES = 8;

export interface Played {
  /** Answers by status. */
  statuses: Record<number, number>;
  /** One line for each kind of fault. */
  faults: string[];
}

/** On a busy machine a database may take too long for one request. */
const TRIES_MAX = 5;

/** Sends the request, and again if the answer asks for that. An answer that stays the same is returned. */
export async function send(
  baseUrl: string,
  stage: Stage,
  request: RandomRequest,
  tries = 1,
): Promise<SeenAnswer> {
  const { retryAfter, ...answer } = await sendOnce(baseUrl, stage, request);
  if (answer.status !== 503 || retryAfter === null || tries === TRIES_MAX) return answer;
  await Bun.sleep(Number(retryAfter) * 1_000);
  return send(baseUrl, stage, request, tries + 1);
}

async function sendOnce(baseUrl: string, { tokens }: Stage, request: RandomRequest) {
  const token = tokens[request.caller];
  const response = await fetch(`${baseUrl}${request.target}`, {
    method: request.operation.method,
    redirect: "manual",
    headers: {
      ...request.headers,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(request.body !== undefined && { "content-type": "application/json" }),
    },
    ...(request.body !== undefined && { body: request.body }),
  });
  const retryAfter = response.headers.get("retry-after");
  const media = response.headers.get("content-type")?.split(";")[0] ?? "";
  if (media === "text/event-stream") {
    await response.body?.cancel();
    return { status: response.status, retryAfter, media, text: "(a stream)" };
  }
  return { status: response.status, retryAfter, media, text: await response.text() };
}

const SHOWN_MAX = 600;
const shown = ({ operation, caller, target, headers, body = "" }: RandomRequest) =>
  `${operation.method} ${target} by ${caller} ${JSON.stringify(headers)} ${body}`.slice(0, SHOWN_MAX);

const isEnding = ({ method, path }: Operation) => method === "DELETE" && /\/(me|sessions)(\/|$)/.test(path);

/** `count` requests, spread evenly over the operations. The same seed makes the same requests. */
export async function playRandomRequests(
  baseUrl: string,
  operations: Operation[],
  stage: Stage,
  { count, seed }: { count: number; seed: number },
): Promise<Played> {
  const each = Math.ceil(count / operations.length);
  const everybody = Object.keys(stage.tokens);
  const samples = operations.map((operation, i) =>
    fc.sample(
      anyRequest(operation, { callers: stage.callersOf(operation), others: everybody, known: stage.known }),
      { numRuns: each, seed: seed + i },
    ),
  );
  const mixed = Array.from({ length: each }, (_, i) => samples.flatMap((sample) => sample[i] ?? [])).flat();
  // What ends a caller's account or sessions comes last.
  const [others, endings] = [false, true].map((ends) =>
    mixed.filter((one) => isEnding(one.operation) === ends),
  );
  const queue = [...(others ?? []), ...(endings ?? [])];

  const statuses: Record<number, number> = {};
  const faults = new Map<string, string>();
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let request = queue.shift(); request; request = queue.shift()) {
        const answer = await send(baseUrl, stage, request);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const fault = faultIn(request, answer);
        const { method, path } = request.operation;
        if (fault)
          faults.set(
            `${method} ${path} ${fault.slice(0, 60)}`,
            `${shown(request)}\n  ${fault.slice(0, SHOWN_MAX)}`,
          );
      }
    }),
  );
  return { statuses, faults: [...faults.values()] };
}
