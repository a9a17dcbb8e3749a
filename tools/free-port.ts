/** Throws when something listens on the port of 127.0.0.1; port 0 finds a free one. Returns the port. */
export function probePort(port: number): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  const found = probe.port;
  probe.stop(true);
  return found;
}

/** Below the ephemeral ports, which outgoing connections may take before the caller listens. */
const RANGE = { from: 10_000, to: 32_000 };
const TRIES = 50;
/** A port is given once in a process: its owner may restart. */
const given = new Set<number>();

export function freePort(): number {
  for (let tries = 1; ; tries++) {
    const port = RANGE.from + Math.floor(Math.random() * (RANGE.to - RANGE.from));
    if (given.has(port)) continue;
    try {
      given.add(probePort(port));
      return port;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
