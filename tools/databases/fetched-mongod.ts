// DATABASES=real: a mongod of one version, fetched once from MongoDB's own archive for this system. Nothing of the library
// that fetches it is loaded before it is asked for.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { oneLine, StartFailure } from "../failure.ts";

export const MONGOD_VERSION = "8.0.17";
const DOWNLOAD_DIR = join(import.meta.dir, "../../.data/mongod");

/** The path of the program. Says so before it fetches. Throws a StartFailure when it cannot. */
export async function fetchMongod(): Promise<string> {
  const given = process.env.MONGOMS_SYSTEM_BINARY || undefined;
  if (given && !existsSync(given)) {
    throw new StartFailure(`MONGOMS_SYSTEM_BINARY: there is no file ${given}: correct it, or unset it.`);
  }
  // A program that is named may be of any version; a network that is not there is tried twice.
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK ??= "false";
  process.env.MONGOMS_MAX_RETRIES ??= "2";
  const downloadDir = process.env.MONGOMS_DOWNLOAD_DIR || DOWNLOAD_DIR;
  try {
    const { DryMongoBinary, MongoBinary } = await import("mongodb-memory-server-core");
    const options = { version: MONGOD_VERSION, downloadDir, checkMD5: true };
    const isThere = await DryMongoBinary.locateBinary(await DryMongoBinary.generateOptions(options));
    if (!isThere) {
      const place = relative(process.cwd(), downloadDir) || ".";
      process.stdout.write(`Fetching MongoDB ${MONGOD_VERSION} into ${place}, once (about 80 MB).\n`);
    }
    return await MongoBinary.getPath(options);
  } catch (error) {
    throw new StartFailure(
      `MongoDB ${MONGOD_VERSION} cannot be fetched (${oneLine(error)}): ` +
        "connect to the network, set MONGOMS_DOWNLOAD_MIRROR or MONGOMS_SYSTEM_BINARY, or use DATABASES=emulator.",
    );
  }
}
