// bun run sbom: prints the software bill of materials of bun.lock, in CycloneDX 1.6.
import packageJson from "../../package.json";
import { type LockedPackage, licenseOf, lockedPackages } from "./lockfile.ts";

/** https://github.com/package-url/purl-spec */
const purlOf = ({ name, version }: LockedPackage) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

function component(locked: LockedPackage) {
  const [algorithm = "", digest = ""] = locked.integrity.split("-", 2);
  const content = Buffer.from(digest, "base64").toString("hex");
  const license = licenseOf(locked);
  return {
    type: "library",
    "bom-ref": purlOf(locked),
    name: locked.name,
    version: locked.version,
    purl: purlOf(locked),
    hashes: [{ alg: algorithm.toUpperCase().replace("SHA", "SHA-"), content }],
    ...(license && { licenses: [{ expression: license }] }),
  };
}

export const billOfMaterials = () => ({
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: {
      type: "application",
      "bom-ref": packageJson.name,
      name: packageJson.name,
      licenses: [{ expression: packageJson.license }],
    },
  },
  components: lockedPackages().map(component),
});

if (import.meta.main) process.stdout.write(`${JSON.stringify(billOfMaterials(), null, 2)}\n`);
