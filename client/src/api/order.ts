// Written by `bun run docs` from docs/openapi/order.yaml.
export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public keys of this service's tokens
         * @description A JSON Web Key Set. The `kid` in a token's header names its key. May be cached for ten minutes.
         */
        get: operations["getWellKnownJwksJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My sessions, newest first; at most 20
         * @description `device`, `lastUsedAt` and `addressClass` are those of the last sign-in or refresh. Signing in once more at the limit ends the least recently used session.
         */
        get: operations["getSessions"];
        put?: never;
        /**
         * Sign in
         * @description The access token is short-lived: send it as `Authorization: Bearer …`. The refresh token gets the next one. After several wrong passwords 429 says when to try again.
         */
        post: operations["postSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for new tokens
         * @description Each is valid once. A retry within 10 seconds gets the same successor. A later use ends the session: the token was copied.
         */
        post: operations["postSessionsRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the access tokens of the session, too, within a minute in all services.
         */
        post: operations["postSessionsRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password, which ends all sessions
         * @description Needs the current password. Sign in again afterwards: the session of this request ends, too. Wrong current passwords count like wrong sign-ins: after several of them 429 says when to try again.
         */
        post: operations["postOperatorsMePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of my sessions, with my password: also its access tokens and open streams
         * @description Also the session of this request. Other services refuse its access tokens within a minute. A wrong password counts like a wrong sign-in. 404 for a session that has ended.
         */
        delete: operations["deleteSessionsSessionId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to set a new password; the answer is the same for an unknown address
         * @description The link is valid for an hour and works once. A change of the password or of the email address ends it. One address gets at most 5 such mails an hour; no more are sent, and the answer stays the same.
         */
        post: operations["postPasswordResets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password-resets/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password with the token of a link, which ends all sessions
         * @description A second factor stays on. A password that is refused leaves the link valid. The account gets a mail that its password was changed.
         */
        post: operations["postPasswordResetsConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what to my account and what belongs to it, newest first; kept for 400 days
         * @description Only changes, not reads. `fields` has the names of changed fields, never their values. `requestId` is the `X-Request-Id` of the request.
         */
        get: operations["getOperatorsMeActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that this service stores about me, as one file
         * @description Without secrets, such as hashes. `elsewhere` says what other services store.
         */
        get: operations["getOperatorsMeExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/email-changes/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a change of email address with the token of one of its two links
         * @description Needs no session. `changed` is false with the first link that is opened and true with the second. Each link is valid for a day; a change of the password and a later request end both.
         */
        post: operations["postEmailChangesConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another email address; links to the old and the new one must both be opened
         * @description Needs the current password. Until both links were opened the account keeps its address. The answer is the same for an address that has an account, which gets a mail that says so. A later request replaces this one.
         */
        post: operations["postOperatorsMeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether signing in needs a second factor
         * @description `recoveryCodesLeft` counts the recovery codes that are not used.
         */
        get: operations["getOperatorsMeSecondFactor"];
        put?: never;
        /**
         * Get a secret for an authenticator app; it counts once a code has confirmed it
         * @description Needs the current password. Show `uri` as a QR code. Asking again replaces a secret that no code has confirmed. 409 while a second factor is on: turn it off first.
         */
        post: operations["postOperatorsMeSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn the second factor on; the recovery codes are shown this once
         * @description From now on signing in needs a code of the app or a recovery code; each works once. Open sessions go on. After 5 wrong codes in 15 minutes, or 10 in a day, 429 says when to try again.
         */
        post: operations["postOperatorsMeSecondFactorConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me/second-factor/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn the second factor off
         * @description Needs the current password and a code of the app or a recovery code. The recovery codes end, too. Open sessions go on.
         */
        post: operations["postOperatorsMeSecondFactorDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an operator, with a first password
         * @description Operators have no sign-up: the settings of the service name the first one, and any operator adds others, who may do the same. Tell them the password; they change it with `POST /v1/operators/me/password`.
         */
        post: operations["postOperators"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operators/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My profile
         * @description The name stays as it was given. The email address changes with `POST /v1/operators/me/email`.
         */
        get: operations["getOperatorsMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders under way, couriers, trips and figures
         * @description At most some two seconds old.
         */
        get: operations["getTown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the town live: a snapshot, then changes
         * @description Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
         *     `EventSource` with a `ticket`. Each connection begins with a snapshot.
         *
         *     | event | data |
         *     | --- | --- |
         *     | `snapshot` | first: the body of `GET /v1/town` |
         *     | `changes` | about twice a second: `sequence` (also the id, one more than that of the event before), `at`, `ordersAt`, `couriersAt`, `isComplete`, and what has changed: whole items in `orders`, `couriers` and `trips`, the ids of those that are gone in `endedOrderIds`, `goneCourierIds` and `endedTripIds`, and `figures` |
         *     | `heartbeat` | every 15 s; its `region` where the platform has one |
         *     | `end` | the last event; `reason`: `signed_out`, `token_expired` or `too_slow` (connect again) |
         *     | `reconnect` | the process stops: connect again |
         *     | `error` | the stream could not be opened: connect again |
         *
         *     `ordersAt` or `couriersAt` stands still while that part cannot be read: what is shown is as old as that.
         */
        get: operations["getTownEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-time ticket to follow the town with an EventSource
         * @description Append it to the stream's URL as `?ticket=…` within 30 seconds. It opens one stream, which ends when the access token of this request expires.
         */
        post: operations["postTownEventsTickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One order with its timeline
         * @description Any order, also one that has ended. The timeline has every change, oldest first: what, when, by whom and why. Only its customer reads the PIN.
         */
        get: operations["getTownOrdersOrderId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an open order
         * @description Before the pickup the order becomes `cancelled`; afterwards `delivery_failed`, because the food is out. 409 once it has ended. Sent again with the same reason, it changes nothing.
         */
        post: operations["postTownOrdersOrderIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/orders/{orderId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a delivery that the courier cannot report
         * @description Needs no PIN. 409 before the pickup and after the end. Sent again with the same reason, it changes nothing.
         */
        post: operations["postTownOrdersOrderIdComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/town/orders/{orderId}/reassign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an order from its courier, and look for another one
         * @description That courier is not offered it again. 409 `COURIER_CHANGED` when it is no longer theirs; 409 after the pickup. Sent again, it changes nothing.
         */
        post: operations["postTownOrdersOrderIdReassign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Current status of the order
         * @description For clients that poll; the events tell the same at once. `courierLocation` from the assignment to the end, `stale` when it has not moved on for a while. Send the `ETag` as `If-None-Match`.
         */
        get: operations["getOrdersOrderIdStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the order live: snapshot, status, location, heartbeat, end
         * @description Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
         *     `EventSource` with a `ticket`; when it closes, connect again with a new one. A `Last-Event-ID` header resumes after that event, on any replica, without a gap or a repetition; after
         *     the final event of an order it answers 204, and an `EventSource` stops connecting again.
         *
         *     | event | data |
         *     | --- | --- |
         *     | `snapshot` | first, unless resumed: the body of `/status`; its id is the order's version |
         *     | `status` | a change: `sequence` (also the id), `type`, `status`, `reason`, `at`, `readyAt`, `estimatedDeliveryAt`, `estimateReason`, `courier`, `stopsBefore` |
         *     | `location` | where the courier is, between assignment and the end, for customer and restaurant: at most every 3 s, and once more when it has become `stale` |
         *     | `estimate` | `estimatedDeliveryAt` has moved by a minute or more, or may have while you were disconnected; `reason` is what it depends on, `kitchen` or `courier` |
         *     | `degraded`, `live` | events are delayed by a second or two and positions are missing, and then real-time again |
         *     | `heartbeat` | every 15 s; its `region` where the platform has one |
         *     | `end` | the last event; `reason`: `final` (with the `status`), `released` (a courier who has lost the order), `signed_out` (the session has ended), `token_expired` or `too_slow` (connect again) |
         *     | `reconnect` | the process stops: connect again |
         *     | `error` | the stream could not be opened: connect again |
         */
        get: operations["getOrdersOrderIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-time ticket to follow the order with an EventSource
         * @description Append it to the stream's URL as `?ticket=…` within 30 seconds. It opens one stream, which ends when the access token of this request expires.
         */
        post: operations["postOrdersOrderIdEventsTickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Timeline of the order
         * @description Every change, oldest first: what, when, by whom and why. The numbers are those of the stream's events.
         */
        get: operations["getOrdersOrderIdTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My webhooks, oldest first
         * @description At most 10, in one page, also disabled ones. Without their secrets.
         */
        get: operations["getWebhooks"];
        put?: never;
        /**
         * Receive events of orders at your URL
         * @description Each message is a POST with the headers of [Standard Webhooks](https://www.standardwebhooks.com): verify it with
         *     the `secret` in this answer, which no other answer has. A message comes at least once, and those of one order come in order.
         *     Answer with 2xx within 10 s. Otherwise it is sent again, with back-off, for almost a day; 410 disables the endpoint.
         */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my webhooks
         * @description Without its secret. `disabledReason` says why it is disabled, and `failingSince` since when all attempts fail.
         */
        get: operations["getWebhooksWebhookId"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook, what waits for it, and its log
         * @description A request that is under way may still arrive.
         */
        delete: operations["deleteWebhooksWebhookId"];
        options?: never;
        head?: never;
        /**
         * Change, disable or enable a webhook
         * @description Disabling gives up what waits. Another URL is used from the next attempt on, also for messages that wait.
         */
        patch: operations["patchWebhooksWebhookId"];
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret
         * @description For a day messages have two signatures, one with each secret. A secret from before that ends at once.
         */
        post: operations["postWebhooksWebhookIdSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message
         * @description Its type is `webhook.ping`, also for an endpoint that names its events.
         */
        post: operations["postWebhooksWebhookIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The delivery log: messages of the last 30 days, newest first
         * @description One entry for each message, with its attempts, the last outcome and when it is sent again. An ended one can be sent again with `replay`.
         */
        get: operations["getWebhooksWebhookIdDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries/{messageId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an ended message again
         * @description With the same `webhook-id` and body, and with retries. It waits for no other message of the order.
         */
        post: operations["postWebhooksWebhookIdDeliveriesMessageIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "order.event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An event of an order, posted to your URL
         * @description At least once, and in order for each order. Signed by the rules of [Standard Webhooks](https://www.standardwebhooks.com).
         */
        post: operations["receiveOrderEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        ActivityItem: {
            activityId: string;
            /**
             * @description What was changed, and how; later versions know more actions
             * @example password.changed
             */
            action: string;
            /** @description The person who acted for me */
            actorId?: string;
            /** @description The id of what was changed */
            subject?: string;
            /** @description The names of the changed fields */
            fields?: string[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            at: string;
            /** @description The `X-Request-Id` of the request that did it */
            requestId?: string;
            /**
             * @description Where the request came from, roughly
             * @enum {string}
             */
            addressClass?: "this_machine" | "private_network" | "internet" | "unknown";
        };
        ActivityPage: {
            items: components["schemas"]["ActivityItem"][];
            nextCursor: string | null;
        };
        AssignmentReason: {
            /**
             * Format: int64
             * @description From the courier to the restaurant
             */
            distanceMeters: number;
            /** @description When the courier is expected to have the food (RFC 3339) */
            pickupAt: string;
            /**
             * Format: int64
             * @description How long the courier is expected to wait
             */
            courierWaitSeconds: number;
            /**
             * Format: int64
             * @description How long the food is expected to wait
             */
            foodWaitSeconds: number;
            /**
             * Format: int64
             * @description Orders of the trip
             */
            bundleSize: number;
            /**
             * Format: int64
             * @description Other couriers who could have taken it
             */
            alternatives: number;
        };
        BeginSecondFactor: {
            currentPassword: string;
        };
        ChangeEmail: {
            /**
             * Format: email
             * @example ada@example.com
             */
            newEmail: string;
            currentPassword: string;
        };
        ChangePassword: {
            currentPassword: string;
            /** @example correct horse battery */
            newPassword: string;
        };
        ChangeWebhook: {
            /**
             * @description Where events are posted: https, a public name, port 443
             * @example https://pos.example.com/hooks/orders
             */
            url?: string;
            /** @description The events that it receives; all when empty */
            events?: components["schemas"]["WebhookEventType"][];
            /** @description For you */
            description?: string;
            /** @description `false` gives up what waits. `true` also enables one that was disabled for its failures */
            enabled?: boolean;
        };
        CheckMail: {
            /**
             * @description The rest is in a mail, if there is one to send
             * @constant
             */
            next: "check_mail";
        };
        ConfirmLink: {
            /** @description From the link in the mail */
            token: string;
        };
        ConfirmSecondFactor: {
            /** @example 287082 */
            code: string;
        };
        CourierLocation: {
            location: components["schemas"]["Location"];
            recordedAt: string;
            /**
             * Format: int64
             * @description Age at the time of sending
             */
            ageSeconds: number;
            /** @description Older than a minute */
            stale: boolean;
        };
        CreatedWebhook: {
            /**
             * @description A webhook endpoint
             * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            webhookId: string;
            url: string;
            /** @description The events that it receives; all when empty */
            events: components["schemas"]["WebhookEventType"][];
            /** @description For you */
            description?: string;
            enabled: boolean;
            /**
             * @description `gone`: it answered 410. `failing`: nothing else but failures for a day
             * @enum {string}
             */
            disabledReason?: "by_owner" | "gone" | "failing";
            /** @description The first failure since the last success (RFC 3339) */
            failingSince?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
            /**
             * @description The key of the signatures. It is shown only here
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
        };
        DeliveryAddress: {
            line1: string;
            city: string;
            /** @description Required unless the country has no postal codes */
            postalCode?: string;
            /**
             * @description ISO 3166-1 alpha-2
             * @example DE
             */
            country: string;
            location: components["schemas"]["Location"];
            label?: string;
        };
        DisableSecondFactor: {
            currentPassword: string;
            /** @example 287082 */
            code?: string;
            recoveryCode?: string;
        };
        EmailChanged: {
            /** @description False until the link to the other address was opened, too */
            changed: boolean;
        };
        Export: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            exportedAt: string;
            elsewhere: {
                what: string;
                /** @description The route to ask */
                where: string;
            }[];
        } & {
            [key: string]: {
                [key: string]: unknown;
            }[];
        };
        ForAddress: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
        };
        HelpOrder: {
            reason: string;
        };
        HelpedOrder: {
            order: components["schemas"]["Order"];
            /** @description With the operators' ids */
            timeline: components["schemas"]["OperatorEvent"][];
        };
        ItemInnerOption: {
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId: string;
            /**
             * @description A group of options for dishes
             * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionGroupId: string;
            groupName: string;
            name: string;
            /**
             * Format: int64
             * @description For one of the dish
             */
            quantity: number;
            /**
             * Format: int64
             * @description Of one, without its own options
             */
            priceCents: number;
        };
        ItemOption: {
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId: string;
            /**
             * @description A group of options for dishes
             * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionGroupId: string;
            groupName: string;
            name: string;
            /**
             * Format: int64
             * @description For one of the dish
             */
            quantity: number;
            /**
             * Format: int64
             * @description Of one, without its own options
             */
            priceCents: number;
            options?: components["schemas"]["ItemInnerOption"][];
        };
        /** @description RFC 7517 */
        KeySet: {
            keys: {
                [key: string]: string;
            }[];
        };
        LiveStatus: {
            /**
             * @description An order
             * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            orderId: string;
            status: components["schemas"]["OrderStatus"];
            reason?: string;
            /** Format: int64 */
            version: number;
            readyAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            estimatedDeliveryAt: string;
            /**
             * @description What the estimate depends on
             * @enum {string}
             */
            estimateReason: "kitchen" | "courier";
            courier?: components["schemas"]["OrderCourier"];
            /**
             * Format: int64
             * @description Doors that the courier visits before this one, from assignment to the end
             */
            stopsBefore?: number;
            courierLocation?: components["schemas"]["CourierLocation"];
        };
        /** @description Degrees, WGS 84 */
        Location: {
            lat: number;
            lng: number;
        };
        NewOperator: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /** @example correct horse battery */
            password: string;
            name: string;
        };
        NewWebhook: {
            /**
             * @description Where events are posted: https, a public name, port 443
             * @example https://pos.example.com/hooks/orders
             */
            url: string;
            /** @description The events that it receives; all when empty */
            events?: components["schemas"]["WebhookEventType"][];
            /** @description For you */
            description?: string;
        };
        Operator: {
            /**
             * @description An operator
             * @example opr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            operatorId: string;
            email: string;
            name: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
        };
        OperatorEvent: {
            /** Format: int64 */
            sequence: number;
            type: string;
            from: components["schemas"]["OrderStatus"] | null;
            to: components["schemas"]["OrderStatus"];
            actor: {
                role: string;
                id?: string;
            };
            reason?: string;
            /**
             * Format: int64
             * @description The minutes that the kitchen sent with this move
             */
            prepMinutes?: number;
            why?: components["schemas"]["AssignmentReason"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            at: string;
        };
        Order: {
            /**
             * @description An order
             * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            orderId: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            restaurantName: string;
            /**
             * @description A customer
             * @example cus_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            customerId: string;
            items: components["schemas"]["OrderItem"][];
            /** Format: int64 */
            subtotalCents: number;
            /** Format: int64 */
            deliveryFeeCents: number;
            /**
             * Format: int64
             * @description What the customer pays. Fixed when the order was placed, except for a later tip
             */
            totalCents: number;
            /**
             * Format: int32
             * @description All of it is the courier's. At most 5000, or half of the subtotal if that is more
             */
            tipCents?: number;
            /** @description What `totalCents` adds up from. A tax that the prices contain is `included` and not added */
            components?: components["schemas"]["PriceComponent"][];
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency: string;
            /**
             * Format: int64
             * @description Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD
             */
            currencyExponent?: number;
            deliveryAddress: components["schemas"]["DeliveryAddress"];
            note?: string;
            status: components["schemas"]["OrderStatus"];
            /** @description Why it was rejected, cancelled or not delivered */
            reason?: string;
            /**
             * Format: int64
             * @description Increases with every change
             */
            version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            placedAt: string;
            /** @description The restaurant must accept or reject before this time (RFC 3339) */
            acceptBy: string;
            /** @description When the food is, or is expected to be, ready (RFC 3339) */
            readyAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            estimatedDeliveryAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            acceptedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            pickedUpAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            deliveredAt?: string;
            /** @description When it was delivered, rejected or cancelled, or could not be delivered */
            endedAt?: string;
            courier?: components["schemas"]["OrderCourier"];
            /** @description For its restaurant alone: orders with the same trip leave together */
            tripId?: string;
            /** @description For its restaurant alone: when the courier is expected there, or was (RFC 3339) */
            pickupAt?: string;
            /**
             * Format: int64
             * @description From assignment to the end: doors that the courier goes to before this one
             */
            stopsBefore?: number;
            /** @description Only for the customer, who gives it to the courier at the door */
            handoverPin?: string;
        };
        OrderCourier: {
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            name: string;
            vehicle: components["schemas"]["Vehicle"];
        };
        OrderItem: {
            /**
             * @description A dish
             * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            dishId: string;
            name: string;
            /** Format: int64 */
            quantity: number;
            /**
             * Format: int32
             * @description Of one, with its options
             */
            unitPriceCents: number;
            options?: components["schemas"]["ItemOption"][];
            note?: string;
        };
        /** @enum {string} */
        OrderStatus: "pending" | "accepted" | "preparing" | "ready" | "out_for_delivery" | "delivered" | "rejected" | "cancelled" | "delivery_failed";
        OrderWebhookEvent: {
            type: components["schemas"]["WebhookEventType"];
            /** @description When it happened (RFC 3339) */
            timestamp: string;
            data: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
                /**
                 * @description A restaurant
                 * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                restaurantId: string;
                /**
                 * Format: int64
                 * @description The order's version: increases, with gaps for events that are not sent
                 */
                sequence: number;
                status: components["schemas"]["OrderStatus"];
                previousStatus: components["schemas"]["OrderStatus"] | null;
                /** @description `customer`, `restaurant`, `courier` or `system` */
                by: string;
                reason?: string;
                /** Format: int64 */
                prepMinutes?: number;
            };
        };
        OwnSession: {
            sessionId: string;
            /**
             * @description From its `User-Agent`
             * @example Firefox on Windows
             */
            device?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            lastUsedAt?: string;
            /**
             * @description Where it was used last, roughly
             * @enum {string}
             */
            addressClass?: "this_machine" | "private_network" | "internet" | "unknown";
            /** @description Whether it is the session of this request */
            current: boolean;
        };
        OwnSessionPage: {
            items: components["schemas"]["OwnSession"][];
            nextCursor: string | null;
        };
        PriceComponent: {
            /** @enum {string} */
            kind: "dish" | "option" | "delivery_fee" | "small_order_surcharge" | "tax" | "tip";
            /**
             * Format: int64
             * @description Of a dish or option: the index of its line in `items`
             */
            line?: number;
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId?: string;
            /**
             * Format: int64
             * @description Of a dish or option, for the whole line
             */
            quantity?: number;
            /**
             * Format: int64
             * @description Of a dish or option
             */
            unitCents?: number;
            /**
             * Format: int64
             * @description Of a tax
             */
            rateBasisPoints?: number;
            /**
             * Format: int64
             * @description Of a tax: the amount that it is on, without it
             */
            netCents?: number;
            /** @description True for a tax that the prices contain: not added to the total */
            included?: boolean;
            /** Format: int64 */
            amountCents: number;
        };
        /** @description RFC 9457 */
        Problem: {
            /** @description Where the code is explained; the same for the same code */
            type: string;
            title: string;
            /** Format: int64 */
            status: number;
            /** @description Stable, for programs */
            code: string;
            /** @description For people */
            detail: string;
            requestId: string;
            /** @description The invalid parts, each with a JSON pointer */
            details?: components["schemas"]["ProblemDetail"][];
            currentStatus?: string;
            /** @description What the request was based on, as it is now: see the operation */
            current?: Record<string, never>;
            allowedActions?: string[];
            /** @description The region that was asked, where it is the wrong one */
            region?: string;
        };
        ProblemDetail: {
            pointer: string;
            /** @description What would be right */
            detail: string;
            /** @description The id of what has this rule, where it has one */
            about?: string;
        };
        ReassignOrder: {
            /**
             * @description The courier who loses the order
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            reason: string;
        };
        RecoveryCodes: {
            /** @description Each signs in once without the app */
            recoveryCodes: string[];
        };
        RefreshToken: {
            refreshToken: string;
        };
        ResetPassword: {
            /** @description From the link in the mail */
            token: string;
            /** @example correct horse battery */
            newPassword: string;
        };
        SecondFactorSecret: {
            /** @description In base32, to type into an authenticator app */
            secret: string;
            /** @description The same as `otpauth://`, for a QR code */
            uri: string;
        };
        SecondFactorState: {
            enabled: boolean;
            /** Format: int64 */
            recoveryCodesLeft: number;
        };
        Session: {
            /** @description Send it as `Authorization: Bearer …` */
            accessToken: string;
            /** @constant */
            tokenType: "Bearer";
            /**
             * Format: int64
             * @description Lifetime of the access token in seconds
             */
            expiresIn: number;
            /** @description Valid for one refresh. A repeat within ten seconds gets the same answer again; later it ends the session */
            refreshToken: string;
            /** @description Of a sign-in alone: keep it after signing out, and send it with the next sign-in */
            deviceToken?: string;
        };
        SignIn: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            password: string;
            /** @example 287082 */
            code?: string;
            recoveryCode?: string;
            /** @description From an earlier sign-in here, so that the wrong passwords of strangers do not delay this one */
            deviceToken?: string;
        };
        StreamTicket: {
            /** @description Goes into `ticket` of the stream's URL. Opens one stream */
            ticket: string;
            /**
             * Format: date-time
             * @description Until when it can open the stream
             */
            expiresAt: string;
        };
        Timeline: {
            items: components["schemas"]["TimelineEvent"][];
            nextCursor: null;
        };
        TimelineEvent: {
            /** Format: int64 */
            sequence: number;
            type: string;
            from: components["schemas"]["OrderStatus"] | null;
            to: components["schemas"]["OrderStatus"];
            actor: {
                role: string;
                id?: string;
            };
            reason?: string;
            /**
             * Format: int64
             * @description The minutes that the kitchen sent with this move
             */
            prepMinutes?: number;
            why?: components["schemas"]["AssignmentReason"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            at: string;
        };
        Town: {
            /**
             * Format: int64
             * @description Grows by one with each event of this process
             */
            sequence: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            at: string;
            /**
             * Format: date-time
             * @description When the orders were read
             * @example 2026-11-23T12:00:00.000Z
             */
            ordersAt: string;
            /**
             * Format: date-time
             * @description When the couriers were read. Missing until they have been
             * @example 2026-11-23T12:00:00.000Z
             */
            couriersAt?: string;
            /** @description False when there are more orders or couriers than are shown */
            isComplete: boolean;
            /** @description Open orders, oldest first */
            orders: components["schemas"]["TownOrder"][];
            /** @description On duty or on a trip */
            couriers: components["schemas"]["TownCourier"][];
            trips: components["schemas"]["TownTrip"][];
            figures: components["schemas"]["TownFigures"];
        };
        TownCourier: {
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            name: string;
            vehicle: components["schemas"]["Vehicle"];
            /**
             * @description `stale`: the position is older than a minute, on a trip or not
             * @enum {string}
             */
            state: "idle" | "to_restaurant" | "to_door" | "stale";
            location: components["schemas"]["Location"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            locationAt: string;
            /**
             * @description A trip: one pickup and its drop-offs
             * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            tripId?: string;
        };
        TownFigures: {
            ordersByStatus: {
                /** Format: int64 */
                pending?: number;
                /** Format: int64 */
                accepted?: number;
                /** Format: int64 */
                preparing?: number;
                /** Format: int64 */
                ready?: number;
                /** Format: int64 */
                out_for_delivery?: number;
                /** Format: int64 */
                delivered?: number;
                /** Format: int64 */
                rejected?: number;
                /** Format: int64 */
                cancelled?: number;
                /** Format: int64 */
                delivery_failed?: number;
            };
            /**
             * Format: int64
             * @description Orders without a courier
             */
            waiting: number;
            oldestWaiting?: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-23T12:00:00.000Z
                 */
                since: string;
            };
            /** Format: int64 */
            idleCouriers: number;
            /** Format: int64 */
            staleCouriers: number;
            /** @description From placing to the door */
            clickToDoor?: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-23T12:00:00.000Z
                 */
                at: string;
                /**
                 * Format: int64
                 * @description Delivered in the last hour
                 */
                deliveries: number;
                /** Format: int64 */
                p50Seconds?: number;
                /** Format: int64 */
                p90Seconds?: number;
            };
        };
        TownOrder: {
            /**
             * @description An order
             * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            orderId: string;
            /** Format: int64 */
            version: number;
            status: components["schemas"]["OrderStatus"];
            /**
             * Format: date-time
             * @description Since when it has this status
             * @example 2026-11-23T12:00:00.000Z
             */
            since: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            placedAt: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            restaurantName: string;
            pickup: components["schemas"]["Location"];
            dropoff: components["schemas"]["Location"];
            /**
             * Format: date-time
             * @description While pending: until when the restaurant must answer
             * @example 2026-11-23T12:00:00.000Z
             */
            acceptBy?: string;
            /**
             * Format: date-time
             * @description While it waits for a courier: until when one must be found
             * @example 2026-11-23T12:00:00.000Z
             */
            assignBy?: string;
            /**
             * Format: date-time
             * @description When its courier loses the ready food
             * @example 2026-11-23T12:00:00.000Z
             */
            pickupBy?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            readyAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            estimatedDeliveryAt: string;
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId?: string;
            /**
             * @description A trip: one pickup and its drop-offs
             * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            tripId?: string;
        };
        TownTrip: {
            /**
             * @description A trip: one pickup and its drop-offs
             * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            tripId: string;
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            pickup: components["schemas"]["Location"];
            /** @description The doors that are left, in sequence */
            stops: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
                location: components["schemas"]["Location"];
                pickedUp: boolean;
            }[];
        };
        /** @enum {string} */
        Vehicle: "bicycle" | "cargo_bike" | "scooter" | "car" | "on_foot";
        Webhook: {
            /**
             * @description A webhook endpoint
             * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            webhookId: string;
            url: string;
            /** @description The events that it receives; all when empty */
            events: components["schemas"]["WebhookEventType"][];
            /** @description For you */
            description?: string;
            enabled: boolean;
            /**
             * @description `gone`: it answered 410. `failing`: nothing else but failures for a day
             * @enum {string}
             */
            disabledReason?: "by_owner" | "gone" | "failing";
            /** @description The first failure since the last success (RFC 3339) */
            failingSince?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
        };
        WebhookDelivery: {
            /**
             * @description A message, the same in each of its attempts: the header webhook-id
             * @example msg_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            messageId: string;
            /** @example order.placed */
            type: string;
            /**
             * @description An order
             * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            orderId?: string;
            /**
             * @description `pending`: not sent yet, or will be sent again
             * @enum {string}
             */
            status: "pending" | "succeeded" | "failed";
            /** Format: int64 */
            attempts: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
            /** @description RFC 3339 */
            lastAttemptAt?: string;
            /**
             * Format: int64
             * @description Of the last answer
             */
            lastStatusCode?: number;
            /** @description Why there was no success: `status`, `timeout`, `connection`, `certificate`, `address` (not public) or `disabled` */
            lastError?: string;
            /**
             * Format: int64
             * @description Of the last attempt
             */
            durationMs?: number;
            /** @description RFC 3339 */
            nextAttemptAt?: string;
        };
        WebhookDeliveryPage: {
            items: components["schemas"]["WebhookDelivery"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        WebhookEventType: "order.placed" | "order.accepted" | "order.rejected" | "order.preparing" | "order.ready" | "order.courier_assigned" | "order.courier_released" | "order.courier_at_restaurant" | "order.picked_up" | "order.delivered" | "order.failed" | "order.cancelled";
        WebhookList: {
            items: components["schemas"]["Webhook"][];
            nextCursor: string | null;
        };
        WebhookSecret: {
            /**
             * @description The key of the signatures. It is shown only here
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
            /** @description Until then messages are signed with the previous secret, too (RFC 3339) */
            previousValidUntil: string;
        };
    };
    responses: {
        /** @description Any other error */
        default: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description How many requests the window still allows (`r`), and the seconds until the next one (`t`)
         * @example "caller";r=1199;t=42
         */
        RateLimit: string;
        /**
         * @description The requests (`q`) allowed in a window of `w` seconds: of one account, or of one address without a token
         * @example "caller";q=1200;w=60
         */
        "RateLimit-Policy": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getWellKnownJwksJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeySet"];
                };
            };
            /** @description Any other error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnSessionPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postSessionsRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "01k9v3e6m2x8r4t7w0z5b1c3d6.q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshToken"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postSessionsRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "01k9v3e6m2x8r4t7w0z5b1c3d6.q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshToken"];
            };
        };
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    postOperatorsMePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery",
                 *       "newPassword": "seven cups of green tea"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    deleteSessionsSessionId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["BeginSecondFactor"];
            };
        };
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    postPasswordResets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["ForAddress"];
            };
        };
        responses: {
            /** @description Accepted: the rest happens later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckMail"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postPasswordResetsConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo",
                 *       "newPassword": "seven cups of green tea"
                 *     }
                 */
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    getOperatorsMeActivity: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description The nextCursor of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOperatorsMeExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postEmailChangesConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo"
                 *     }
                 */
                "application/json": components["schemas"]["ConfirmLink"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailChanged"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOperatorsMeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "newEmail": "ada.lovelace@example.com",
                 *       "currentPassword": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeEmail"];
            };
        };
        responses: {
            /** @description Accepted: the rest happens later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckMail"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOperatorsMeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorState"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOperatorsMeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["BeginSecondFactor"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorSecret"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOperatorsMeSecondFactorConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "287082"
                 *     }
                 */
                "application/json": components["schemas"]["ConfirmSecondFactor"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOperatorsMeSecondFactorDisable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery",
                 *       "code": "287082"
                 *     }
                 */
                "application/json": components["schemas"]["DisableSecondFactor"];
            };
        };
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    postOperators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery",
                 *       "name": "Ada Lovelace"
                 *     }
                 */
                "application/json": components["schemas"]["NewOperator"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operator"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOperatorsMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operator"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getTown: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Town"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getTownEvents: {
        parameters: {
            query?: {
                /** @description Instead of a token: from `POST …/events/tickets` */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTownEventsTickets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getTownOrdersOrderId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpedOrder"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTownOrdersOrderIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The kitchen has a power cut"
                 *     }
                 */
                "application/json": components["schemas"]["HelpOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpedOrder"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTownOrdersOrderIdComplete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The customer called: the food is there"
                 *     }
                 */
                "application/json": components["schemas"]["HelpOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpedOrder"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTownOrdersOrderIdReassign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "courierId": "crr_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *       "reason": "The bicycle is broken"
                 *     }
                 */
                "application/json": components["schemas"]["ReassignOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpedOrder"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOrdersOrderIdStatus: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveStatus"];
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    getOrdersOrderIdEvents: {
        parameters: {
            query?: {
                /** @description Instead of a token: from `POST …/events/tickets` */
                ticket?: string;
            };
            header?: {
                /** @description The id of the last received event */
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    postOrdersOrderIdEventsTickets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOrdersOrderIdTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An order
                 * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://pos.example.com/hooks/orders",
                 *       "events": [
                 *         "order.placed",
                 *         "order.cancelled"
                 *       ],
                 *       "description": "Till at the counter"
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getWebhooksWebhookId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteWebhooksWebhookId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["default"];
        };
    };
    patchWebhooksWebhookId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postWebhooksWebhookIdSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postWebhooksWebhookIdTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: the rest happens later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getWebhooksWebhookIdDeliveries: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description The nextCursor of the previous page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postWebhooksWebhookIdDeliveriesMessageIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A webhook endpoint
                 * @example whk_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                webhookId: string;
                /**
                 * @description A message, the same in each of its attempts: the header webhook-id
                 * @example msg_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: the rest happens later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    receiveOrderEvent: {
        parameters: {
            query?: never;
            header: {
                /** @description The message, the same in each attempt */
                "webhook-id": string;
                /** @description When this attempt was signed, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description One signature, or two for a day after the secret was replaced */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.accepted",
                 *       "timestamp": "2026-11-29T18:04:11.482Z",
                 *       "data": {
                 *         "orderId": "ord_01hq2z5v7k3m9x0c4b8n1t6w2y",
                 *         "restaurantId": "rst_01hq2z1d0f6g8j2k4m6n8p0r2t",
                 *         "sequence": 2,
                 *         "status": "accepted",
                 *         "previousStatus": "pending",
                 *         "by": "restaurant",
                 *         "prepMinutes": 12
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["OrderWebhookEvent"];
            };
        };
        responses: {
            /** @description Disables the webhook */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The message has arrived: answer within 10 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The message is sent again, for almost a day */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
