/** Throws when something listens on the port of 127.0.0.1; port 0 finds a free one. Returns the port. */
export function probePort(port: number): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  const found = probe.port;
  probe.stop(true);
  return found;
}

export function freePort(): number {
  return probePort(0);
}
