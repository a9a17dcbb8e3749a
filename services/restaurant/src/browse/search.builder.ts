// How tests search: in words of their own, so that each finds only what it has made.
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

/** Of one test alone: every name it uses begins with this. */
export const ownWord = () => newId("w").replace("_", "");

/** Without the test's own word. */
export const namesOn = (read: Restaurant[][]) =>
  read.flat().map(({ name }) => name.split(" ").slice(1).join(" "));

export function searching(serviceOf: () => RestaurantService) {
  const search = (query: Query) =>
    serviceOf().call<Page & Problem>(
      `GET /v1/restaurants?${new URLSearchParams(query as Record<string, string>)}`,
    );
  const names = async (query: Query) => namesOn([(await search(query)).body.items]);

  /** All pages, one after the other. */
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
