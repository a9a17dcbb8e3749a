// The invariant of money. Computes each amount once more, from what was requested and what the menu said.
import type { History, Placement, Price, RequestedLine, Sighting, TaxTerms } from "../history.ts";
import type { Snapshot, StoredComponent, StoredItem, StoredOrder } from "../snapshot.ts";

const rounded = (dividend: number, divisor: number) => Math.floor((2 * dividend + divisor) / (2 * divisor));

const inWords = (lines: RequestedLine[]) =>
  lines
    .map(({ dishId, quantity, options = [] }) => {
      const chosen = options.map((one) => ` with ${one.quantity} ${one.optionId}`).sort();
      return `${quantity} ${dishId}${chosen.join("")}`;
    })
    .join(", ");

function componentInWords(component: StoredComponent): string {
  const { kind, line, optionId, rateBasisPoints, quantity = 1, included, amountCents } = component;
  const what = [kind, line, optionId, rateBasisPoints].filter((part) => part !== undefined).join(" ");
  const amount = `${quantity} × ${component.unitCents ?? amountCents} = ${amountCents}`;
  return `${what}: ${amount}${included ? " included" : ""}`;
}

/** The dish of a line at its price without options. */
function dishCents({ unitPriceCents, options = [] }: StoredItem): number {
  return unitPriceCents - options.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
}

/** The components that an order must have. */
function expectedComponents(order: StoredOrder, taxes: TaxTerms | undefined): StoredComponent[] {
  const { items, deliveryFeeCents, tipCents = 0 } = order;
  const lines = items.flatMap((item, line) => {
    const dish = { kind: "dish", line, quantity: item.quantity, unitCents: dishCents(item) };
    const options = (item.options ?? []).map(({ optionId, quantity, priceCents }) => ({
      ...{ kind: "option", line, optionId, quantity: item.quantity * quantity, unitCents: priceCents },
    }));
    return [dish, ...options].map((one) => ({ ...one, amountCents: one.quantity * one.unitCents }));
  });
  const byRate = new Map<number, number>();
  const add = (rate: number | undefined, cents: number) =>
    rate !== undefined && byRate.set(rate, (byRate.get(rate) ?? 0) + cents);
  for (const item of items) add(taxes?.basisPoints[item.dishId], item.quantity * item.unitPriceCents);
  add(taxes?.feeBasisPoints, deliveryFeeCents);
  const included = taxes?.pricesIncludeTax ?? true;
  const ofTax = [...byRate]
    .sort(([a], [b]) => a - b)
    .map(([rateBasisPoints, cents]) => {
      const divisor = included ? 10_000 + rateBasisPoints : 10_000;
      return {
        kind: "tax",
        rateBasisPoints,
        included,
        amountCents: rounded(cents * rateBasisPoints, divisor),
      };
    });
  return [
    ...lines,
    { kind: "delivery_fee", amountCents: deliveryFeeCents },
    ...ofTax,
    ...(tipCents > 0 ? [{ kind: "tip", amountCents: tipCents }] : []),
  ];
}

function sumFaults(order: StoredOrder, taxes: TaxTerms | undefined): string[] {
  const { items, components = [], subtotalCents, totalCents } = order;
  const sum = components.reduce((cents, one) => (one.included ? cents : cents + one.amountCents), 0);
  const ofLines = items.reduce((cents, item) => cents + item.quantity * item.unitPriceCents, 0);
  const has = components.map(componentInWords);
  const should = expectedComponents(order, taxes).map(componentInWords);
  return [
    ...(sum !== totalCents || ofLines !== subtotalCents ? [`${totalCents} is not the sum of its parts`] : []),
    ...(has.join("\n") === should.join("\n")
      ? []
      : [`has ${has.join(", ")}; should have ${should.join(", ")}`]),
  ];
}

/** Dishes and options at a price that the menu did not have while the order may have been priced. */
function priceFaults({ items }: StoredOrder, tries: Placement[], pricesOf: Map<string, Price[]>): string[] {
  const from = Math.min(...tries.map((one) => one.from));
  const until = Math.max(...tries.map((one) => one.until));
  const wasPrice = (id: string, cents: number) =>
    pricesOf.get(id)?.some((price) => price.cents === cents && price.from <= until && price.until >= from) ===
    true;
  return items
    .flatMap((item) => [
      { id: item.dishId, cents: dishCents(item) },
      ...(item.options ?? []).map(({ optionId, priceCents }) => ({ id: optionId, cents: priceCents })),
    ])
    .filter(({ id, cents }) => !wasPrice(id, cents))
    .map(({ id, cents }) => `${id} at ${cents}, which was not its price then`);
}

/** I8. Each total is the sum of its components: the requested dishes and options at prices that the menu had during the
 * request, the fee, the tax by rate, and a tip that the customer gave. Every view shows the same. */
export function correctTotals({ orders }: Snapshot, history: History): string[] {
  const { placements, sightings, prices, taxes, tips } = history;
  const asked = Map.groupBy(placements, ({ customerId, key }) => `${customerId} ${key}`);
  const pricesOf = Map.groupBy(prices, ({ id }) => id);
  const given = Map.groupBy(
    tips.filter(({ outcome }) => outcome !== "refused"),
    ({ orderId }) => orderId,
  );
  const wereGiven = ({ _id }: StoredOrder, [first]: Placement[]) => [
    first?.tipCents ?? 0,
    ...(given.get(_id) ?? []).map(({ tipCents }) => tipCents),
  ];
  const sightingsOf = Map.groupBy(sightings, ({ orderId }) => orderId);
  return orders.flatMap((order) => {
    const tries = asked.get(`${order.customerId} ${order.idempotencyKey}`) ?? [];
    const [placement] = tries;
    const terms = taxes.find(({ restaurantId }) => restaurantId === order.restaurantId);
    const possible = placement && wereGiven(order, tries);
    const { tipCents: tip = 0, totalCents } = order;
    const shownOtherwise = (seen: Sighting) =>
      seen.totalCents !== undefined &&
      (seen.totalCents - (seen.tipCents ?? 0) !== totalCents - tip ||
        possible?.includes(seen.tipCents ?? 0) === false);
    return [
      ...sumFaults(order, terms),
      ...(placement ? priceFaults(order, tries, pricesOf) : []),
      ...(placement && inWords(placement.lines) !== inWords(order.items)
        ? [`has ${inWords(order.items)}, requested was ${inWords(placement.lines)}`]
        : []),
      ...(possible?.includes(tip) === false
        ? [`has a tip of ${tip}, given were ${possible.join(", ")}`]
        : []),
      ...(sightingsOf.get(order._id) ?? [])
        .filter(shownOtherwise)
        .map(
          (seen) =>
            `shown at ${seen.totalCents} with a tip of ${seen.tipCents ?? 0}, stored at ${totalCents}`,
        ),
    ].map((what) => `I8 ${order._id}: ${what}`);
  });
}
