import { RestaurantId } from "@food/shared/contracts/ids";
import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** The last restaurant of a page. `atMs` is when the first page was asked for: whether a restaurant is open is judged at that
 * time on all pages. `place` is the distance in meters with a position, else the name. */
const cursorWith = <S extends TSchema>(place: S) =>
  Type.Object(
    {
      atMs: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
      closed: Type.Boolean(),
      similar: Type.Boolean(),
      place,
      restaurantId: RestaurantId,
    },
    { additionalProperties: false },
  );
export const MenuDistanceCursor = cursorWith(Type.Number());
export const MenuNameCursor = cursorWith(Type.String());
export type SearchCursor = Static<typeof MenuDistanceCursor> | Static<typeof MenuNameCursor>;
