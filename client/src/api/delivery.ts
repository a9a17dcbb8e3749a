// Written by `bun run docs` from docs/openapi/delivery.yaml.
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
    "/v1/couriers/me/password": {
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
        post: operations["postCouriersMePassword"];
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
    "/v1/couriers/me/activity": {
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
        get: operations["getCouriersMeActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/export": {
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
        get: operations["getCouriersMeExport"];
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
    "/v1/couriers/me/email": {
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
        post: operations["postCouriersMeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/second-factor": {
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
        get: operations["getCouriersMeSecondFactor"];
        put?: never;
        /**
         * Get a secret for an authenticator app; it counts once a code has confirmed it
         * @description Needs the current password. Show `uri` as a QR code. Asking again replaces a secret that no code has confirmed. 409 while a second factor is on: turn it off first.
         */
        post: operations["postCouriersMeSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/second-factor/confirm": {
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
        post: operations["postCouriersMeSecondFactorConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/second-factor/disable": {
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
        post: operations["postCouriersMeSecondFactorDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/email-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another link to confirm a sign-up; the answer is the same for an unknown address
         * @description The link is valid until a day after the sign-up; earlier links stay valid. One address gets at most 5 such mails an hour; no more are sent, and the answer stays the same.
         */
        post: operations["postEmailVerifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/email-verifications/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a sign-up with the token of its link and its password, which makes the account
         * @description The password keeps a person who opens another person's link from making that account. A wrong one leaves the link valid; after several tries 429 says when to try again. Then sign in with `POST /v1/sessions`.
         */
        post: operations["postEmailVerificationsConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My profile
         * @description `onDelivery` says whether I am on a delivery now. With my last position, which `PUT /v1/couriers/me/location` reports.
         */
        get: operations["getCouriersMe"];
        put?: never;
        post?: never;
        /**
         * Delete my account, with my password
         * @description Ends all sessions. 409 while I have a trip.
         */
        delete: operations["deleteCouriersMe"];
        options?: never;
        head?: never;
        /**
         * Change my profile
         * @description Only the fields that are sent. Another vehicle changes how many orders a trip takes from the next trip on. The email address changes with `POST /v1/couriers/me/email`.
         */
        patch: operations["patchCouriersMe"];
        trace?: never;
    };
    "/v1/couriers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description Where email addresses must be confirmed, the answer is 202, also for an address that has an account, and the link in the mail makes the account. Then sign in with `POST /v1/sessions`.
         */
        post: operations["postCouriers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Come on or go off duty; I keep my current trip
         * @description Off duty no order comes. The answer says when a trip in hand goes on, and when a position is missing: without one no order comes either.
         */
        put: operations["putCouriersMeAvailability"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Report my position; at most one per second counts
         * @description `recordedAt` is when it was measured: an older one than the last counts as received and changes nothing. 200 instead of 204 when I am on duty and this position is too old for an order.
         */
        put: operations["putCouriersMeLocation"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My deliveries, newest first
         * @description Current and ended ones, also those that I declined or lost. With `status`, only those that have it now.
         */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow my deliveries live: snapshot, delivery, heartbeat, end
         * @description Server-sent events. Send the token in the Authorization header and read them with fetch, or open an
         *     `EventSource` with a `ticket`; when it closes, connect again with a new one. Every connection begins with a snapshot, so `Last-Event-ID` is not needed: what is missing from the snapshot is not mine any more, or
         *     done. What a delivery is told of never goes back.
         *
         *     | event | data |
         *     | --- | --- |
         *     | `snapshot` | first: `items`, my current deliveries |
         *     | `delivery` | the current state of a new (`assigned`) or changed delivery: `ready` once the food is ready. `released`, `delivered` or `failed` is its last state. Its id is `<deliveryId>:<version>` |
         *     | `joined` | an order has joined my trip: replaces `delivery` |
         *     | `left` | a delivery has ended and my trip goes on: replaces its last `delivery` |
         *     | `degraded`, `live` | events are delayed by a second or two, and then real-time again |
         *     | `heartbeat` | every 15 s; its `region` where the platform has one |
         *     | `end` | the last event; `reason`: `signed_out` (the session has ended), `token_expired` or `too_slow` (connect again) |
         *     | `reconnect` | the process stops: connect again |
         *
         *     Changes that come close together may be told as one, and a delivery that comes and goes between two readings not at all.
         */
        get: operations["getDeliveriesEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-time ticket to follow my deliveries with an EventSource
         * @description Append it to the stream's URL as `?ticket=…` within 30 seconds. It opens one stream, which ends when the access token of this request expires.
         */
        post: operations["postDeliveriesEventsTickets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my deliveries
         * @description With the drop-off and the contact as long as I need them. `allowedActions` says what is possible now.
         */
        get: operations["getDeliveriesDeliveryId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/tip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The customer's tip, as it is now
         * @description The order service knows it: 503 while that does not answer. The customer may raise it until 24 hours after the delivery. 404 for a delivery that was released.
         */
        get: operations["getDeliveriesDeliveryIdTip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline a delivery before the pickup
         * @description The order goes to another courier, and not to me again. After the pickup report a failure instead.
         */
        post: operations["postDeliveriesDeliveryIdDecline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/pickup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pick up the order, once it is ready
         * @description 409 while the kitchen has not marked it as ready.
         */
        post: operations["postDeliveriesDeliveryIdPickup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand the order over, with the customer's PIN
         * @description The customer reads the PIN in the order. A wrong one is a 422, and after several wrong ones a 429 says when to try again.
         */
        post: operations["postDeliveriesDeliveryIdDeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report that the order could not be handed over
         * @description After the pickup, with a reason. The order is over then.
         */
        post: operations["postDeliveriesDeliveryIdFail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/couriers/me/trip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My trip: the remaining stops in sequence
         * @description First the restaurant, then the doors. 404 while I am on no trip.
         */
        get: operations["getCouriersMeTrip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trips/{tripId}/pickup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pick up all orders of the trip, once they are ready
         * @description All or none: while one is not ready, the 409 names it. The others can be picked up one by one.
         */
        post: operations["postTripsTripIdPickup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trips/{tripId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline the whole trip before the pickup
         * @description Its orders go to other couriers, and not to me again.
         */
        post: operations["postTripsTripIdDecline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trips/{tripId}/arrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report my arrival at the restaurant (optional; improves the estimate)
         * @description Counts for all orders of the trip that wait there; 409 once none does. A repetition changes nothing.
         */
        post: operations["postTripsTripIdArrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/arrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report my arrival at the door (optional; improves the estimate)
         * @description After the pickup and before the end; else 409. A repetition changes nothing.
         */
        post: operations["postDeliveriesDeliveryIdArrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
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
        Availability: {
            available: boolean;
        };
        BeginSecondFactor: {
            currentPassword: string;
        };
        ChangeCourier: {
            name?: string;
            /** @example +49 30 1234567 */
            phone?: string;
            vehicle?: components["schemas"]["Vehicle"];
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
        ConfirmSignUp: {
            /** @description From the link in the mail */
            token: string;
            password: string;
        };
        Contact: {
            name: string;
            phone?: string;
        };
        Courier: {
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            email: string;
            name: string;
            phone: string;
            vehicle: components["schemas"]["Vehicle"];
            available: boolean;
            /** @description Whether I am on a delivery now */
            onDelivery: boolean;
            location?: components["schemas"]["Location"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            locationAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
            /**
             * @description Why I get no order now; absent when I may get one
             * @enum {string}
             */
            noWorkReason?: "off_duty" | "on_delivery" | "no_position" | "position_too_old";
            /** @description The reason as text, and what I can do about it */
            notice?: string;
        };
        Delivery: {
            /**
             * @description A delivery
             * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            deliveryId: string;
            /**
             * @description A trip: one pickup and its drop-offs
             * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            tripId: string;
            /**
             * @description An order
             * @example ord_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            orderId: string;
            /** @enum {string} */
            status: "assigned" | "picked_up" | "delivered" | "failed" | "released";
            reason?: string;
            pickup: components["schemas"]["Pickup"];
            /** @description The address, the customer's note and contact: only while the delivery is mine */
            dropoff?: {
                address: components["schemas"]["DeliveryAddress"];
                note?: string;
                contact?: components["schemas"]["Contact"];
            };
            /** @description When the food should be or was ready (RFC 3339) */
            readyAt?: string;
            /** @description The food is ready */
            ready: boolean;
            /**
             * Format: int64
             * @description Drop-offs before this one, while the delivery is mine
             */
            stopsBefore?: number;
            /**
             * Format: int64
             * @description From the courier to the restaurant at assignment
             */
            distanceMeters: number;
            /**
             * Format: int64
             * @description How long the courier had been free
             */
            idleSeconds: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            assignedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            pickedUpAt?: string;
            /** @description When I reported my arrival at the door (RFC 3339) */
            arrivedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            endedAt?: string;
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
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            nextCursor: string | null;
        };
        DeliveryTip: {
            /**
             * Format: int64
             * @description All of it is mine. The customer may raise it until 24 hours after
             */
            tipCents: number;
            currency: string;
            /**
             * Format: int64
             * @description Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD
             */
            currencyExponent: number;
        };
        DisableSecondFactor: {
            currentPassword: string;
            /** @example 287082 */
            code?: string;
            recoveryCode?: string;
        };
        Duty: {
            /**
             * @description A courier
             * @example crr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            courierId: string;
            email: string;
            name: string;
            phone: string;
            vehicle: components["schemas"]["Vehicle"];
            available: boolean;
            /** @description Whether I am on a delivery now */
            onDelivery: boolean;
            location?: components["schemas"]["Location"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            locationAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
            /**
             * @description Why I get no order now; absent when I may get one
             * @enum {string}
             */
            noWorkReason?: "off_duty" | "on_delivery" | "no_position" | "position_too_old";
            /** @description The reason as text, and what I can do about it */
            notice?: string;
            /** @description Only off duty: the trip that goes on. No order joins it, and no other trip comes until I am on duty */
            tripInHand?: {
                /**
                 * @description A trip: one pickup and its drop-offs
                 * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                tripId: string;
                /** Format: int64 */
                ordersLeft: number;
            };
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
        Fail: {
            reason: components["schemas"]["FailReason"];
        };
        /** @enum {string} */
        FailReason: "customer_unavailable" | "address_unreachable" | "refused" | "damaged";
        ForAddress: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
        };
        HandOver: {
            /** @example 0417 */
            pin: string;
        };
        /** @description RFC 7517 */
        KeySet: {
            keys: {
                [key: string]: string;
            }[];
        };
        /** @description Degrees, WGS 84 */
        Location: {
            lat: number;
            lng: number;
        };
        NoWork: {
            /**
             * @description Why I get no order now; absent when I may get one
             * @enum {string}
             */
            noWorkReason: "off_duty" | "on_delivery" | "no_position" | "position_too_old";
            /** @description The reason as text, and what I can do about it */
            notice: string;
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
        Pickup: {
            name: string;
            address: components["schemas"]["StoredAddress"];
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
        RecoveryCodes: {
            /** @description Each signs in once without the app */
            recoveryCodes: string[];
        };
        RefreshToken: {
            refreshToken: string;
        };
        RegisterCourier: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /** @example correct horse battery */
            password: string;
            name: string;
            /** @example +49 30 1234567 */
            phone: string;
            vehicle: components["schemas"]["Vehicle"];
        };
        /** @description Without recordedAt the server uses the current time */
        ReportLocation: {
            location: components["schemas"]["Location"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             */
            recordedAt?: string;
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
        Stop: {
            /**
             * @description What to do there
             * @enum {string}
             */
            action: "pickup" | "drop_off";
            /** @description The restaurant's name, at the pickup */
            name?: string;
            address: components["schemas"]["DeliveryAddress"];
            /** @description The orders to pick up, or the one to drop off */
            orderIds: string[];
            deliveryIds: string[];
            /** @description When the courier is expected there (RFC 3339) */
            expectedAt: string;
            /** @description When all food of the stop should be ready (RFC 3339) */
            readyAt?: string;
            /** @description All food of the stop is ready */
            ready: boolean;
        };
        StoredAddress: {
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
        Trip: {
            /**
             * @description A trip: one pickup and its drop-offs
             * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            tripId: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            /** @description No order is picked up: orders of the restaurant may join */
            open: boolean;
            /**
             * Format: int64
             * @description Maximum number of orders at a time
             */
            capacity: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            assignedAt: string;
            /** @description When I reported my arrival at the restaurant (RFC 3339) */
            arrivedAt?: string;
            /** @description The remaining stops in sequence */
            stops: components["schemas"]["Stop"][];
        };
        /** @enum {string} */
        Vehicle: "bicycle" | "cargo_bike" | "scooter" | "car" | "on_foot";
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
    postCouriersMePassword: {
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
    getCouriersMeActivity: {
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
    getCouriersMeExport: {
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
    postCouriersMeEmail: {
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
    getCouriersMeSecondFactor: {
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
    postCouriersMeSecondFactor: {
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
    postCouriersMeSecondFactorConfirm: {
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
    postCouriersMeSecondFactorDisable: {
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
    postEmailVerifications: {
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
    postEmailVerificationsConfirm: {
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
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["ConfirmSignUp"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Courier"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getCouriersMe: {
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
                    "application/json": components["schemas"]["Courier"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteCouriersMe: {
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
    patchCouriersMe: {
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
                 *       "vehicle": "cargo_bike"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeCourier"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Courier"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postCouriers: {
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
                 *       "name": "Kim",
                 *       "phone": "+49 151 1234567",
                 *       "vehicle": "bicycle"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterCourier"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Courier"];
                };
            };
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
    putCouriersMeAvailability: {
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
                 *       "available": true
                 *     }
                 */
                "application/json": components["schemas"]["Availability"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Duty"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    putCouriersMeLocation: {
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
                 *       "location": {
                 *         "lat": 52.522,
                 *         "lng": 13.405
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ReportLocation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoWork"];
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
    getDeliveries: {
        parameters: {
            query?: {
                status?: "assigned" | "picked_up" | "delivered" | "failed" | "released";
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
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getDeliveriesEvents: {
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
    postDeliveriesEventsTickets: {
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
    getDeliveriesDeliveryId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
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
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getDeliveriesDeliveryIdTip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
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
                    "application/json": components["schemas"]["DeliveryTip"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postDeliveriesDeliveryIdDecline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
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
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postDeliveriesDeliveryIdPickup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
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
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postDeliveriesDeliveryIdDeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "pin": "0417"
                 *     }
                 */
                "application/json": components["schemas"]["HandOver"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postDeliveriesDeliveryIdFail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "customer_unavailable"
                 *     }
                 */
                "application/json": components["schemas"]["Fail"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getCouriersMeTrip: {
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
                    "application/json": components["schemas"]["Trip"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTripsTripIdPickup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A trip: one pickup and its drop-offs
                 * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                tripId: string;
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
                    "application/json": components["schemas"]["Trip"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTripsTripIdDecline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A trip: one pickup and its drop-offs
                 * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                tripId: string;
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
                    "application/json": components["schemas"]["Trip"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postTripsTripIdArrive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A trip: one pickup and its drop-offs
                 * @example trp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                tripId: string;
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
                    "application/json": components["schemas"]["Trip"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postDeliveriesDeliveryIdArrive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A delivery
                 * @example dlv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                deliveryId: string;
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
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            default: components["responses"]["default"];
        };
    };
}
