// What the HorizontalPodAutoscaler does, as Kubernetes documents it ("Horizontal Pod Autoscaling", Algorithm details and
// Configurable scaling behavior), with the controller's defaults; pure, on whatever clock it is given, in seconds.

export const SYNC_SECONDS = 15;
const TOLERANCE = 0.1;

export interface Policy {
  type: "Percent" | "Pods";
  value: number;
  periodSeconds: number;
}
interface Direction {
  stabilizationWindowSeconds: number;
  policies: Policy[];
}
export interface Autoscaler {
  minReplicas: number;
  maxReplicas: number;
  metrics: { type: string; resource?: { name: string; target: { averageUtilization: number } } }[];
  behavior: { scaleUp: Direction; scaleDown: Direction };
}

/** A pod as the metrics show it: what it takes of what it asked for, in per cent; undefined while it is not ready, or
 * has not been ready for a whole window of measuring. */
export type Utilization = number | undefined;

/** How many pods the metric asks for. Pods without a figure count as idle where that keeps it from scaling up too far. */
export function wantedReplicas(pods: Utilization[], targetPercent: number): number {
  const known = pods.filter((percent) => percent !== undefined);
  const current = pods.length;
  if (known.length === 0) return current;
  const total = known.reduce((sum, percent) => sum + percent, 0);
  const ratio = total / known.length / targetPercent;
  const isNear = (value: number) => Math.abs(value - 1) <= TOLERANCE;
  if (known.length === current || ratio < 1) return isNear(ratio) ? current : Math.ceil(ratio * known.length);
  const cautious = total / current / targetPercent;
  return isNear(cautious) || cautious < 1 ? current : Math.max(Math.ceil(cautious * current), current);
}

interface Change {
  at: number;
  by: number;
}

/** The autoscaler of one Deployment, with its memory. `decide` is asked at each sync. */
export function newAutoscaler({ minReplicas, maxReplicas, behavior }: Autoscaler) {
  const wishes: { at: number; replicas: number }[] = [];
  const changes: Change[] = [];

  /** The least or the most that has been wished for within the window. */
  const stable = (
    now: number,
    { stabilizationWindowSeconds }: Direction,
    pick: (...all: number[]) => number,
  ) =>
    pick(
      ...wishes
        .filter(({ at }) => at > now - stabilizationWindowSeconds || at === now)
        .map((wish) => wish.replicas),
    );

  /** What the most generous policy lets it become. */
  function limit(now: number, current: number, { policies }: Direction, sign: 1 | -1): number {
    const limits = policies.map(({ type, value, periodSeconds }) => {
      const recent = changes.filter(({ at, by }) => at > now - periodSeconds && Math.sign(by) === sign);
      const before = current - recent.reduce((sum, { by }) => sum + by, 0);
      if (type === "Pods") return before + sign * value;
      return sign > 0 ? Math.ceil(before * (1 + value / 100)) : Math.floor(before * (1 - value / 100));
    });
    return sign > 0 ? Math.max(...limits) : Math.min(...limits);
  }

  return function decide(now: number, current: number, wanted: number): number {
    wishes.push({ at: now, replicas: wanted });
    const atLeast = stable(now, behavior.scaleUp, Math.min);
    const atMost = stable(now, behavior.scaleDown, Math.max);
    let next = Math.min(Math.max(current, atLeast), atMost);
    if (next > current) next = Math.min(next, Math.max(limit(now, current, behavior.scaleUp, 1), current));
    if (next < current) next = Math.max(next, Math.min(limit(now, current, behavior.scaleDown, -1), current));
    next = Math.min(Math.max(next, minReplicas), maxReplicas);
    if (next !== current) changes.push({ at: now, by: next - current });
    return next;
  };
}
