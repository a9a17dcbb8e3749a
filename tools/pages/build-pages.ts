// bun tools/pages/build-pages.ts [folder]: writes the pages as static files into folder/public (by default dist/pages), beside an
// nginx.conf that sends their headers. CUSTOMER_URL, RESTAURANT_URL, ORDER_URL and DELIVERY_URL are the services' public
// addresses.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exitWith } from "../command-line.ts";
import { type ServiceName, services } from "../services.ts";
import { type Addresses, bundlePages, configText } from "./bundle.ts";
import { nginxConf } from "./nginx-conf.ts";

/** Throws with the variable's name unless each is an origin. */
export function publicAddresses(env: Record<string, string | undefined>): Addresses {
  const read = (name: ServiceName) => {
    const variable = `${name.toUpperCase()}_URL`;
    const text = env[variable] ?? "";
    if (!URL.canParse(text) || !/^https?:\/\/[^/?#]+$/.test(text))
      throw new Error(
        `${variable} is not an address such as https://${name}.food.example: set it to where browsers reach the service.`,
      );
    return [name, text];
  };
  return Object.fromEntries(services.map(({ name }) => read(name))) as Addresses;
}

export async function buildPages(folder: string, addresses: Addresses): Promise<void> {
  const at = join(folder, "public");
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at, { recursive: true });
  for (const [name, { bytes }] of await bundlePages()) {
    await Bun.write(join(at, name), bytes);
    await Bun.write(join(at, `${name}.gz`), Bun.gzipSync(bytes, { level: 9 }));
  }
  await Bun.write(join(at, "config.json"), configText(addresses));
  await Bun.write(join(folder, "nginx.conf"), nginxConf(addresses));
}

if (import.meta.main) {
  const folder = Bun.argv[2] ?? join(import.meta.dir, "../../dist/pages");
  try {
    await buildPages(folder, publicAddresses(Bun.env));
  } catch (error) {
    exitWith(error);
  }
}
