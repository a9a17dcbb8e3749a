// Helps tests search: each test uses its own word in names, so that it finds only its own restaurants.
import type { Restaurant } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { newId } from "@food/shared/values/id";
import { BERLIN, type RestaurantService } from "../restaurant-service.builder.ts";

export interface Page {
  items: Restaurant[];
  nextCursor: string | null;
}

export type Query = Record<string, string | number>;

export const north = (meters: number) => ({ lat: BERLIN.lat + meters / 111_319, lng: BERLIN.lng });

/** The prefix of all names of one test. */
export const ownWord = () => newId("w").replace("_", "");

/** Names without the prefix. */
export const namesOn = (read: Restaurant[][]) =>
  read.flat().map(({ name }) => name.split(" ").slice(1).join(" "));

export function searching(serviceOf: () => RestaurantService) {
  const search = (query: Query) =>
    serviceOf().call<Page & Problem>(
      `GET /v1/restaurants?${new URLSearchParams(query as Record<string, string>)}`,
    );
  const names = async (query: Query) => namesOn([(await search(query)).body.items]);

  /** The items of all pages. */
  async function pages(query: Query): Promise<Restaurant[][]> {
    const read: Restaurant[][] = [];
    for (let cursor: string | null | undefined; cursor !== null && read.length < 100; ) {
      const { body }: { body: Page } = await search({ ...query, ...(cursor && { cursor }) });
      read.push(body.items);
      cursor = body.nextCursor;
    }
    return read;
  }

  return { search, names, pages };
}
