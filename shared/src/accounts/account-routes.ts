import { Elysia } from "elysia";
import type { Db } from "mongodb";
import type { Mailer } from "../mail/mailer.ts";
import type { Redis } from "../storage/redis.ts";
import { mailLinks } from "./links/mail-links.ts";
import { oneTimeLinks } from "./links/one-time-links.ts";
import { passwordResetRoutes } from "./password-reset/routes.ts";
import type { AccountStore } from "./store.ts";

/** What an account can do besides sessions, which needs a link in a mail or a second factor. */
export function accountFeatures(deps: {
  /** Of the service. */
  name: string;
  db: Db;
  redis: Redis;
  mailer: Mailer;
  accounts: AccountStore;
}) {
  const { name, db, redis, mailer, accounts } = deps;
  const links = oneTimeLinks(db);
  const shared = { accounts, mailLinks: mailLinks({ mailer, links, redis, name }) };
  return {
    links,
    routes: new Elysia({ name: "accounts" }).use(passwordResetRoutes(shared)),
    ensureIndexes: () => links.ensureIndexes(),
  };
}
