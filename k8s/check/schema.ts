import Ajv from "ajv";
import schema from "./kubernetes-1.34.schema.json" with { type: "json" };
import type { Manifest } from "./objects.ts";

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(schema, "kubernetes");

/** The schema's name of `apps/v1` `Deployment`: it has the first word of the group. */
function definitionOf({ apiVersion, kind }: Manifest): string {
  const [version = "", group = "core"] = apiVersion.split("/").reverse();
  return `io.k8s.api.${group.split(".")[0]}.${version}.${kind}`;
}

/** The Prometheus operator's own kinds, of which monitoring.test.ts looks at what they say. */
const OPERATOR = "monitoring.coreos.com/v1";

/** One line for each fault of the objects by the API of Kubernetes 1.34, unknown fields included. */
export function schemaFaults(objects: Manifest[]): string[] {
  return objects.flatMap((object) => {
    if (object.apiVersion === OPERATOR) return [];
    const name = `${object.kind}/${object.metadata.name}`;
    const definition = definitionOf(object);
    if (!(definition in schema.definitions)) return [`${name}: ${definition} is not in the schema`];
    const isValid = ajv.getSchema(`kubernetes#/definitions/${definition}`);
    if (!isValid || isValid(object)) return [];
    return (isValid.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}
