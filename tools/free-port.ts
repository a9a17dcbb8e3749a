/** Throws when something listens on the port of 127.0.0.1; port 0 finds a free one. Returns the port. */
export function probePort(port: number): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  const found = probe.port;
  probe.stop(true);
  return found;
}

/** Below the ports that the kernel gives to outgoing connections, which would be in the way of whoever listens a
 * little later. */
const RANGE = { from: 10_000, to: 32_000 };
const TRIES = 50;
/** What was given once in this process is not given again: its owner may only be away for a moment. */
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
