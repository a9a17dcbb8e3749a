// The accounts of people whose restaurant is deleted. Removing one marks the person, then looks for a membership, then removes
// a person who still has the mark. Joining stores the membership and then takes the mark away, or stores a removed person
// again (`keep`). Whatever the sequence, one of the two sees the other.
import type { TeamStore } from "../staff/store.ts";
import type { PeopleStore } from "./store.ts";

export interface RemoveDeps {
  people: Pick<PeopleStore, "accounts" | "markLeaving" | "removeLeaving">;
  teams: Pick<TeamStore, "membershipsOf">;
}

/** Does nothing for a person who works in a restaurant. Idempotent. */
export async function removeUnlessEmployed({ people, teams }: RemoveDeps, staffId: string): Promise<void> {
  const mark = crypto.randomUUID();
  await people.markLeaving(staffId, mark);
  if ((await teams.membershipsOf(staffId)).length > 0) return;
  if (await people.removeLeaving(staffId, mark)) await people.accounts.closeSessionsOf(staffId);
}
