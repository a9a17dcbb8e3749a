// The bodies of responses of other services.

/** Far more than the largest menu. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Reads no more of a response. Its body may have broken off already. */
export async function discard({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

/** Rejects, and reads no more, once the body is larger than any of ours. */
export async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const length = response.headers.get("content-length");
  if (length !== null && Number(length) <= ANSWER_BYTES_MAX)
    return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > ANSWER_BYTES_MAX) throw new Error("The response is too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
