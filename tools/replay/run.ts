// One replay, from the registration to the report. The report is printed for every end.
import { type Clock, startClock } from "./clock.ts";
import { type Cast, clearStage, gatherCast, lookUpOpenOrders, playDay } from "./day.ts";
import { type ProgressOutput, progressLine, progressOf } from "./progress.ts";
import { accountFor, missingOrders, slownessOf, tableOf, tsvOf } from "./report.ts";
import { type Company, type Pace, paceFor } from "./stage.ts";

export interface RunOptions {
  speed: number;
  fromMinute: number;
  patienceMinutes: number;
  outFile?: string;
  pace?: Pace;
  /** Resolves when the replay must stop at once. */
  interrupted: Promise<void>;
  output: ProgressOutput;
  errors: Pick<ProgressOutput, "write">;
}

const PROGRESS_EVERY_MS = 250;
const LAST_CALLS_MS_MAX = 5_000;
const INTERRUPTED = 130;

const within = (ms: number, work: Promise<unknown>) => Promise.race([work, Bun.sleep(ms)]);

/** The first minute of the played part with an event. */
function firstMinuteOf({ instance: { orders, couriers } }: Company, fromMinute: number): number {
  const begins = [
    ...orders.map((order) => order.placementMinute),
    ...couriers.map((courier) => courier.onMinute),
  ];
  return Math.max(fromMinute, Math.min(...begins));
}

/** Plays the instance and reports. Resolves to the exit code: 0 when every order has a final status. */
export async function runReplay(company: Company, options: RunOptions): Promise<number> {
  const { api, book, instance } = company;
  const { speed, fromMinute, patienceMinutes, outFile, interrupted, output, errors } = options;
  const line = progressLine(output);
  let cast: Cast | undefined;
  let clock: Clock | undefined;

  async function play() {
    cast = await gatherCast(company, (done, all) => line.show(`registering ${done}/${all}`));
    line.end();
    clock = startClock({ startMinute: firstMinuteOf(company, fromMinute), speed });
    const pace = options.pace ?? paceFor(speed, instance.couriers.length);
    await playDay({ ...company, clock, pace }, cast, patienceMinutes);
  }

  let isNoted = false;
  const showing = setInterval(() => {
    const note = isNoted ? undefined : slownessOf(book, speed);
    if (note) {
      isNoted = true;
      line.end();
      output.write(note);
    }
    if (clock) line.show(progressOf(book, api.traffic, clock.now()));
  }, PROGRESS_EVERY_MS);
  let isInterrupted = false;
  let failure: string | undefined;
  const interruption = interrupted.then(() => {
    isInterrupted = true;
  });
  await Promise.race([play(), interruption]).catch((error: unknown) => {
    failure = `The replay failed: ${error instanceof Error ? error.message : String(error)}`;
  });
  clearInterval(showing);
  clock?.stop();
  line.end();

  const nowMinute = clock?.now() ?? fromMinute;
  if (cast && clock) await within(LAST_CALLS_MS_MAX, lookUpOpenOrders(company, cast));
  output.write(tableOf(book, api.traffic, nowMinute));
  if (outFile)
    await Bun.write(outFile, tsvOf(book.orders)).catch((error: Error) => {
      failure ??= `--out ${outFile} cannot be written: ${error.message}`;
    });
  const missing = missingOrders(accountFor(book.orders));
  if (failure !== undefined) errors.write(`${failure}\n`);
  else if (!isInterrupted) for (const orders of missing) errors.write(`Orders ${orders}\n`);
  if (cast) await within(LAST_CALLS_MS_MAX, clearStage(company, cast));
  if (isInterrupted) return INTERRUPTED;
  return failure === undefined && missing.length === 0 ? 0 : 1;
}
