// A self-signed certificate for a server on this machine (RFC 5280), for tests of TLS.
import { generateKeyPairSync, sign } from "node:crypto";

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const time = (at: Date) =>
  der(
    0x17,
    Buffer.from(
      at
        .toISOString()
        .slice(2)
        .replace(/[-:T]|\.\d+/g, ""),
    ),
  );

const ECDSA_WITH_SHA256 = sequence(objectId("2a8648ce3d040302"));
const [COMMON_NAME, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS] = ["550403", "551d11", "551d13"].map(objectId);
const DAY_MS = 86_400_000;

/** Valid from a day ago until `expiresInMs` from now. */
export function selfSigned(host: string, expiresInMs = DAY_MS): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(COMMON_NAME as Buffer, der(0x0c, Buffer.from(host)))));
  const extension = (id: Buffer | undefined, value: Buffer) => sequence(id as Buffer, der(0x04, value));
  const extensions = sequence(
    extension(SUBJECT_ALT_NAME, sequence(der(0x82, Buffer.from(host)))),
    extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.from([255])))),
  );
  const now = Date.now();
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(now - DAY_MS)), time(new Date(now + expiresInMs))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const base64 = sequence(body, ECDSA_WITH_SHA256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}
