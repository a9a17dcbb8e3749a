// A service under load in virtual time: requests take CPU, pods have so much of it, and the autoscaler sees what the
// metrics server saw.
import {
  type Autoscaler,
  newAutoscaler,
  SYNC_SECONDS,
  type Utilization,
  wantedReplicas,
} from "./autoscaler.ts";

/** The metrics server's resolution. */
const SCRAPE_SECONDS = 15;
const STEP_SECONDS = 0.25;
/** To be scheduled, started and found ready; a service itself takes less than a tenth of a second of it. */
const POD_READY_SECONDS = 5;

export interface Model {
  autoscaler: Autoscaler;
  /** Of one pod. */
  requestCores: number;
  limitCores: number;
  cpuSecondsPerRequest: number;
  requestsPerSecond: (atSeconds: number) => number;
  seconds: number;
  replicas: number;
  /** When, within their periods, the metrics server looks and the autoscaler decides. */
  scrapePhase?: number;
  syncPhase?: number;
}

export interface Moment {
  at: number;
  replicas: number;
  /** Requests that wait because no pod has CPU for them. */
  waiting: number;
}

interface Pod {
  readyAt: number;
  /** CPU seconds since the last look. */
  used: number;
  percent: Utilization;
}

export function simulate(model: Model): Moment[] {
  const { requestCores, limitCores, cpuSecondsPerRequest, scrapePhase = 0, syncPhase = 0 } = model;
  const target = model.autoscaler.metrics.find(({ resource }) => resource?.name === "cpu")?.resource?.target;
  if (!target) throw new Error("The autoscaler does not look at the CPU");
  const decide = newAutoscaler(model.autoscaler);
  const newPod = (readyAt: number): Pod => ({ readyAt, used: 0, percent: undefined });
  let pods = Array.from({ length: model.replicas }, () => newPod(-SCRAPE_SECONDS));
  let waitingCpu = 0;
  let scrapedAt = 0;

  function serve(at: number) {
    const ready = pods.filter(({ readyAt }) => readyAt <= at);
    const wanted = waitingCpu + model.requestsPerSecond(at) * cpuSecondsPerRequest * STEP_SECONDS;
    const done = Math.min(wanted, ready.length * limitCores * STEP_SECONDS);
    for (const pod of ready) pod.used += done / ready.length;
    waitingCpu = wanted - done;
  }

  function scrape(at: number) {
    for (const pod of pods) {
      const isWhole = pod.readyAt <= scrapedAt;
      pod.percent = isWhole ? (pod.used / (at - scrapedAt) / requestCores) * 100 : undefined;
      pod.used = 0;
    }
    scrapedAt = at;
  }

  function scale(at: number) {
    const wanted = wantedReplicas(
      pods.map(({ percent }) => percent),
      target?.averageUtilization ?? 0,
    );
    const replicas = decide(at, pods.length, wanted);
    pods = pods.slice(0, replicas);
    while (pods.length < replicas) pods.push(newPod(at + POD_READY_SECONDS));
  }

  const isDue = (step: number, phase: number, period: number) => {
    const since = step * STEP_SECONDS - phase;
    return since > 0 && since % period === 0;
  };
  const moments: Moment[] = [];
  for (let step = 0; step * STEP_SECONDS < model.seconds; step++) {
    const at = step * STEP_SECONDS;
    if (isDue(step, scrapePhase, SCRAPE_SECONDS)) scrape(at);
    if (isDue(step, syncPhase, SYNC_SECONDS)) scale(at);
    serve(at);
    moments.push({ at, replicas: pods.length, waiting: waitingCpu / cpuSecondsPerRequest });
  }
  return moments;
}

/** How often the number of replicas turns from rising to falling or back. */
export function turns(moments: Moment[]): number {
  const moves = moments.map(({ replicas }, i) =>
    Math.sign(replicas - (moments[i - 1]?.replicas ?? replicas)),
  );
  const directions = moves.filter((move) => move !== 0);
  return directions.filter((direction, i) => i > 0 && direction !== directions[i - 1]).length;
}
