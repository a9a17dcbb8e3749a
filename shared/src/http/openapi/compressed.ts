// Bodies that never change, compressed once each and off the event loop, for callers that accept it.
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export type Bytes = Uint8Array<ArrayBuffer>;
type Encoding = "zstd" | "gzip";

/** Best first. */
const ENCODERS: Record<Encoding, (bytes: Bytes) => Promise<Bytes>> = {
  zstd: async (bytes) => (await Bun.zstdCompress(bytes, { level: 9 })) as Buffer<ArrayBuffer>,
  gzip: promisify<Bytes, Bytes>(gzip),
};

/** RFC 9110, section 12.5.3: a weight of 0 refuses. */
function accepts(header: string, name: Encoding): boolean {
  const parts = header.split(",").map((part) => part.trim().split(/\s*;\s*q=/));
  const named = parts.find(([token]) => token === name);
  return named !== undefined && Number(named[1] ?? 1) > 0;
}

/** A body that is read and compressed when it is first asked for. */
export function compressed(read: () => Promise<Bytes>) {
  const kept = new Map<Encoding | undefined, Promise<Bytes>>();
  return async ({ headers }: Request): Promise<{ body: Bytes; encoding: Encoding | undefined }> => {
    const header = headers.get("accept-encoding") ?? "";
    const encoding = (Object.keys(ENCODERS) as Encoding[]).find((name) => accepts(header, name));
    const body = kept.get(encoding) ?? read().then((bytes) => (encoding ? ENCODERS[encoding](bytes) : bytes));
    kept.set(encoding, body);
    return { body: await body, encoding };
  };
}
