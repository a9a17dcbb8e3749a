import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anAddress,
  type CustomerService,
  OPERATORS,
  type SignedUp,
  startCustomerService,
  withoutId,
} from "../customer-service.builder.ts";

describeWithDatabases("/v1/customers/me/addresses", () => {
  let service: CustomerService;
  let ada: SignedUp;
  let ben: SignedUp;
  beforeAll(async () => {
    service = await startCustomerService();
    [ada, ben] = await Promise.all([service.signUp(), service.signUp()]);
  });
  type Route = "GET" | "POST" | "PATCH" | "DELETE";
  const send = (method: Route, who: SignedUp | undefined, path = "", body?: object) =>
    call(service.url, `${method} /v1/customers/me/addresses${path}` as "GET /", {
      ...(who && { token: who.token }),
      ...(body && { body }),
    });
  const add = async (who: SignedUp, overrides: object = {}) =>
    String((await send("POST", who, "", anAddress(overrides))).body.addressId);

  test("adds, lists, changes and deletes my addresses", async () => {
    const cara = await service.signUp();
    const added = await send("POST", cara, "", anAddress());
    expect(added.status).toBe(201);
    expect(added.body).toEqual({ ...anAddress(), addressId: expect.stringMatching(/^adr_[0-9a-z]{26}$/) });
    const work = await add(cara, { label: "Work" });
    const path = `/${added.body.addressId}`;
    const changed = await send("PATCH", cara, path, { line1: "Torstr. 2", location: { lat: 1, lng: 2 } });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...added.body, line1: "Torstr. 2", location: { lat: 1, lng: 2 } },
    ]);
    const listed = await send("GET", cara);
    expect([listed.status, listed.body]).toEqual([
      200,
      { items: [changed.body, { ...anAddress({ label: "Work" }), addressId: work }], nextCursor: null },
    ]);
    expect((await send("DELETE", cara, path)).status).toBe(204);
    expect((await send("DELETE", cara, path)).status).toBe(404);
    expect(((await send("GET", cara)).body.items as object[]).length).toBe(1);
  });

  test("accepts lines of the maximum number of code points, and stores them in NFC", async () => {
    const label = "🍝".repeat(60);
    const added = await send("POST", ada, "", anAddress({ label, line1: "Cafe\u0301" }));
    expect([added.status, added.body.label, added.body.line1]).toEqual([201, label, "Caf\u00e9"]);
    await send("DELETE", ada, `/${added.body.addressId}`);
  });

  test("returns and changes an address that was accepted under an older rule", async () => {
    const emil = await service.signUp();
    const old = {
      ...anAddress(),
      addressId: newId("adr"),
      country: "QQ",
      line1: "\u202eold",
      label: "\u200b",
    };
    const customers = service.base.mongo.db.collection<{ _id: string }>("customers");
    await customers.updateOne({ _id: emil.customerId }, { $set: { addresses: [old] } });
    const listed = await send("GET", emil);
    expect([listed.status, listed.body.items]).toEqual([200, [old]]);
    const changed = await send("PATCH", emil, `/${old.addressId}`, { line1: "New" });
    expect([changed.status, changed.body]).toEqual([200, { ...old, line1: "New" }]);
  });

  test("answers 404 alike for another customer's address and for one that does not exist", async () => {
    const hers = await add(ada);
    for (const method of ["PATCH", "DELETE"] as const) {
      const body = method === "PATCH" ? { label: "Mine" } : undefined;
      const theirs = await send(method, ben, `/${hers}`, body);
      const missing = await send(method, ben, `/${newId("adr")}`, body);
      expect([theirs.status, theirs.body.code]).toEqual([404, "ADDRESS_NOT_FOUND"]);
      expect(withoutId(theirs)).toEqual(withoutId(missing));
    }
    expect(((await send("GET", ada)).body.items as { label: string }[])[0]?.label).toBe("Home");
    expect((await send("GET", ben)).body).toEqual({ items: [], nextCursor: null });
  });

  test("adds twenty of thirty concurrent addresses, and answers 409 to the others", async () => {
    const dora = await service.signUp();
    const answers = await Promise.all(Array.from({ length: 30 }, () => send("POST", dora, "", anAddress())));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    const next = await send("POST", dora, "", anAddress());
    expect([next.status, next.body.code]).toEqual([409, "TOO_MANY_ADDRESSES"]);
    const items = (await send("GET", dora)).body.items as { addressId: string }[];
    expect(items).toHaveLength(20);
    await send("DELETE", dora, `/${items[0]?.addressId}`);
    expect((await send("POST", dora, "", anAddress())).status).toBe(201);
  });

  describe("answers 422 to", () => {
    test.each([
      ["a latitude out of range", { location: { lat: 90.1, lng: 0 } }],
      ["a longitude out of range", { location: { lat: 0, lng: -180.1 } }],
      ["half a location", { location: { lat: 0 } }],
      ["a location in words", { location: "52.5,13.4" }],
      ["GeoJSON", { location: { type: "Point", coordinates: [1, 2] } }],
      ["a country in lower case", { country: "de" }],
      ["a country that does not exist", { country: "QQ" }],
      ["a name that writes from right to left", { label: "\u202eliar" }],
      ["an invisible line", { line1: "\u200b" }],
      ["a blank city", { city: " " }],
      ["an endless line", { line1: "x".repeat(201) }],
      ["an id of its own", { addressId: newId("adr") }],
      ["a dotted field", { "location.lat": 1 }],
      ...["label", "line1", "city", "postalCode", "country", "location"].flatMap((field) =>
        OPERATORS.map((operator): [string, object] => [
          `${JSON.stringify(operator)} for ${field}`,
          { [field]: operator },
        ]),
      ),
    ])("%s", async (_, change) => {
      const addressId = await add(ben);
      const created = await send("POST", ben, "", anAddress(change));
      const changed = await send("PATCH", ben, `/${addressId}`, change);
      await send("DELETE", ben, `/${addressId}`);
      expect([created.status, changed.status]).toEqual([422, 422]);
    });

    test("an address without a postal code in a country that has them", async () => {
      const { postalCode: _, ...withoutCode } = anAddress();
      const refused = await send("POST", ben, "", withoutCode);
      expect([refused.status, refused.body.details]).toMatchObject([422, [{ pointer: "/postalCode" }]]);
      const added = await send("POST", ben, "", { ...withoutCode, city: "Hong Kong", country: "HK" });
      expect([added.status, added.body.postalCode]).toEqual([201, undefined]);
      const path = `/${added.body.addressId}`;
      expect((await send("PATCH", ben, path, { label: "Work" })).status).toBe(200);
      const moved = await send("PATCH", ben, path, { country: "DE" });
      expect([moved.status, moved.body.details]).toMatchObject([422, [{ pointer: "/postalCode" }]]);
      expect((await send("PATCH", ben, path, { country: "DE", postalCode: "10119" })).status).toBe(200);
      expect((await send("PATCH", ben, path, { country: "FR" })).status).toBe(200);
      expect((await send("PATCH", ben, `/${newId("adr")}`, { country: "FR" })).status).toBe(404);
      await send("DELETE", ben, path);
    });

    test("an empty change", async () => {
      expect((await send("PATCH", ben, `/${newId("adr")}`, {})).status).toBe(422);
    });
  });

  test("answers 401 without a token, also to an invalid request", async () => {
    const path = `/${newId("adr")}`;
    const answers = await Promise.all([
      send("GET", undefined),
      send("POST", undefined, "", { bad: true }),
      send("PATCH", undefined, path, {}),
      send("DELETE", undefined, "/nonsense"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test.each([["nonsense"], ["%24ne"], ["[$ne]"], ["adr_1"]])("answers 404 to the id %p", async (id) => {
    expect((await send("DELETE", ada, `/${id}`)).status).toBe(404);
    expect((await send("PATCH", ada, `/${id}`, { label: "x" })).status).toBe(404);
  });
});
