import { expect, setDefaultTimeout, test } from "bun:test";
import { findingsIn } from "@food/shared/testing/redocly";
import { TEST_MAX_MS } from "@food/shared/testing/service";
import { type Document, inlined, MERGED, merged, mergedText, serviceDocuments } from "./merge.ts";

setDefaultTimeout(TEST_MAX_MS);
const documents = await serviceDocuments();
const text = await mergedText();
const all = merged(documents);
const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ route: `${method} ${path}`, operation })),
  );
const withoutNames = ({ operationId: _, tags: __, ...rest }: Document["paths"][string][string]) => rest;

test("docs/openapi/public.yaml is what `bun run docs` writes from the documents of the services", async () => {
  expect(await Bun.file(MERGED).text()).toBe(text);
});

test("the public document has no finding of Redocly's recommended rules", async () => {
  expect(await findingsIn(all)).toEqual([]);
});

test("the public document has every operation of the services, which says the same", () => {
  const found = new Map(operationsOf(all).map(({ route, operation }) => [route, operation]));
  let count = 0;
  for (const [service, document] of Object.entries(documents))
    for (const { route, operation } of operationsOf(document)) {
      const same = found.get(route.replace(" ", ` /${service}`));
      expect(inlined(all, withoutNames(same ?? operation))).toEqual(
        inlined(document, withoutNames(operation)),
      );
      expect(same).toBeDefined();
      count++;
    }
  expect(count).toBe(found.size);
});

test("the public document has what the services send", () => {
  const { post } = all.webhooks?.["order.event"] ?? {};
  const own = documents.order?.webhooks?.["order.event"]?.post;
  if (!post || !own) throw new Error("There is no event of an order");
  expect(inlined(all, withoutNames(post))).toEqual(inlined(documents.order as Document, withoutNames(own)));
  expect([post.operationId, post.tags]).toEqual(["orderReceiveOrderEvent", ["order: webhooks"]]);
});

const withSchemas = (schemas: Document["components"][string]): Document => ({
  ...{
    openapi: "3.1.0",
    info: { title: "", description: "", version: "", license: {} },
    servers: [],
    tags: [],
  },
  paths: {
    "/v1/a": { get: { operationId: "getA", tags: ["a"], schema: { $ref: "#/components/schemas/A" } } },
  },
  components: { schemas },
});
const A = { properties: { b: { $ref: "#/components/schemas/B" } } };

test("components of one name get that of their service when they, or what they refer to, differ", () => {
  const { components, paths } = merged({
    one: withSchemas({ A, B: { type: "string" }, C: { type: "null" } }),
    two: withSchemas({ A, B: { type: "integer" }, C: { type: "null" } }),
  });
  expect(Object.keys(components.schemas ?? {})).toEqual(["C", "OneA", "OneB", "TwoA", "TwoB"]);
  expect(components.schemas?.TwoA).toEqual({ properties: { b: { $ref: "#/components/schemas/TwoB" } } });
  expect(paths["/two/v1/a"]?.get).toMatchObject({ schema: { $ref: "#/components/schemas/TwoA" } });
});

test("refuses a name of a service's component that another component has", () => {
  const documentsOf = (B: object) => ({
    one: withSchemas({ A: { type: "string" }, ...B }),
    two: withSchemas({ A: { type: "integer" } }),
  });
  expect(() => merged(documentsOf({}))).not.toThrow();
  expect(() => merged(documentsOf({ OneA: { type: "null" } }))).toThrow("Two schemas have the name OneA");
});
