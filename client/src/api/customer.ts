// Written by `bun run docs` from docs/openapi/customer.yaml.
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
    "/v1/customers/me/password": {
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
        post: operations["postCustomersMePassword"];
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
    "/v1/customers/me/activity": {
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
        get: operations["getCustomersMeActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/export": {
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
        get: operations["getCustomersMeExport"];
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
    "/v1/customers/me/email": {
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
        post: operations["postCustomersMeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/second-factor": {
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
        get: operations["getCustomersMeSecondFactor"];
        put?: never;
        /**
         * Get a secret for an authenticator app; it counts once a code has confirmed it
         * @description Needs the current password. Show `uri` as a QR code. Asking again replaces a secret that no code has confirmed. 409 while a second factor is on: turn it off first.
         */
        post: operations["postCustomersMeSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/second-factor/confirm": {
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
        post: operations["postCustomersMeSecondFactorConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/second-factor/disable": {
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
        post: operations["postCustomersMeSecondFactorDisable"];
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
    "/v1/customers/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My profile
         * @description Addresses have a list of their own: `GET /v1/customers/me/addresses`.
         */
        get: operations["getCustomersMe"];
        put?: never;
        post?: never;
        /**
         * Delete my account, with my password
         * @description Ends all sessions. 409 while an order is under way.
         */
        delete: operations["deleteCustomersMe"];
        options?: never;
        head?: never;
        /**
         * Change my profile
         * @description Only the fields that are sent; a null `phone` removes the number. Orders that were placed keep the name and the number. The email address changes with `POST /v1/customers/me/email`.
         */
        patch: operations["patchCustomersMe"];
        trace?: never;
    };
    "/v1/customers": {
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
        post: operations["postCustomers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My addresses
         * @description All of them, in the order in which they were added.
         */
        get: operations["getCustomersMeAddresses"];
        put?: never;
        /**
         * Add an address
         * @description At most 20. The position decides who delivers there; in countries that have postal codes one is needed.
         */
        post: operations["postCustomersMeAddresses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/me/addresses/{addressId}": {
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
         * Delete an address
         * @description Orders that were placed keep it.
         */
        delete: operations["deleteCustomersMeAddressesAddressId"];
        options?: never;
        head?: never;
        /**
         * Change an address
         * @description Orders that were placed keep the address as it was.
         */
        patch: operations["patchCustomersMeAddressesAddressId"];
        trace?: never;
    };
    "/v1/restaurants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find restaurants
         * @description Nearest first with `near`, else by name. Each says whether it is open, by its own hours and time zone. With `open` or `delivers` a page may be short, even empty, and still have a next one. An `ETag` saves the body of an unchanged answer: send it as `If-None-Match`.
         */
        get: operations["getRestaurants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find dishes and restaurants as people type
         * @description Needs `query` or `diet`, and `near` with `delivers`. Open restaurants come first, then what matches as typed, then the nearest with `near`, else by name. Each has its best dishes, at most five.
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/{restaurantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One restaurant
         * @description Also while it is closed: `openNow` says so, by its own hours and time zone. An `ETag` saves the body of an unchanged answer: send it as `If-None-Match`.
         */
        get: operations["getRestaurantsRestaurantId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/{restaurantId}/menu": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its menu
         * @description By category, with options. A dish that is sold out is there and not `available`. An `ETag` saves the body of an unchanged answer: send it as `If-None-Match`.
         */
        get: operations["getRestaurantsRestaurantIdMenu"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/{restaurantId}/delivery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it delivers to an address, at what fee and minimum
         * @description An address that is too far away gets 200 with `deliverable: false`. Opening hours do not matter here. The exact price of a cart is that of `POST /v1/quotes` of the customer service.
         */
        get: operations["getRestaurantsRestaurantIdDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The exact price of a cart
         * @description Stores nothing. Placing the cart within five minutes with the `quoteId` costs exactly this. A 422 names everything that is wrong with the cart.
         */
        post: operations["postQuotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My orders, newest first; with `open`, only those that have not ended, oldest first
         * @description With `status`, only those that have it now. To follow one order, use its events in the order service instead of polling this.
         */
        get: operations["getOrders"];
        put?: never;
        /**
         * Place an order
         * @description Send a new `Idempotency-Key` with each order and the same one when you repeat a request: the answer is then the order that was placed, with `Idempotent-Replayed: true`. Prices, stock and delivery are those of now; with the `quoteId` of a quote of the last five minutes, those of the quote. When the quote has expired or is no longer right, the 409 has the new one in `current`. A 422 names everything that is wrong with the cart. The restaurant has until `acceptBy` to accept; then the order is cancelled.
         */
        post: operations["postOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my orders
         * @description With the PIN that the courier asks for at the door. `allowedActions` says what is possible now. To follow it, use the events of the order service.
         */
        get: operations["getOrdersOrderId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/tip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Tip the courier, until 24 hours after the delivery
         * @description In place of the tip before. After the delivery it can only be raised. Not for an order that was rejected, cancelled or not delivered.
         */
        put: operations["putOrdersOrderIdTip"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order, before the kitchen begins
         * @description While the order is `pending` or `accepted`. Later the 409 says in `currentStatus` and `allowedActions` what is possible now; call the restaurant. A repetition answers like the first.
         */
        post: operations["postOrdersOrderIdCancel"];
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
        Address: {
            /**
             * @description One of a customer's addresses
             * @example adr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            addressId: string;
            label: string;
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
        AddressPage: {
            items: components["schemas"]["Address"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        Allergen: "gluten" | "crustaceans" | "eggs" | "fish" | "peanuts" | "soybeans" | "milk" | "nuts" | "celery" | "mustard" | "sesame" | "sulphites" | "lupin" | "molluscs";
        BeginSecondFactor: {
            currentPassword: string;
        };
        /**
         * @example {
         *       "restaurantId": "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *       "addressId": "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *       "items": [
         *         {
         *           "dishId": "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *           "quantity": 1,
         *           "options": [
         *             {
         *               "optionId": "opt_01k9v3e6m2x8r4t7w0z5b1c3d6"
         *             },
         *             {
         *               "optionId": "opt_01k9v3e6m2x8r4t7w0z5b1c3d7",
         *               "quantity": 2
         *             }
         *           ],
         *           "note": "Well done"
         *         }
         *       ],
         *       "tipCents": 200
         *     }
         */
        Cart: {
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            /** @description Lines stay apart, also lines of one dish */
            items: components["schemas"]["OrderLine"][];
            /**
             * @description One of a customer's addresses
             * @example adr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            addressId: string;
            /**
             * Format: int32
             * @description All of it is the courier's. At most 5000, or half of the subtotal if that is more
             */
            tipCents?: number;
        };
        CartQuote: {
            /** @description From POST /v1/quotes: places the order only at the price that was quoted */
            quoteId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            expiresAt: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            restaurantName: string;
            items: components["schemas"]["OrderItem"][];
            components: components["schemas"]["PriceComponent"][];
            /**
             * Format: int64
             * @description Of all lines
             */
            subtotalCents: number;
            /** Format: int64 */
            deliveryFeeCents: number;
            /** Format: int64 */
            totalCents: number;
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency: string;
            /**
             * Format: int64
             * @description Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD
             */
            currencyExponent: number;
        };
        ChangeAddress: {
            label?: string;
            line1?: string;
            city?: string;
            /** @description Required unless the country has no postal codes */
            postalCode?: string;
            /**
             * @description ISO 3166-1 alpha-2
             * @example DE
             */
            country?: string;
            location?: components["schemas"]["Location"];
        };
        ChangeCustomer: {
            name?: string;
            phone?: string | null;
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
        ChosenInnerOption: {
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId: string;
            /**
             * Format: int32
             * @description For one of the dish; default 1
             */
            quantity?: number;
        };
        ChosenOption: {
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId: string;
            /**
             * Format: int32
             * @description For one of the dish; default 1
             */
            quantity?: number;
            /** @description From the groups that this option offers */
            options?: components["schemas"]["ChosenInnerOption"][];
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
        Customer: {
            /**
             * @description A customer
             * @example cus_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            customerId: string;
            email: string;
            name: string;
            phone?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
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
        /** @description Fee and minimum are present when it is deliverable */
        DeliveryOffer: {
            deliverable: boolean;
            /** Format: int64 */
            distanceMeters: number;
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency: string;
            /** @description The name of the zone */
            zone?: string;
            /**
             * Format: int32
             * @description Below `freeFromCents`
             */
            deliveryFeeCents?: number;
            /**
             * Format: int32
             * @description No fee from this price of the dishes on
             */
            freeFromCents?: number;
            /**
             * Format: int32
             * @description The dishes must cost at least this
             */
            minimumCents?: number;
            smallOrder?: components["schemas"]["SmallOrder"];
        };
        /** @enum {string} */
        Diet: "vegetarian" | "vegan" | "halal" | "kosher";
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
        /** @description Degrees, WGS 84 */
        Location: {
            lat: number;
            lng: number;
        };
        Menu: {
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            restaurantName: string;
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency: string;
            /**
             * Format: int64
             * @description Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD
             */
            currencyExponent: number;
            categories: components["schemas"]["MenuCategory"][];
            /** @description The groups that its dishes and their options offer */
            optionGroups?: components["schemas"]["OptionGroup"][];
        };
        MenuCategory: {
            name: string;
            /** @description When its dishes can be ordered, by the restaurant's clock; absent when always */
            intervals?: components["schemas"]["WeeklyInterval"][];
            dishes: components["schemas"]["MenuDish"][];
        };
        MenuDish: {
            /**
             * @description A dish
             * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            dishId: string;
            name: string;
            description: string;
            category: string;
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            priceCents: number;
            available: boolean;
            /** @description Groups to choose from, in order, each at most once */
            optionGroups?: components["schemas"]["OfferedGroup"][];
            /**
             * Format: int32
             * @description Tax rate, of its options too. Absent: not stated
             */
            taxBasisPoints?: number;
            /**
             * Format: int32
             * @description Position within the category, lowest first. Dishes with equal positions sort by name, dishes without one come last
             */
            sortOrder?: number;
            /**
             * @description A picture of the dish
             * @example https://images.example.com/margherita.jpg
             */
            imageUrl?: string;
            /** @description The EU's 14 that it contains. Empty: none of them. Absent: unknown */
            allergens?: components["schemas"]["Allergen"][];
            /** @description What it is suitable for */
            diets?: components["schemas"]["Diet"][];
            /**
             * @description Present when it cannot be ordered now, so when `available` is false
             * @enum {string}
             */
            unavailableBecause?: "sold_out" | "outside_hours";
            /**
             * Format: date-time
             * @description When it can be ordered again; absent when that is not known
             * @example 2026-11-23T12:00:00.000Z
             */
            availableFrom?: string;
        };
        NewAddress: {
            label: string;
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
        OfferedGroup: {
            /**
             * @description A group of options for dishes
             * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionGroupId: string;
            /**
             * Format: int32
             * @description Instead of the group's own
             */
            minSelections?: number;
            /**
             * Format: int32
             * @description Instead of the group's own
             */
            maxSelections?: number;
        };
        OpeningHours: {
            /**
             * @description IANA time zone
             * @example Europe/Berlin
             */
            timeZone: string;
            /** @description An interval that closes at or before its opening time ends on the next day. When clocks go back, an interval is open once: a time that occurs twice is the first of the two */
            intervals: components["schemas"]["WeeklyInterval"][];
            /** @description Holidays, closures and days with other hours. Each day at most once */
            specialHours?: components["schemas"]["SpecialHours"][];
        };
        OptionGroup: {
            /**
             * @description A group of options for dishes
             * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionGroupId: string;
            name: string;
            /**
             * Format: int32
             * @description Counts quantities. A group with at least one is required
             */
            minSelections: number;
            /**
             * Format: int32
             * @description Counts quantities. A group with 1 and 1 is a variant, such as a size
             */
            maxSelections: number;
            options: {
                /**
                 * @description An option of a group
                 * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionId: string;
                name: string;
                /**
                 * Format: int32
                 * @description Added to the price of the dish
                 */
                priceCents: number;
                /** @description False while it is sold out */
                available: boolean;
                /** Format: int32 */
                maxQuantity: number;
                /** @description Groups for this option, such as the sizes of a drink. Their options offer none */
                optionGroups?: components["schemas"]["OfferedGroup"][];
            }[];
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
        OrderLine: {
            /**
             * @description A dish
             * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            dishId: string;
            /** Format: int32 */
            quantity: number;
            /** @description From the groups that the dish offers, in any order */
            options?: components["schemas"]["ChosenOption"][];
            note?: string;
        };
        OrderPage: {
            items: components["schemas"]["Order"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        OrderStatus: "pending" | "accepted" | "preparing" | "ready" | "out_for_delivery" | "delivered" | "rejected" | "cancelled" | "delivery_failed";
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
        /**
         * @example {
         *       "restaurantId": "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *       "addressId": "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *       "items": [
         *         {
         *           "dishId": "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6",
         *           "quantity": 1,
         *           "options": [
         *             {
         *               "optionId": "opt_01k9v3e6m2x8r4t7w0z5b1c3d6"
         *             },
         *             {
         *               "optionId": "opt_01k9v3e6m2x8r4t7w0z5b1c3d7",
         *               "quantity": 2
         *             }
         *           ],
         *           "note": "Well done"
         *         }
         *       ],
         *       "tipCents": 200
         *     }
         */
        PlaceOrder: {
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            /** @description Lines stay apart, also lines of one dish */
            items: components["schemas"]["OrderLine"][];
            /**
             * @description One of a customer's addresses
             * @example adr_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            addressId: string;
            /**
             * Format: int32
             * @description All of it is the courier's. At most 5000, or half of the subtotal if that is more
             */
            tipCents?: number;
            note?: string;
            /** @description From POST /v1/quotes: places the order only at the price that was quoted */
            quoteId?: string;
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
        RecoveryCodes: {
            /** @description Each signs in once without the app */
            recoveryCodes: string[];
        };
        RefreshToken: {
            refreshToken: string;
        };
        RegisterCustomer: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /** @example correct horse battery */
            password: string;
            name: string;
            /** @example +49 30 1234567 */
            phone?: string;
        };
        ResetPassword: {
            /** @description From the link in the mail */
            token: string;
            /** @example correct horse battery */
            newPassword: string;
        };
        Restaurant: {
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            name: string;
            cuisines: string[];
            /** @example +49 30 1234567 */
            phone: string;
            address: components["schemas"]["StoredAddress"];
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency: string;
            /** Format: int32 */
            deliveryRadiusMeters: number;
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            deliveryFeeCents: number;
            /** Format: int32 */
            prepMinutes: number;
            openingHours?: components["schemas"]["OpeningHours"];
            /** @description The menu's categories in order. Other categories follow by name */
            categoryOrder?: string[];
            /** @description Categories whose dishes can be ordered only at these times, each at most once. Needs opening hours, which have the time zone */
            categoryHours?: {
                category: string;
                /** @description When its dishes can be ordered, in the time zone of the restaurant's opening hours */
                intervals: components["schemas"]["WeeklyInterval"][];
            }[];
            /** @description True when range, fee and minimum depend on the address, which `/delivery` answers. The flat fee and the radius do not count then */
            deliversByZone?: boolean;
            tax?: components["schemas"]["TaxTerms"];
            acceptingOrders: boolean;
            /** @description Open according to its hours, and accepting orders */
            openNow: boolean;
            /**
             * Format: date-time
             * @description When it opens next, if it accepts orders and is closed now; absent when that is more than a year away
             * @example 2026-11-23T12:00:00.000Z
             */
            opensAt?: string;
            /**
             * Format: date-time
             * @description When it closes, if it is open now; absent when that is more than a week away
             * @example 2026-11-23T12:00:00.000Z
             */
            closesAt?: string;
            /**
             * Format: int64
             * @description From the requested position
             */
            distanceMeters?: number;
        };
        RestaurantPage: {
            items: components["schemas"]["Restaurant"][];
            nextCursor: string | null;
        };
        SearchHit: {
            restaurant: components["schemas"]["Restaurant"];
            /** @description Its best matching dishes. Empty when only the restaurant matches */
            dishes: components["schemas"]["MenuDish"][];
        };
        SearchPage: {
            items: components["schemas"]["SearchHit"][];
            nextCursor: string | null;
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
        /** @description A surcharge for orders whose dishes cost less than `belowCents` */
        SmallOrder: {
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            belowCents: number;
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            surchargeCents: number;
        };
        SpecialHours: {
            /**
             * @description RFC 3339, full-date
             * @example 2026-12-25
             */
            date: string;
            /**
             * @description The last day of a range that begins at `date`
             * @example 2026-12-25
             */
            lastDate?: string;
            /** @description Replace the weekly intervals on these days; empty when closed */
            intervals: {
                /** @example 11:30 */
                opens: string;
                /** @example 11:30 */
                closes: string;
            }[];
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
        /** @description By default, prices contain their tax */
        TaxTerms: {
            /** @description Whether prices and fees contain their tax */
            pricesIncludeTax: boolean;
            /**
             * Format: int32
             * @description Tax rate of fees. Absent: not stated
             */
            feeBasisPoints?: number;
        };
        Tip: {
            /**
             * Format: int32
             * @description All of it is the courier's. At most 5000, or half of the subtotal if that is more
             */
            tipCents: number;
        };
        /** @enum {string} */
        Vehicle: "bicycle" | "cargo_bike" | "scooter" | "car" | "on_foot";
        /** @enum {string} */
        Weekday: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
        WeeklyInterval: {
            day: components["schemas"]["Weekday"];
            /** @example 11:30 */
            opens: string;
            /** @example 11:30 */
            closes: string;
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
    postCustomersMePassword: {
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
    getCustomersMeActivity: {
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
    getCustomersMeExport: {
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
    postCustomersMeEmail: {
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
    getCustomersMeSecondFactor: {
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
    postCustomersMeSecondFactor: {
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
    postCustomersMeSecondFactorConfirm: {
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
    postCustomersMeSecondFactorDisable: {
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
                    "application/json": components["schemas"]["Customer"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getCustomersMe: {
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
                    "application/json": components["schemas"]["Customer"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteCustomersMe: {
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
    patchCustomersMe: {
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
                 *       "name": "Ada King",
                 *       "phone": "+49 30 1234567"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeCustomer"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postCustomers: {
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
                "application/json": components["schemas"]["RegisterCustomer"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
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
    getCustomersMeAddresses: {
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
                    "application/json": components["schemas"]["AddressPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postCustomersMeAddresses: {
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
                 *       "label": "Home",
                 *       "line1": "Chausseestrasse 1",
                 *       "city": "Berlin",
                 *       "postalCode": "10115",
                 *       "country": "DE",
                 *       "location": {
                 *         "lat": 52.529,
                 *         "lng": 13.405
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewAddress"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Address"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteCustomersMeAddressesAddressId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description One of a customer's addresses
                 * @example adr_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                addressId: string;
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
    patchCustomersMeAddressesAddressId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description One of a customer's addresses
                 * @example adr_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                addressId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "label": "Office"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeAddress"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Address"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurants: {
        parameters: {
            query?: {
                /**
                 * @description lat,lng: sorts by distance, up to 100 km, the maximum delivery distance. Distances are from this position rounded to a thousandth of a degree, so they are accurate to 80 m
                 * @example 52.52,13.405
                 */
                near?: string;
                /** @description Words, or beginnings of words, of the name or cuisine. Case, accents and apostrophes do not matter. A query without a letter or digit finds nothing */
                query?: string;
                cuisine?: string;
                /** @description Only restaurants that take orders now */
                open?: boolean;
                /** @description Only restaurants that deliver to exactly `near`, which is required */
                delivers?: boolean;
                /** @description Maximum number of items */
                limit?: number;
                /** @description The nextCursor of the previous page */
                cursor?: string;
            };
            header?: {
                "if-none-match"?: string;
            };
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
                    "application/json": components["schemas"]["RestaurantPage"];
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
    getSearch: {
        parameters: {
            query?: {
                /** @description Words, or beginnings of words, of a dish and its category, or of a restaurant and its cuisines. Case and accents do not matter, and a word of five and more letters may have one wrong letter */
                query?: string;
                /**
                 * @description lat,lng: sorts by distance, up to 100 km
                 * @example 52.52,13.405
                 */
                near?: string;
                /**
                 * @description Only dishes suitable for all of these. A vegan dish is vegetarian
                 * @example vegetarian,vegan
                 */
                diet?: string;
                /**
                 * @description Only dishes that state their allergens and contain none of these
                 * @example gluten,crustaceans
                 */
                freeOf?: string;
                /** @description Only restaurants that take orders now */
                open?: boolean;
                /** @description Only restaurants that deliver to `near` */
                delivers?: boolean;
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
                    "application/json": components["schemas"]["SearchPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsRestaurantId: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description A restaurant
                 * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                restaurantId: string;
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
                    "application/json": components["schemas"]["Restaurant"];
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
    getRestaurantsRestaurantIdMenu: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description A restaurant
                 * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                restaurantId: string;
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
                    "application/json": components["schemas"]["Menu"];
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
    getRestaurantsRestaurantIdDelivery: {
        parameters: {
            query: {
                /**
                 * @description lat,lng of the address
                 * @example 52.52,13.405
                 */
                near: string;
            };
            header?: never;
            path: {
                /**
                 * @description A restaurant
                 * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                restaurantId: string;
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
                    "application/json": components["schemas"]["DeliveryOffer"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postQuotes: {
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
                 *       "restaurantId": "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *       "addressId": "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *       "items": [
                 *         {
                 *           "dishId": "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *           "quantity": 2,
                 *           "note": "Well done"
                 *         }
                 *       ],
                 *       "tipCents": 200
                 *     }
                 */
                "application/json": components["schemas"]["Cart"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CartQuote"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOrders: {
        parameters: {
            query?: {
                status?: components["schemas"]["OrderStatus"];
                /** @description Only orders that have not ended, oldest first */
                open?: boolean;
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
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOrders: {
        parameters: {
            query?: never;
            header?: {
                /** @description Identifies the order: a request with a used key returns the order already placed. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "restaurantId": "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *       "addressId": "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *       "items": [
                 *         {
                 *           "dishId": "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6",
                 *           "quantity": 2,
                 *           "note": "Well done"
                 *         }
                 *       ],
                 *       "tipCents": 200,
                 *       "note": "Third floor"
                 *     }
                 */
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getOrdersOrderId: {
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
                    "application/json": components["schemas"]["Order"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    putOrdersOrderIdTip: {
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
                 *       "tipCents": 400
                 *     }
                 */
                "application/json": components["schemas"]["Tip"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postOrdersOrderIdCancel: {
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
                    "application/json": components["schemas"]["Order"];
                };
            };
            default: components["responses"]["default"];
        };
    };
}
