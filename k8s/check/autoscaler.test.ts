// The rendered autoscaler under load that comes and goes, in virtual time.
import { describe, expect, test } from "bun:test";
import { services } from "../../tools/services.ts";
import { type Autoscaler, newAutoscaler, type Policy, wantedReplicas } from "./autoscaler.ts";
import { type Model, simulate, turns } from "./load-model.ts";
import { ofKind, servicesOf } from "./objects.ts";
import { cores } from "./pod-rules.ts";
import { renderAll, whyNotRendered } from "./render.ts";

const direction = (stabilizationWindowSeconds: number, ...policies: Policy[]) => ({
  stabilizationWindowSeconds,
  policies,
});
const AT_ONCE: Policy = { type: "Percent", value: 1_000, periodSeconds: 15 };

const autoscalerWith = (behavior: Partial<Autoscaler["behavior"]>) =>
  newAutoscaler({
    minReplicas: 1,
    maxReplicas: 100,
    metrics: [],
    behavior: { scaleUp: direction(0, AT_ONCE), scaleDown: direction(0, AT_ONCE), ...behavior },
  });

describe("wantedReplicas", () => {
  test("follows the ratio of what is to what should be, rounded up", () => {
    expect(wantedReplicas([200, 200], 100)).toBe(4);
    expect(wantedReplicas([50, 50], 100)).toBe(1);
    expect(wantedReplicas([100, 100, 140], 100)).toBe(4);
  });

  test("leaves alone what is within a tenth", () => {
    expect(wantedReplicas([109, 109], 100)).toBe(2);
    expect(wantedReplicas([91, 91], 100)).toBe(2);
    expect(wantedReplicas([111, 111], 100)).toBe(3);
  });

  test("takes pods without a figure for idle when it would scale up", () => {
    expect(wantedReplicas([400, 400, undefined, undefined], 100)).toBe(8);
    expect(wantedReplicas([200, 200, undefined, undefined], 100)).toBe(4);
    expect(wantedReplicas([undefined, undefined], 100)).toBe(2);
  });

  test("does not turn an increase into a decrease because of pods without a figure", () => {
    expect(wantedReplicas([120, undefined, undefined], 100)).toBe(3);
  });
});

describe("an autoscaler's behaviour", () => {
  test("goes up by no more than the most generous policy allows in its period", () => {
    const decide = autoscalerWith({
      scaleUp: direction(
        0,
        { type: "Percent", value: 100, periodSeconds: 60 },
        { type: "Pods", value: 4, periodSeconds: 60 },
      ),
    });
    expect(decide(0, 2, 50)).toBe(6);
    expect(decide(15, 6, 50)).toBe(6);
    expect(decide(75, 6, 50)).toBe(12);
  });

  test("goes down by the larger of a tenth and four a minute, rounded up", () => {
    const decide = autoscalerWith({
      scaleDown: direction(
        0,
        { type: "Percent", value: 10, periodSeconds: 60 },
        { type: "Pods", value: 4, periodSeconds: 60 },
      ),
    });
    const falling = [80];
    for (let minute = 1; minute <= 8; minute++) falling.push(decide(minute * 60, falling.at(-1) ?? 0, 10));
    expect(falling).toEqual([80, 72, 64, 57, 51, 45, 40, 36, 32]);
  });

  test("goes down to no less than was wanted within the window", () => {
    const decide = autoscalerWith({ scaleDown: direction(300, AT_ONCE) });
    expect(decide(0, 5, 5)).toBe(5);
    expect(decide(285, 5, 1)).toBe(5);
    expect(decide(300, 5, 1)).toBe(1);
  });

  test("stays within its bounds", () => {
    const decide = autoscalerWith({});
    expect(decide(0, 50, 200)).toBe(100);
    expect(decide(15, 100, 0)).toBe(1);
  });
});

const why = whyNotRendered ? ` (${whyNotRendered})` : "";
const rendered = renderAll().production;
const scalers = ofKind<Autoscaler>(rendered, "HorizontalPodAutoscaler");

/** A menu read from the cache, by `bun run bench scale`. */
const CPU_SECONDS_PER_REQUEST = 0.000_25;
const STEP_AT = 600;
const DAY = { lull: 600, noisy: 1_800 };

function modelOf(name: string): Omit<Model, "requestsPerSecond" | "seconds" | "replicas"> {
  const container = servicesOf(rendered).find(({ metadata }) => metadata.name === name)?.spec.template.spec
    .containers[0];
  const scaler = scalers.find(({ metadata }) => metadata.name === name);
  if (!container || !scaler) throw new Error(`No ${name}`);
  return {
    autoscaler: scaler.spec,
    requestCores: cores(container.resources?.requests?.cpu),
    limitCores: cores(container.resources?.limits?.cpu),
    cpuSecondsPerRequest: CPU_SECONDS_PER_REQUEST,
  };
}

/** As many requests a second as these replicas serve at just their target. */
const fullLoad = (
  { autoscaler, requestCores, cpuSecondsPerRequest }: ReturnType<typeof modelOf>,
  pods: number,
) => {
  const percent = autoscaler.metrics[0]?.resource?.target.averageUtilization ?? 0;
  return (pods * requestCores * percent) / 100 / cpuSecondsPerRequest;
};

/** Numbers from 0 to 1 that are the same at each run: a linear congruential generator. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe.skipIf(Boolean(whyNotRendered)).each(services.map(({ name }) => `${name}-service`))(
  `the autoscaler of %s${why}`,
  (name) => {
    const model = whyNotRendered ? ({} as ReturnType<typeof modelOf>) : modelOf(name);

    test.each([2, 3, 5])("serves eight times the load of %d busy replicas within 45 s", (replicas) => {
      const usual = fullLoad(model, replicas) * 0.99;
      for (let scrapePhase = 0; scrapePhase < 15; scrapePhase += 5)
        for (let syncPhase = 0; syncPhase < 15; syncPhase += 1.25) {
          const moments = simulate({
            ...model,
            ...{ replicas, scrapePhase, syncPhase },
            seconds: STEP_AT + 120,
            requestsPerSecond: (at) => (at < STEP_AT ? usual : usual * 8),
          });
          expect(moments.find(({ at }) => at === STEP_AT)?.replicas).toBe(replicas);
          const late = moments.filter(({ at, waiting }) => at >= STEP_AT + 45 && waiting > 1);
          expect(late).toEqual([]);
        }
    });

    test.each([1, 15, 60])("turns round at most once in half an hour of noise, new each %d s", (every) => {
      for (let seed = 1; seed <= 10; seed++) {
        const random = chance(seed);
        const pods = 2 + random() * 8;
        const usual = fullLoad(model, pods);
        const noise = Array.from({ length: DAY.noisy }, () => 0.8 + random() * 0.4);
        const moments = simulate({
          ...model,
          replicas: Math.ceil(pods),
          ...{ scrapePhase: Math.floor(random() * 15), syncPhase: Math.floor(random() * 15) },
          seconds: DAY.lull + DAY.noisy,
          requestsPerSecond: (at) =>
            usual * (at < DAY.lull ? 1 : (noise[Math.floor((at - DAY.lull) / every)] ?? 1)),
        });
        expect(turns(moments.filter(({ at }) => at >= DAY.lull))).toBeLessThanOrEqual(1);
      }
    });

    test("comes down again after the rush, slowly, and never below two", () => {
      const rush = fullLoad(model, 12);
      const moments = simulate({
        ...model,
        replicas: 2,
        seconds: 3 * 3_600,
        requestsPerSecond: (at) => (at < 1_800 ? rush : 0),
      });
      const replicas = moments.map((moment) => moment.replicas);
      expect(Math.min(...replicas)).toBe(2);
      expect(replicas.at(-1)).toBe(2);
      expect(moments.find(({ at }) => at === 1_800 + 600)?.replicas).toBeGreaterThanOrEqual(12);
    });
  },
);
