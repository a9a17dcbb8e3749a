import type { DisabledWebhook } from "@food/shared/contracts/webhooks";
import type { Mailer } from "@food/shared/mail/mailer";
import type { PeopleStore } from "../people/store.ts";
import type { TeamStore } from "../staff/store.ts";

export interface TellDeps {
  teams: Pick<TeamStore, "get">;
  people: Pick<PeopleStore, "findMany">;
  mailer: Mailer;
}

const WHY: Record<DisabledWebhook["reason"], string> = {
  gone: "It answered 410 Gone.",
  failing: "For a day nothing reached it.",
};

/** Mails the restaurant's owners, where mail is configured. Throws 404 when there is no such restaurant. */
export async function tellOwners(
  { teams, people, mailer }: TellDeps,
  restaurantId: string,
  webhookId: string,
  { host, reason }: DisabledWebhook,
): Promise<void> {
  const { name, team } = await teams.get(restaurantId);
  if (!mailer.isConfigured) return;
  const owners = team.members.filter(({ role }) => role === "owner").map(({ staffId }) => staffId);
  for (const { email } of await people.findMany(owners))
    mailer.send({
      to: email,
      subject: `A webhook of ${name} is disabled`,
      text: `The webhook of ${name} at ${host} (${webhookId}) gets no more messages. ${WHY[reason]}

Once it works again, enable it. Its log shows the messages that it has missed, and sends them again.`,
    });
}
