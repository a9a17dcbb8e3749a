// The example of each body in the OpenAPI documents is accepted when it is sent, with ids that exist.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { describeWithDatabases } from "@food/shared/testing/service";
import { call } from "@food/shared/testing/tools";
import { type Cast, type Ids, ISSUER, openCast, type Role, startWithMail } from "../access/cast.ts";
import { TABLES } from "../access/matrix.ts";
import { retryOn503 } from "../actors.ts";
import { SERVICES, type ServiceName } from "../platform.ts";

interface Example {
  service: ServiceName;
  route: string;
  body: object;
}

const ROOT = join(import.meta.dir, "../..");
const examples: Example[] = [];
for (const service of SERVICES) {
  const module = (await import(join(ROOT, `services/${service}/src/examples.ts`))) as {
    examples: Record<string, object>;
  };
  for (const [route, body] of Object.entries(module.examples)) examples.push({ service, route, body });
}

/** Only a program that has the secret can send the right one. */
const SECRETS = [
  "INVALID_REFRESH_TOKEN",
  "INVALID_LINK",
  "INVITATION_NOT_FOUND",
  "INVALID_SECOND_FACTOR",
  "WRONG_PIN",
];
/** Sign-ups come first, and last what ends the sessions of an account. */
const TURNS = [/^POST \/v1\/(customers|restaurants|couriers|operators)$/, /(?<!\/password)$/, /\/password$/];
const turnOf = ({ route }: Example) => TURNS.findIndex((pattern) => pattern.test(route));
const endsAccount = (route: string) => /^DELETE .*\/me$/.test(route);

const roleOf = ({ service, route }: Example): Role | undefined => {
  const row = Object.entries(TABLES[service]).find(([known]) => known === route)?.[1];
  return row && "roles" in row ? (row.roles[0] as Role) : undefined;
};

async function send({ urls, accounts, ids, sessions }: Cast, example: Example) {
  const role = roleOf(example);
  const { restaurantId, addressId, dishId } = ids;
  const known: Record<string, string | undefined> = {
    ...{ rst: restaurantId, adr: addressId, dsh: dishId, crr: accounts.courier.other.id },
  };
  const body = JSON.stringify(example.body).replaceAll(
    /"(\w{3})_01k9v3e6m2x8r4t7w0z5b1c3d6"/g,
    (_, prefix: string) => JSON.stringify(known[prefix]),
  );
  const own: Ids = { ...ids, ...(role && { sessionId: sessions[role] }) };
  const route = example.route.replaceAll(/:(\w+)/g, (_, name: string) => own[name] ?? name);
  return call<{ code?: string }>(urls[example.service], route as "GET /", {
    ...(role && { token: accounts[role][endsAccount(example.route) ? "other" : "own"].token }),
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body,
  });
}

test("an example belongs to a route", () => {
  const strays = examples.filter(({ service, route }) => !(route in TABLES[service]));
  expect(strays).toEqual([]);
  for (const role of Object.keys(ISSUER)) expect(examples.map(roleOf)).toContain(role as Role);
});

describeWithDatabases("the examples of the documents", () => {
  test("are accepted, apart from secrets and the state of what they are about", async () => {
    const cast = await openCast(await startWithMail());
    const refused: string[] = [];
    for (const example of examples.toSorted((a, b) => turnOf(a) - turnOf(b))) {
      const { status, body } = await retryOn503(() => send(cast, example));
      if (status < 300 || status === 409 || SECRETS.includes(body.code ?? "")) continue;
      refused.push(`${example.service} ${example.route}: ${status} ${JSON.stringify(body)}`);
    }
    expect(refused).toEqual([]);
  });
});
