// What the order service says to the restaurant service about a restaurant's webhooks.
import { type Static, Type } from "@sinclair/typebox";
import { idSchema } from "../src/values/id.ts";

export const WebhookId = idSchema("whk", "A webhook endpoint");

export const DisabledWebhook = Type.Object(
  {
    host: Type.String({ maxLength: 300, description: "Of its URL, whose rest may be a secret" }),
    reason: Type.Union([Type.Literal("gone"), Type.Literal("failing")]),
  },
  { additionalProperties: false },
);
export type DisabledWebhook = Static<typeof DisabledWebhook>;
