// What the customers of a proof order, and the options and taxes that its kitchens add to their menus.
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import { expectStatus, type Kitchen, retryOn503 } from "../actors.ts";
import type { Price, RequestedLine, TaxTerms } from "./history.ts";
import type { Random } from "./random.ts";

export interface ProofKitchen extends Kitchen {
  optionGroupId: string;
  optionIds: string[];
  taxes: TaxTerms;
}

const EXTRAS = [
  { name: "Cheese", priceCents: 150, maxQuantity: 2 },
  { name: "Olives", priceCents: 50, maxQuantity: 3 },
];
const EXTRAS_MAX = 3;

/** Adds extras to the first dish, and taxes to all. Every second kitchen has prices that contain them. */
export async function addExtras(kitchen: Kitchen, number: number): Promise<ProofKitchen> {
  const group = { name: "Extras", minSelections: 0, maxSelections: EXTRAS_MAX, options: EXTRAS };
  const { optionGroupId, options } = expectStatus(
    await retryOn503(() => kitchen.send<OptionGroup>("POST /v1/restaurants/me/option-groups", group)),
    201,
  );
  const tax = { pricesIncludeTax: number % 2 === 0, feeBasisPoints: 1_900 };
  const change = async (path: string, body: object) =>
    expectStatus(await retryOn503(() => kitchen.send(`PATCH /v1/restaurants/me${path}`, body)), 200);
  await change("", { tax });
  const basisPoints: Record<string, number> = {};
  for (const [i, dishId] of kitchen.dishIds.entries()) {
    const taxBasisPoints = i === 0 ? 700 : 1_900;
    basisPoints[dishId] = taxBasisPoints;
    await change(`/dishes/${dishId}`, {
      taxBasisPoints,
      ...(i === 0 && { optionGroups: [{ optionGroupId }] }),
    });
  }
  return {
    ...kitchen,
    optionGroupId,
    optionIds: options.map(({ optionId }) => optionId),
    taxes: { restaurantId: kitchen.id, ...tax, basisPoints },
  };
}

/** The prices with which the proof begins. */
export const firstPrices = ({ prices, optionIds }: ProofKitchen): Price[] =>
  [
    ...Object.entries(prices),
    ...optionIds.map((id, i): [string, number] => [id, EXTRAS[i]?.priceCents ?? 0]),
  ].map(([id, cents]) => ({ id, cents, from: 0, until: Infinity }));

/** Some lines of the menu, at times two of one dish with other options. */
export function randomLines(random: Random, { dishIds, optionIds }: ProofKitchen): RequestedLine[] {
  const [first = "", ...others] = dishIds;
  const ofFirst = (): RequestedLine => {
    const options = optionIds.flatMap((optionId) => {
      const quantity = random.int(0, 1);
      return quantity > 0 ? [{ optionId, quantity }] : [];
    });
    return { dishId: first, quantity: random.int(1, 3), ...(options.length > 0 && { options }) };
  };
  return [
    ofFirst(),
    ...(random.chance(0.3) ? [ofFirst()] : []),
    ...others.flatMap((dishId) => (random.chance(0.5) ? [{ dishId, quantity: random.int(1, 3) }] : [])),
  ];
}

export const randomTip = (random: Random): number => (random.chance(0.3) ? random.int(1, 10) * 50 : 0);

/** Where the price of a dish or an option is changed. */
export const priceRoute = ({ optionIds, optionGroupId }: ProofKitchen, id: string): `PATCH /${string}` =>
  optionIds.includes(id)
    ? `PATCH /v1/restaurants/me/option-groups/${optionGroupId}/options/${id}`
    : `PATCH /v1/restaurants/me/dishes/${id}`;
