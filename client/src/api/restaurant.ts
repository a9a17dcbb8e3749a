// Written by `bun run docs` from docs/openapi/restaurant.yaml.
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
    "/v1/restaurants/me/password": {
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
        post: operations["postRestaurantsMePassword"];
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
    "/v1/restaurants/me/activity": {
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
        get: operations["getRestaurantsMeActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/export": {
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
        get: operations["getRestaurantsMeExport"];
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
    "/v1/restaurants/me/email": {
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
        post: operations["postRestaurantsMeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/second-factor": {
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
        get: operations["getRestaurantsMeSecondFactor"];
        put?: never;
        /**
         * Get a secret for an authenticator app; it counts once a code has confirmed it
         * @description Needs the current password. Show `uri` as a QR code. Asking again replaces a secret that no code has confirmed. 409 while a second factor is on: turn it off first.
         */
        post: operations["postRestaurantsMeSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/second-factor/confirm": {
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
        post: operations["postRestaurantsMeSecondFactorConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/second-factor/disable": {
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
         * @description Needs the current password and a code of the app or a recovery code. The recovery codes end, too. Open sessions go on. 409 while it is required of the account.
         */
        post: operations["postRestaurantsMeSecondFactorDisable"];
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
        /**
         * Sign up; takes orders once `acceptingOrders` is true
         * @description The account becomes the restaurant's owner. Where email addresses must be confirmed, the answer is 202, also for an address that has an account, and the link in the mail makes the account. Then sign in with `POST /v1/sessions`.
         */
        post: operations["postRestaurants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My restaurant
         * @description What the public reads, and the email address and delivery zones.
         */
        get: operations["getRestaurantsMe"];
        put?: never;
        post?: never;
        /**
         * Delete my account, with my password
         * @description Ends all sessions. People who work in no other restaurant lose their accounts. 409 while an order is under way.
         */
        delete: operations["deleteRestaurantsMe"];
        options?: never;
        head?: never;
        /**
         * Change my restaurant, except its currency
         * @description Only the fields that are sent; null removes an optional one. Orders that were placed keep their prices and times.
         */
        patch: operations["patchRestaurantsMe"];
        trace?: never;
    };
    "/v1/restaurants/me/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Start or stop taking orders
         * @description At once, besides the opening hours. Open orders go on.
         */
        put: operations["putRestaurantsMeAvailability"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation: with your password, or with a new account's
         * @description The token is in the mail and works once. An account with a second factor sends `code` or `recoveryCode`, too. Then sign in, with `restaurantId` when you work in several restaurants.
         */
        post: operations["postStaffInvitationsAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everybody who works here
         * @description For owners. At most 100 people, each with a role: `owner`, `manager` or `kitchen`.
         */
        get: operations["getRestaurantsMeStaff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/staff/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The open invitations
         * @description For owners. Those that are not used, withdrawn or expired.
         */
        get: operations["getRestaurantsMeStaffInvitations"];
        put?: never;
        /**
         * Invite a person by mail; ends an earlier invitation of the same address
         * @description For owners. The link in the mail is valid for 7 days and works once. At most 50 are open, and 30 are sent in an hour.
         */
        post: operations["postRestaurantsMeStaffInvitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/staff/invitations/{invitationId}": {
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
         * Withdraw an invitation
         * @description For owners. Its link is no longer valid. 404 when it was used, withdrawn or has expired.
         */
        delete: operations["deleteRestaurantsMeStaffInvitationsInvitationId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/second-factor-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Require a second factor of everybody who works here, or no longer
         * @description Takes an owner with a second factor. Sessions that were opened without one end. Signing in without one then gives tokens that can only set one up.
         */
        put: operations["putRestaurantsMeSecondFactorPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/staff/{staffId}": {
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
         * Remove a person, or leave; ends the person's sessions here
         * @description Owners may remove any person, and each person may leave; the last owner may not. The open invitations of that person end. The person's account stays.
         */
        delete: operations["deleteRestaurantsMeStaffStaffId"];
        options?: never;
        head?: never;
        /**
         * Give a person another role, which ends the person's sessions here
         * @description Owners give any role, managers only `kitchen`. A restaurant keeps at least one owner.
         */
        patch: operations["patchRestaurantsMeStaffStaffId"];
        trace?: never;
    };
    "/v1/restaurants/me/dishes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My dishes, oldest first
         * @description All of them, also those that are sold out.
         */
        get: operations["getRestaurantsMeDishes"];
        put?: never;
        /**
         * Add a dish to the menu
         * @description On the menu at once. Prices are in the smallest unit of the restaurant's currency.
         */
        post: operations["postRestaurantsMeDishes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/dishes/{dishId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my dishes
         * @description Its `ETag` is its version: send it as `If-Match` to change or remove exactly this one.
         */
        get: operations["getRestaurantsMeDishesDishId"];
        put?: never;
        post?: never;
        /**
         * Remove a dish from the menu
         * @description With `If-Match`, only that version. Its limit of portions is removed, too. Orders that were placed keep it.
         */
        delete: operations["deleteRestaurantsMeDishesDishId"];
        options?: never;
        head?: never;
        /**
         * Change a dish; with If-Match, only that version
         * @description The staff role `kitchen` changes only `available` and `soldOutUntil`. Placed orders keep their prices.
         */
        patch: operations["patchRestaurantsMeDishesDishId"];
        trace?: never;
    };
    "/v1/restaurants/me/option-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All my option groups, oldest first
         * @description At most 50, in one page; also those that no dish offers.
         */
        get: operations["getRestaurantsMeOptionGroups"];
        put?: never;
        /**
         * Add an option group, for dishes to offer
         * @description Such as sizes or sauces. A dish that offers it may ask for other bounds; an option may offer further groups.
         */
        post: operations["postRestaurantsMeOptionGroups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/option-groups/{optionGroupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of my option groups
         * @description Its `ETag` is its version: send it as `If-Match` to change or remove exactly this one.
         */
        get: operations["getRestaurantsMeOptionGroupsOptionGroupId"];
        put?: never;
        post?: never;
        /**
         * Remove an option group, also from the dishes that offer it
         * @description With `If-Match`, only that version. Options that offer it lose it, too. Orders that were placed keep what was chosen.
         */
        delete: operations["deleteRestaurantsMeOptionGroupsOptionGroupId"];
        options?: never;
        head?: never;
        /**
         * Change an option group; with If-Match, only that version
         * @description Only the fields that are sent; `options` replaces all of them. Dishes that offer the group have the change at once. Orders that were placed keep what was chosen.
         */
        patch: operations["patchRestaurantsMeOptionGroupsOptionGroupId"];
        trace?: never;
    };
    "/v1/restaurants/me/option-groups/{optionGroupId}/options/{optionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change one option, for example when it is sold out
         * @description The staff role `kitchen` changes only `available`.
         */
        patch: operations["patchRestaurantsMeOptionGroupsOptionGroupIdOptionsOptionId"];
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
         * The menu by category; sold-out dishes are not available
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
    "/v1/restaurants/me/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Portions that are left of limited dishes
         * @description A dish without a limit is not in the list. With `perDay`, `remaining` is what is left of the current business day.
         */
        get: operations["getRestaurantsMeStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restaurants/me/dishes/{dishId}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Limit a dish to some portions
         * @description Each order takes its portions when it is placed and gives them back when it is rejected or cancelled. `perDay` sets them anew at the start of each business day.
         */
        put: operations["putRestaurantsMeDishesDishIdStock"];
        post?: never;
        /**
         * Remove the limit of a dish
         * @description Any number of portions can then be ordered. Succeeds also when it has no limit. Whether the dish is `available` stays.
         */
        delete: operations["deleteRestaurantsMeDishesDishIdStock"];
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
         * Our orders, newest first; with `open`, only those that have not ended, oldest first
         * @description With `status`, only those that have it now. To follow them, use `GET /v1/orders/events` instead of polling this.
         */
        get: operations["getOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow our orders live: snapshot, order, heartbeat, end
         * @description Server-sent events, so that a kitchen need not poll. Send the token in the Authorization header
         *     and read them with fetch, or open an `EventSource` with a `ticket`; when it closes, connect again with a new one. Every connection begins with a snapshot, so `Last-Event-ID` is not needed. An order that is missing from a
         *     snapshot without `more` is no longer open. An order's `version` never decreases.
         *
         *     | event | data |
         *     | --- | --- |
         *     | `snapshot` | the first event. `items`: our open orders, oldest first. `more`: true when there are more than these 200 |
         *     | `order` | an order that is new or has changed. With a final `status` it is the last event of that order. The event id is `<orderId>:<version>` |
         *     | `more` | `more`: whether there are more open orders than the oldest 200, which this stream follows. When one of these ends, the next follows. `GET /v1/orders?open=true` lists all |
         *     | `degraded`, `live` | `degraded`: updates are delayed by a second or two. `live`: updates come at once again |
         *     | `heartbeat` | every 15 s; its `region` where the platform has one |
         *     | `end` | the last event; `reason`: `signed_out` (the session has ended), `token_expired` or `too_slow` (connect again) |
         *     | `reconnect` | the process stops: connect again |
         *
         *     Changes in quick succession may come as one event. An order that is placed and ends between two reads sends none. A change
         *     of only the estimate sends none.
         */
        get: operations["getOrdersEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-time ticket to follow our orders with an EventSource
         * @description Append it to the stream's URL as `?ticket=…` within 30 seconds. It opens one stream, which ends when the access token of this request expires.
         */
        post: operations["postOrdersEventsTickets"];
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
         * One of our orders
         * @description `allowedActions` says what is possible now.
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
    "/v1/orders/{orderId}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an order, with the minutes until it is ready
         * @description While it is `pending` and before `acceptBy`. The minutes decide when a courier is sent and what the customer is told.
         */
        post: operations["postOrdersOrderIdAccept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject an order
         * @description While it is `pending`; the customer reads the reason. Later cancel it.
         */
        post: operations["postOrdersOrderIdReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to prepare an order; also accepts a pending one
         * @description From then on the customer cannot cancel it. `prepMinutes` only for a `pending` order; for an accepted one they are a 422.
         */
        post: operations["postOrdersOrderIdPrepare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark the food as ready
         * @description While it is `accepted` or `preparing`. The courier can then pick it up.
         */
        post: operations["postOrdersOrderIdReady"];
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
         * Cancel an accepted order, with a reason
         * @description Until a courier has picked it up; the customer reads the reason. Reject a `pending` one instead.
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
        Accept: {
            /**
             * Format: int32
             * @description Minutes until the food is ready
             */
            prepMinutes: number;
        };
        AcceptInvitation: {
            /** @description From the link in the mail */
            token: string;
            /** @example correct horse battery */
            password: string;
            /** @example 287082 */
            code?: string;
            recoveryCode?: string;
            /** @description A person's name */
            name?: string;
        };
        Accepted: {
            /**
             * @description A person who works in restaurants
             * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            staffId: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            name: string;
            role: components["schemas"]["StaffRole"];
        };
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
        /** @enum {string} */
        Allergen: "gluten" | "crustaceans" | "eggs" | "fish" | "peanuts" | "soybeans" | "milk" | "nuts" | "celery" | "mustard" | "sesame" | "sulphites" | "lupin" | "molluscs";
        /** @description A GeoJSON polygon without holes. Its border belongs to it */
        Area: {
            /** @constant */
            type: "Polygon";
            coordinates: number[][][];
        };
        Availability: {
            acceptingOrders: boolean;
        };
        BeginSecondFactor: {
            currentPassword: string;
        };
        Cancel: {
            reason: string;
        };
        CategoryHours: {
            category: string;
            /** @description When its dishes can be ordered, in the time zone of the restaurant's opening hours */
            intervals: components["schemas"]["WeeklyInterval"][];
        };
        ChangeDish: {
            name?: string;
            description?: string;
            category?: string;
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            priceCents?: number;
            available?: boolean;
            /** @description Groups to choose from, in order, each at most once */
            optionGroups?: components["schemas"]["OfferedGroup"][];
            sortOrder?: number | null;
            imageUrl?: string | null;
            allergens?: components["schemas"]["Allergen"][] | null;
            diets?: components["schemas"]["Diet"][] | null;
            taxBasisPoints?: number | null;
            soldOutUntil?: string | null;
        };
        ChangeEmail: {
            /**
             * Format: email
             * @example ada@example.com
             */
            newEmail: string;
            currentPassword: string;
        };
        ChangeOption: {
            name?: string;
            /**
             * Format: int32
             * @description Added to the price of the dish
             */
            priceCents?: number;
            /** @description False while it is sold out */
            available?: boolean;
            /** Format: int32 */
            maxQuantity?: number;
            /** @description Groups to choose from, in order, each at most once */
            optionGroups?: components["schemas"]["OfferedGroup"][];
        };
        ChangeOptionGroup: {
            name?: string;
            /**
             * Format: int32
             * @description Counts quantities. A group with at least one is required
             */
            minSelections?: number;
            /**
             * Format: int32
             * @description Counts quantities. A group with 1 and 1 is a variant, such as a size
             */
            maxSelections?: number;
            /** @description All options: those with an id stay, those without are new, and those left out are removed. A field left out keeps its value */
            options?: components["schemas"]["KeptOption"][];
        };
        ChangePassword: {
            currentPassword: string;
            /** @example correct horse battery */
            newPassword: string;
        };
        ChangeRestaurant: {
            name?: string;
            cuisines?: string[];
            /** @example +49 30 1234567 */
            phone?: string;
            address?: components["schemas"]["PostalAddress"];
            /**
             * @description ISO 4217 code of a currency in use
             * @example EUR
             */
            currency?: string;
            /** Format: int32 */
            deliveryRadiusMeters?: number;
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            deliveryFeeCents?: number;
            /** Format: int32 */
            prepMinutes?: number;
            /** @description The menu's categories in order. Other categories follow by name */
            categoryOrder?: string[];
            /** @description Categories whose dishes can be ordered only at these times, each at most once. Needs opening hours, which have the time zone */
            categoryHours?: components["schemas"]["CategoryHours"][];
            /** @description The first zone that contains an address counts. Without zones, `deliveryRadiusMeters` and `deliveryFeeCents` hold */
            deliveryZones?: components["schemas"]["DeliveryZone"][];
            tax?: components["schemas"]["TaxTerms"];
            openingHours?: components["schemas"]["OpeningHours"] | null;
        };
        ChangeStaff: {
            role: components["schemas"]["StaffRole"];
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
        /** @description Either `radiusMeters` or `area` */
        DeliveryZone: {
            name: string;
            /**
             * Format: int32
             * @description Around the restaurant
             */
            radiusMeters?: number;
            area?: components["schemas"]["Area"];
            /**
             * Format: int32
             * @description Integer minor units of the currency
             */
            feeCents: number;
            /**
             * Format: int32
             * @description Added for each kilometre of the straight way, in proportion
             */
            perKilometerCents?: number;
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
        Dish: {
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
             * Format: date-time
             * @description Sold out until this time, within a year. For longer, put `available` to false
             */
            soldOutUntil?: string;
        };
        DishPage: {
            items: components["schemas"]["Dish"][];
            nextCursor: string | null;
        };
        DishStock: {
            /**
             * @description A dish
             * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            dishId: string;
            /**
             * Format: int32
             * @description Portions that can still be ordered
             */
            remaining: number;
            /**
             * Format: int32
             * @description Each business day begins with these portions again, at 04:00 by the restaurant's clock
             */
            perDay?: number;
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
        InvitationList: {
            items: components["schemas"]["OpenInvitation"][];
            nextCursor: string | null;
        };
        Invite: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            role: components["schemas"]["StaffRole"];
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
        KeptOption: {
            name: string;
            /**
             * Format: int32
             * @description Added to the price of the dish
             */
            priceCents: number;
            /** @description Groups for this option, such as the sizes of a drink. Their options offer none */
            optionGroups?: components["schemas"]["OfferedGroup"][];
            /** @description By default true */
            available?: boolean;
            /**
             * Format: int32
             * @description By default 1
             */
            maxQuantity?: number;
            /**
             * @description An option of a group
             * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            optionId?: string;
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
        NewDish: {
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
             * Format: date-time
             * @description Sold out until this time, within a year. For longer, put `available` to false
             */
            soldOutUntil?: string;
        };
        NewOption: {
            name: string;
            /**
             * Format: int32
             * @description Added to the price of the dish
             */
            priceCents: number;
            /** @description Groups for this option, such as the sizes of a drink. Their options offer none */
            optionGroups?: components["schemas"]["OfferedGroup"][];
            /** @description By default true */
            available?: boolean;
            /**
             * Format: int32
             * @description By default 1
             */
            maxQuantity?: number;
        };
        /**
         * @example {
         *       "name": "Size",
         *       "minSelections": 1,
         *       "maxSelections": 1,
         *       "options": [
         *         {
         *           "name": "26 cm",
         *           "priceCents": 0
         *         },
         *         {
         *           "name": "32 cm",
         *           "priceCents": 300
         *         }
         *       ]
         *     }
         */
        NewOptionGroup: {
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
            options: components["schemas"]["NewOption"][];
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
        OpenInvitation: {
            /**
             * @description An invitation
             * @example inv_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            invitationId: string;
            email: string;
            role: components["schemas"]["StaffRole"];
            /**
             * @description A person who works in restaurants
             * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            invitedBy: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            expiresAt: string;
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
        OptionGroupPage: {
            items: components["schemas"]["OptionGroup"][];
            nextCursor: string | null;
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
        OrderPage: {
            items: components["schemas"]["Order"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        OrderStatus: "pending" | "accepted" | "preparing" | "ready" | "out_for_delivery" | "delivered" | "rejected" | "cancelled" | "delivery_failed";
        OwnRestaurant: {
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
            /** @description The first zone that contains an address counts. Without zones, `deliveryRadiusMeters` and `deliveryFeeCents` hold */
            deliveryZones?: {
                name: string;
                /**
                 * Format: int32
                 * @description Around the restaurant
                 */
                radiusMeters?: number;
                area?: components["schemas"]["Area"];
                /**
                 * Format: int32
                 * @description Integer minor units of the currency
                 */
                feeCents: number;
                /**
                 * Format: int32
                 * @description Added for each kilometre of the straight way, in proportion
                 */
                perKilometerCents?: number;
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
            }[];
            email: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            createdAt: string;
            /** @description Whether each person needs a second factor to work here */
            secondFactorRequired: boolean;
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
        PostalAddress: {
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
        Prepare: {
            /**
             * Format: int32
             * @description Minutes until the food is ready
             */
            prepMinutes?: number;
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
        RegisterRestaurant: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /** @example correct horse battery */
            password: string;
            name: string;
            cuisines: string[];
            /** @example +49 30 1234567 */
            phone: string;
            address: components["schemas"]["PostalAddress"];
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
            categoryHours?: components["schemas"]["CategoryHours"][];
            /** @description The first zone that contains an address counts. Without zones, `deliveryRadiusMeters` and `deliveryFeeCents` hold */
            deliveryZones?: components["schemas"]["DeliveryZone"][];
            tax?: components["schemas"]["TaxTerms"];
        };
        Reject: {
            reason: components["schemas"]["RejectReason"];
        };
        /** @enum {string} */
        RejectReason: "closing_early" | "too_busy" | "item_unavailable" | "other";
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
        SecondFactorPolicy: {
            /** @description Whether each person needs a second factor to work here */
            required: boolean;
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
        SetStock: {
            /**
             * Format: int32
             * @description Portions that can still be ordered
             */
            remaining: number;
            /**
             * Format: int32
             * @description Each business day begins with these portions again, at 04:00 by the restaurant's clock
             */
            perDay?: number;
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
        StaffList: {
            items: components["schemas"]["StaffMember"][];
            nextCursor: string | null;
        };
        StaffMember: {
            /**
             * @description A person who works in restaurants
             * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            staffId: string;
            email: string;
            /** @description A person's name */
            name?: string;
            role: components["schemas"]["StaffRole"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-23T12:00:00.000Z
             */
            since: string;
            /** @description Whether the person has a second factor */
            secondFactor: boolean;
        };
        /**
         * @description `kitchen` works orders and says what is sold out. `manager` also changes the menu, prices, hours and the
         *     profile. `owner` also decides who works here
         * @enum {string}
         */
        StaffRole: "owner" | "manager" | "kitchen";
        StaffSession: {
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
            /**
             * @description A person who works in restaurants
             * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            staffId: string;
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId: string;
            /** @description All restaurants that you can sign in to */
            memberships: {
                /**
                 * @description A restaurant
                 * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                restaurantId: string;
                name: string;
                role: components["schemas"]["StaffRole"];
                secondFactorRequired: boolean;
            }[];
            /**
             * @description The restaurant requires a second factor that was not given: the tokens can only set one up. The refresh after that
             *     brings your role
             * @constant
             */
            next?: "set_up_second_factor";
        };
        StaffSignIn: {
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
            /**
             * @description A restaurant
             * @example rst_01k9v3e6m2x8r4t7w0z5b1c3d6
             */
            restaurantId?: string;
        };
        StockList: {
            /** @description Dishes with limited portions */
            items: components["schemas"]["DishStock"][];
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
                "application/json": components["schemas"]["StaffSignIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffSession"];
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
                    "application/json": components["schemas"]["StaffSession"];
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
    postRestaurantsMePassword: {
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
    getRestaurantsMeActivity: {
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
    getRestaurantsMeExport: {
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
    postRestaurantsMeEmail: {
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
    getRestaurantsMeSecondFactor: {
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
    postRestaurantsMeSecondFactor: {
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
    postRestaurantsMeSecondFactorConfirm: {
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
    postRestaurantsMeSecondFactorDisable: {
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
                    "application/json": components["schemas"]["OwnRestaurant"];
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
    postRestaurants: {
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
                 *       "name": "Da Enzo",
                 *       "cuisines": [
                 *         "Italian",
                 *         "Pizza"
                 *       ],
                 *       "phone": "+49 30 1234567",
                 *       "address": {
                 *         "line1": "Torstrasse 1",
                 *         "city": "Berlin",
                 *         "postalCode": "10119",
                 *         "country": "DE",
                 *         "location": {
                 *           "lat": 52.528,
                 *           "lng": 13.405
                 *         }
                 *       },
                 *       "currency": "EUR",
                 *       "deliveryRadiusMeters": 5000,
                 *       "deliveryFeeCents": 250,
                 *       "prepMinutes": 15
                 *     }
                 */
                "application/json": components["schemas"]["RegisterRestaurant"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRestaurant"];
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
    getRestaurantsMe: {
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
                    "application/json": components["schemas"]["OwnRestaurant"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMe: {
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
    patchRestaurantsMe: {
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
                 *       "openingHours": {
                 *         "timeZone": "Europe/Berlin",
                 *         "intervals": [
                 *           {
                 *             "day": "friday",
                 *             "opens": "11:30",
                 *             "closes": "22:00"
                 *           },
                 *           {
                 *             "day": "saturday",
                 *             "opens": "12:00",
                 *             "closes": "23:30"
                 *           }
                 *         ]
                 *       },
                 *       "deliveryZones": [
                 *         {
                 *           "name": "Town",
                 *           "radiusMeters": 5000,
                 *           "feeCents": 250,
                 *           "minimumCents": 1500
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ChangeRestaurant"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnRestaurant"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    putRestaurantsMeAvailability: {
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
                 *       "acceptingOrders": true
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
                    "application/json": components["schemas"]["OwnRestaurant"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postStaffInvitationsAccept: {
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
                 *       "token": "rst_01k9v3e6m2x8r4t7w0z5b1c3d6.q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGoq7JmX2vT9sL",
                 *       "password": "correct horse battery",
                 *       "name": "Bruno"
                 *     }
                 */
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeStaff: {
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
                    "application/json": components["schemas"]["StaffList"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeStaffInvitations: {
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
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postRestaurantsMeStaffInvitations: {
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
                 *       "email": "bruno@example.com",
                 *       "role": "kitchen"
                 *     }
                 */
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Accepted: the rest happens later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMeStaffInvitationsInvitationId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description An invitation
                 * @example inv_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                invitationId: string;
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
    putRestaurantsMeSecondFactorPolicy: {
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
                 *       "required": false
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorPolicy"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorPolicy"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMeStaffStaffId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A person who works in restaurants
                 * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                staffId: string;
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
    patchRestaurantsMeStaffStaffId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A person who works in restaurants
                 * @example stf_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                staffId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "manager"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeStaff"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffMember"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeDishes: {
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
                    "application/json": components["schemas"]["DishPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postRestaurantsMeDishes: {
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
                 *       "name": "Margherita",
                 *       "category": "Pizza",
                 *       "description": "Tomatoes, mozzarella, basil",
                 *       "priceCents": 950,
                 *       "available": true,
                 *       "allergens": [
                 *         "gluten",
                 *         "milk"
                 *       ],
                 *       "diets": [
                 *         "vegetarian"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewDish"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dish"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeDishesDishId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A dish
                 * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                dishId: string;
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
                    "application/json": components["schemas"]["Dish"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMeDishesDishId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to change */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description A dish
                 * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                dishId: string;
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
    patchRestaurantsMeDishesDishId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to change */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description A dish
                 * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                dishId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "priceCents": 1050,
                 *       "available": false
                 *     }
                 */
                "application/json": components["schemas"]["ChangeDish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dish"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeOptionGroups: {
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
                    "application/json": components["schemas"]["OptionGroupPage"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    postRestaurantsMeOptionGroups: {
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
                 *       "name": "Size",
                 *       "minSelections": 1,
                 *       "maxSelections": 1,
                 *       "options": [
                 *         {
                 *           "name": "26 cm",
                 *           "priceCents": 0
                 *         },
                 *         {
                 *           "name": "32 cm",
                 *           "priceCents": 300
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewOptionGroup"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptionGroup"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    getRestaurantsMeOptionGroupsOptionGroupId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A group of options for dishes
                 * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionGroupId: string;
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
                    "application/json": components["schemas"]["OptionGroup"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMeOptionGroupsOptionGroupId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to change */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description A group of options for dishes
                 * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionGroupId: string;
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
    patchRestaurantsMeOptionGroupsOptionGroupId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to change */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description A group of options for dishes
                 * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionGroupId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Sizes"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeOptionGroup"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptionGroup"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    patchRestaurantsMeOptionGroupsOptionGroupIdOptionsOptionId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to change */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description A group of options for dishes
                 * @example ogp_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionGroupId: string;
                /**
                 * @description An option of a group
                 * @example opt_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                optionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "available": false
                 *     }
                 */
                "application/json": components["schemas"]["ChangeOption"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptionGroup"];
                };
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
    getRestaurantsMeStock: {
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
                    "application/json": components["schemas"]["StockList"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    putRestaurantsMeDishesDishIdStock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A dish
                 * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                dishId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "remaining": 12,
                 *       "perDay": 20
                 *     }
                 */
                "application/json": components["schemas"]["SetStock"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DishStock"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    deleteRestaurantsMeDishesDishIdStock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A dish
                 * @example dsh_01k9v3e6m2x8r4t7w0z5b1c3d6
                 */
                dishId: string;
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
    getOrdersEvents: {
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
    postOrdersEventsTickets: {
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
    postOrdersOrderIdAccept: {
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
                 *       "prepMinutes": 15
                 *     }
                 */
                "application/json": components["schemas"]["Accept"];
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
    postOrdersOrderIdReject: {
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
                 *       "reason": "too_busy"
                 *     }
                 */
                "application/json": components["schemas"]["Reject"];
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
    postOrdersOrderIdPrepare: {
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
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Prepare"];
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
    postOrdersOrderIdReady: {
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
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The oven is broken"
                 *     }
                 */
                "application/json": components["schemas"]["Cancel"];
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
}
