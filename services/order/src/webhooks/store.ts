// The endpoints of the restaurants.
import type { DisabledWebhook } from "@food/shared/contracts/webhooks";
import { OUTBOX_INDEX, type OutboxEntry, type WithOutbox, withTrace } from "@food/shared/outbox/outbox";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { SealedText } from "@food/shared/storage/sealed-text";
import { conflict, notFound } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import type { Db } from "mongodb";
import type { ChangeWebhook, DisabledReason, NewWebhook, WebhookEventType } from "./schema.ts";
import { newSecret, REPLACED_VALID_MS, replaced, type Secret } from "./secrets.ts";

/** Tells the restaurant's owners that the endpoint is disabled. */
export interface TellOwners extends OutboxEntry {
  kind: "tell_owners";
  reason: DisabledWebhook["reason"];
}

export interface Endpoint extends WithOutbox<TellOwners> {
  restaurantId: string;
  /** Its number among the restaurant's endpoints, which no other of them has. */
  place: number;
  url: string;
  /** All when empty. */
  events: WebhookEventType[];
  description?: string;
  /** The current one first, as sealed text. */
  secrets: Secret[];
  createdAt: Date;
  changedAt: Date;
  disabledReason?: DisabledReason;
  /** The first failure since the last success. */
  failingSince?: Date;
}

export type EndpointStore = ReturnType<typeof endpointStore>;

export const ENDPOINTS_MAX = 10;
const PLACE = "webhook_place";
/** Each failed try lost its place, or its secret, to another request. */
const TRIES_MAX = 20;

const noSuchWebhook = () => notFound("WEBHOOK_NOT_FOUND", "You have no such webhook.");
const busy = () =>
  conflict("WEBHOOK_BUSY", "Other requests changed the webhooks at the same time. Try again.");

export function endpointStore(db: Db, sealed: SealedText) {
  const endpoints = db.collection<Endpoint>("webhooks");
  const enabled = { disabledReason: { $exists: false } };

  async function freePlace(restaurantId: string): Promise<number> {
    const taken = new Set((await list(restaurantId)).map(({ place }) => place));
    const place = Array.from({ length: ENDPOINTS_MAX }, (_, i) => i).find((one) => !taken.has(one));
    if (place === undefined)
      throw conflict(
        "TOO_MANY_WEBHOOKS",
        `A restaurant has at most ${ENDPOINTS_MAX} webhooks. Delete one, or change its URL.`,
      );
    return place;
  }

  const list = (restaurantId: string) => endpoints.find({ restaurantId }).sort({ _id: 1 }).toArray();

  const sealedAt = (webhookId: string, secrets: Secret[]) =>
    Promise.all(
      secrets.map(async (secret) => ({ ...secret, value: await sealed.seal(secret.value, webhookId) })),
    );

  async function get(restaurantId: string, webhookId: string): Promise<Endpoint> {
    const found = await endpoints.findOne({ _id: webhookId, restaurantId });
    if (!found) throw noSuchWebhook();
    return found;
  }

  return {
    collection: endpoints,

    ensureIndexes: () =>
      endpoints.createIndexes([
        { key: { restaurantId: 1, place: 1 }, name: PLACE, unique: true },
        { key: { changedAt: 1 }, name: "changed" },
        OUTBOX_INDEX,
      ]),

    list,
    /** Throws 404 for another restaurant's. */
    get,
    find: (webhookId: string) => endpoints.findOne({ _id: webhookId }),
    enabledOf: (restaurantId: string) => endpoints.find({ restaurantId, ...enabled }).toArray(),

    /** The restaurants with endpoints that were made or changed since, and are enabled. */
    async restaurantsSince(from: Date): Promise<string[]> {
      const found = await endpoints
        .find({ changedAt: { $gte: from }, ...enabled })
        .project<Pick<Endpoint, "restaurantId">>({ _id: 0, restaurantId: 1 })
        .toArray();
      return found.map(({ restaurantId }) => restaurantId);
    },

    /** Throws 409 when the restaurant has as many as it may. */
    async add(
      restaurantId: string,
      { events = [], ...fields }: NewWebhook,
    ): Promise<Endpoint & { secret: string }> {
      const secret = newSecret();
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const now = new Date();
        const _id = newId("whk", now.getTime());
        const endpoint: Endpoint = {
          ...{ _id, restaurantId, place: await freePlace(restaurantId), ...fields, events },
          ...{ secrets: await sealedAt(_id, [{ value: secret }]), createdAt: now, changedAt: now },
          outbox: [],
        };
        try {
          await endpoints.insertOne(endpoint);
          return { ...endpoint, secret };
        } catch (error) {
          if (duplicateKeyOf(error) !== PLACE) throw error;
        }
      }
      throw busy();
    },

    async change(
      restaurantId: string,
      webhookId: string,
      { enabled: enable, ...fields }: ChangeWebhook,
    ): Promise<Endpoint> {
      const isNewStart = enable === true || fields.url !== undefined;
      const changed = await endpoints.findOneAndUpdate(
        { _id: webhookId, restaurantId },
        {
          $set: {
            ...{ ...fields, changedAt: new Date() },
            ...(enable === false && { disabledReason: "by_owner" as const }),
          },
          $unset: { ...(isNewStart && { failingSince: "" }), ...(enable && { disabledReason: "" }) },
        },
        { returnDocument: "after" },
      );
      if (!changed) throw noSuchWebhook();
      return changed;
    },

    /** The secrets in the clear. Those that are stored otherwise than new ones are stored anew. */
    async secretsOf({ _id, secrets }: Endpoint): Promise<Secret[]> {
      const opened = await Promise.all(
        secrets.map(async (secret) => ({ ...secret, value: await sealed.open(secret.value, _id) })),
      );
      if (!secrets.every(({ value }) => sealed.isCurrent(value)))
        await endpoints.updateOne(
          { _id, "secrets.0.value": secrets[0]?.value ?? "" },
          { $set: { secrets: await sealedAt(_id, opened) } },
        );
      return opened;
    },

    async replaceSecret(
      restaurantId: string,
      webhookId: string,
    ): Promise<{ secret: string; previousValidUntil: Date }> {
      const secret = newSecret();
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const { secrets } = await get(restaurantId, webhookId);
        const [own] = await sealedAt(webhookId, [{ value: secret }]);
        const previousValidUntil = new Date(Date.now() + REPLACED_VALID_MS);
        const next = replaced(secrets, own?.value ?? "", previousValidUntil);
        const { matchedCount } = await endpoints.updateOne(
          { _id: webhookId, restaurantId, "secrets.0.value": secrets[0]?.value ?? "" },
          { $set: { secrets: next } },
        );
        if (matchedCount === 1) return { secret, previousValidUntil };
      }
      throw busy();
    },

    remove: (webhookId: string) => endpoints.deleteOne({ _id: webhookId }),

    /** These three say what an attempt at this URL has shown, and do nothing once the owner has changed it. */
    disable: ({ _id, url }: Endpoint, reason: DisabledWebhook["reason"], at: Date) =>
      endpoints.updateOne(
        { _id, url, ...enabled },
        {
          $set: { disabledReason: reason, outboxDueAt: at },
          $push: {
            outbox: {
              $each: withTrace<TellOwners>([
                { id: `${_id}:${at.getTime()}`, kind: "tell_owners", at, reason },
              ]),
            },
          },
        },
      ),
    failed: ({ _id, url }: Endpoint, now: Date) =>
      endpoints.updateOne({ _id, url, failingSince: { $exists: false } }, { $set: { failingSince: now } }),
    succeeded: ({ _id, url }: Endpoint) =>
      endpoints.updateOne({ _id, url }, { $unset: { failingSince: "" } }),
  };
}
