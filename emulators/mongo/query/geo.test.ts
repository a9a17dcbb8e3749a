import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Document } from "mongodb";
import { openEmulator, randomFrom, refusal } from "../emulator.builder.ts";
import { decode, encode } from "../values.ts";
import { cellOf, cellRanges, distanceMeters, type Point } from "./geo.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;
const random = randomFrom(7);
/** As on the wire, where numbers carry their type. */
const typed = (document: Document): Document => decode(encode(document));
const point = (lng: number, lat: number) => ({ type: "Point" as const, coordinates: [lng, lat] });

const couriers = () => emulator.db.collection<Document & { _id?: number }>("couriers");
const spots: { _id: number; location: ReturnType<typeof point>; free: boolean; zone: string }[] = [];

beforeAll(async () => {
  emulator = await openEmulator();
  for (let _id = 0; _id < 2000; _id++) {
    const isNearby = _id % 2 === 0;
    const lng = isNearby ? 13.4 + (random() - 0.5) * 0.4 : random() * 360 - 180;
    const lat = isNearby ? 52.5 + (random() - 0.5) * 0.4 : random() * 180 - 90;
    spots.push({ _id, location: point(lng, lat), free: random() < 0.5, zone: random() < 0.5 ? "a" : "b" });
  }
  await couriers().insertMany(spots);
  await couriers().insertOne({ _id: 9999, free: true });
  await couriers().createIndex({ location: "2dsphere" });
  await emulator.db.collection("zoned").insertMany(spots as Document[]);
  await emulator.db
    .collection("zoned")
    .createIndex({ zone: 1, location: "2dsphere" }, { partialFilterExpression: { free: true } });
});
afterAll(() => emulator.close());

function nearest(
  center: Point,
  filter: (spot: (typeof spots)[number]) => boolean,
  max = 3e7,
  min = 0,
): number[] {
  const at = ({ location }: (typeof spots)[number]): number => {
    const [lng = 0, lat = 0] = location.coordinates;
    return distanceMeters(center, { lng, lat });
  };
  const inRange = spots.filter((spot) => filter(spot) && at(spot) <= max && at(spot) >= min);
  return inRange.sort((a, b) => at(a) - at(b)).map(({ _id }) => _id);
}

const CENTERS: Point[] = [
  { lng: 13.41, lat: 52.52 },
  { lng: 179.999, lat: 0.1 },
  { lng: -180, lat: -60 },
  { lng: 5, lat: 89.9 },
  { lng: 100, lat: -90 },
  { lng: 0, lat: 0 },
];

describe("a 2dsphere index", () => {
  test("finds the nearest first, wherever on the sphere", async () => {
    for (const center of CENTERS) {
      for (const [max, min] of [
        [500, 0],
        [20_000, 1000],
        [3_000_000, 0],
        [undefined, 0],
      ] as const) {
        const near = {
          near: point(center.lng, center.lat),
          ...(max && { maxDistance: max }),
          minDistance: min,
        };
        const stage = { $geoNear: { ...near, distanceField: "meters" } };
        const found = await couriers()
          .aggregate([stage, { $limit: 50 }])
          .toArray();
        expect(found.map(({ _id }) => _id)).toEqual(nearest(center, () => true, max, min).slice(0, 50));
      }
    }
  });

  test("answers a $geoNear stage with the distance, and with a filter", async () => {
    const [center] = CENTERS as [Point];
    const stage = {
      near: point(center.lng, center.lat),
      distanceField: "away.meters",
      query: { free: true },
      maxDistance: 9000,
      spherical: true,
    } as const;
    const found = await couriers()
      .aggregate([{ $geoNear: stage }, { $limit: 10 }])
      .toArray();
    expect(found.map(({ _id }) => _id)).toEqual(nearest(center, ({ free }) => free, 9000).slice(0, 10));
    const [lng, lat] = found[0]?.location.coordinates ?? [];
    expect(found[0]?.away.meters).toBeCloseTo(distanceMeters(center, { lng, lat }), 3);
  });

  test("serves a compound, partial index when the query implies it", async () => {
    const [center] = CENTERS as [Point];
    const near = { near: point(center.lng, center.lat), distanceField: "meters", maxDistance: 8000 };
    const zoned = emulator.db.collection("zoned");
    const search = (query: Document) => zoned.aggregate([{ $geoNear: { ...near, query } }]).toArray();
    const found = await search({ zone: "b", free: true });
    expect(found.map(({ _id }) => _id)).toEqual(
      nearest(center, ({ free, zone }) => free && zone === "b", 8000),
    );
    expect((await search({ free: true })).map(({ _id }) => _id)).toEqual(
      nearest(center, ({ free }) => free, 8000),
    );
    expect((await refusal(search({ zone: "b" }))).code).toBe(27);
  });

  test("finds what lies within a circle, with and without an index", async () => {
    const within = { location: { $geoWithin: { $centerSphere: [[13.4, 52.5], 5000 / 6_378_100] } } };
    const expected = nearest({ lng: 13.4, lat: 52.5 }, () => true, 5000).toSorted((a, b) => a - b);
    for (const name of ["couriers", "zoned"]) {
      const found = await emulator.db.collection(name).find(within).sort({ _id: 1 }).toArray();
      expect(found.map(({ _id }) => _id as unknown)).toEqual(expected);
    }
  });

  test("follows a courier who moves", async () => {
    await couriers().updateOne({ _id: 1 }, { $set: { location: point(-30, 30) } });
    const near = { near: point(-30, 30.0001), distanceField: "meters", maxDistance: 50 };
    expect(
      await couriers()
        .aggregate([{ $geoNear: near }])
        .toArray(),
    ).toMatchObject([{ _id: 1 }]);
  });

  test("refuses what is no point, and a search without an index", async () => {
    expect(
      (await refusal(couriers().insertOne({ location: { type: "Point", coordinates: [200, 0] } }))).code,
    ).toBe(16755);
    await emulator.db.collection("unindexed").insertOne({ spot: point(0, 0) });
    const stage = { $geoNear: { near: point(0, 0), distanceField: "d" } };
    expect((await refusal(emulator.db.collection("unindexed").aggregate([stage]).toArray())).code).toBe(27);
    expect(
      (
        await refusal(
          couriers()
            .aggregate([{ $match: {} }, stage])
            .toArray(),
        )
      ).code,
    ).toBe(40602);
  });
});

test("a degree of the meridian has the length that MongoDB's earth radius gives it", () => {
  expect(distanceMeters({ lng: 5, lat: 10 }, { lng: 5, lat: 11 })).toBeCloseTo(
    (Math.PI / 180) * 6_378_100,
    6,
  );
  expect(distanceMeters({ lng: 0, lat: 0 }, { lng: 180, lat: 0 })).toBeCloseTo(Math.PI * 6_378_100, 6);
  expect(distanceMeters({ lng: 7, lat: 7 }, { lng: 7, lat: 7 })).toBe(0);
});

test("the cells around a circle hold every point of it", () => {
  for (let round = 0; round < 3000; round++) {
    const center = { lng: random() * 360 - 180, lat: random() * 180 - 90 };
    const radiusMeters = 10 ** (random() * 7.3);
    const other = {
      lng: center.lng + (random() - 0.5) * 8,
      lat: Math.max(-90, Math.min(90, center.lat + (random() - 0.5) * 8)),
    };
    if (other.lng > 180 || other.lng < -180 || distanceMeters(center, other) > radiusMeters) continue;
    const cell = cellOf(typed(point(other.lng, other.lat)));
    const isCovered = cellRanges({ center, radiusMeters }).some(
      ([first, last]) => cell >= first && cell <= last,
    );
    expect([center, radiusMeters, other, isCovered]).toEqual([center, radiusMeters, other, true]);
  }
});
