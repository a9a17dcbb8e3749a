// `<binary> --health URL` ends with 0 when the URL answers 200: an image without a shell has nothing else to ask
// with. A service imports this first, so that nothing more is loaded for a question.
const at = process.argv.indexOf("--health");
if (at !== -1) {
  const answer = await fetch(process.argv[at + 1] ?? "", { signal: AbortSignal.timeout(3_000) }).catch(
    () => undefined,
  );
  process.exit(answer?.ok ? 0 : 1);
}

export {};
