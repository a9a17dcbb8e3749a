// `<binary> --health URL` exits with 0 when the URL answers 2xx: the health check of images without a shell. A service
// imports this first, so that a check loads nothing else.
const at = process.argv.indexOf("--health");
if (at !== -1) {
  const answer = await fetch(process.argv[at + 1] ?? "", { signal: AbortSignal.timeout(3_000) }).catch(
    () => undefined,
  );
  process.exit(answer?.ok ? 0 : 1);
}

export {};
