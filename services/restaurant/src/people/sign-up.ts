// Signing up stores the owner and then the restaurant, two documents. A crash in between leaves an owner without a restaurant,
// whom no answer shows. The same request again, with the same password, finds that owner and stores the restaurant.
import { hashNewPassword } from "@food/shared/accounts/new-password";
import { checkCredentials, type SessionDeps } from "@food/shared/accounts/sessions";
import { emailTaken } from "@food/shared/accounts/store";
import { AppError } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import type { RegisterRestaurant } from "../restaurants/schema.ts";
import { derived, type RestaurantDocument, type RestaurantStore } from "../restaurants/store.ts";
import { newTeam } from "../staff/team.ts";
import { foundedBy } from "./founder.ts";
import type { PeopleStore } from "./store.ts";

export interface SignUpDeps {
  restaurants: RestaurantStore;
  people: PeopleStore;
  signInLimits: SessionDeps["signInLimits"];
}

/** Whether a sign-up with this address is refused, with any password. */
export async function isTaken(
  { restaurants, people }: Pick<SignUpDeps, "restaurants" | "people">,
  email: string,
): Promise<boolean> {
  const known = await people.accounts.findByEmail(email);
  return restaurants.isTaken(foundedBy(known?._id ?? newId("stf")), email);
}

/** Throws 409 when the email address has an account, except that of a person who has signed up no restaurant and whose
 * password this is. */
export async function signUp(
  { restaurants, people, signInLimits }: SignUpDeps,
  { password, ...profile }: RegisterRestaurant,
  remoteAddress: string,
): Promise<RestaurantDocument> {
  const { email } = profile;
  const createdAt = new Date();
  const known = await people.accounts.findByEmail(email);
  const staffId = known?._id ?? newId("stf");
  const restaurantId = foundedBy(staffId);
  if (await restaurants.isTaken(restaurantId, email)) throw emailTaken();
  if (known) {
    const deps = { accounts: people.accounts, signInLimits };
    await checkCredentials(deps, { email, password }, remoteAddress).catch((error) => {
      throw error instanceof AppError && error.status === 401 ? emailTaken() : error;
    });
  } else {
    const passwordHash = await hashNewPassword(password, profile);
    await people.add({ _id: staffId, email, passwordHash, createdAt });
  }
  const added = await restaurants.add({
    ...{ _id: restaurantId, ...profile, ...derived(profile) },
    team: newTeam(staffId, createdAt),
    acceptingOrders: false,
    createdAt,
  });
  if (known) await people.keep(known);
  return added;
}
