import { describe, expect, test } from "bun:test";
import {
  INVITATIONS_MAX,
  type Invitation,
  joined,
  MEMBERS_MAX,
  newTeam,
  type StaffRole,
  type Team,
  validInvitations,
  withInvitation,
  withoutInvitation,
  withoutMember,
  withRole,
  withSecondFactorPolicy,
} from "./team.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const teamOf = (roles: Record<string, StaffRole>): Team => ({
  version: 1,
  members: Object.entries(roles).map(([staffId, role]) => ({ staffId, role, since: NOW })),
  invitations: [],
});
const rolesIn = ({ members }: Team) =>
  Object.fromEntries(members.map(({ staffId, role }) => [staffId, role]));
const anInvitation = (change: Partial<Invitation> = {}): Invitation => ({
  ...{ invitationId: "inv", email: "kim@example.com", role: "kitchen", secretHash: "hash" },
  ...{ invitedBy: "ann", expiresAt: inDays(7) },
  ...change,
});
const codeOf = (run: () => unknown) => {
  try {
    run();
    return "done";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const all = { ann: "owner", bob: "manager", cat: "kitchen" } as const;

test("a new team has one owner", () => {
  expect(rolesIn(newTeam("ann", NOW))).toEqual({ ann: "owner" });
});

describe("the last owner", () => {
  test.each(["manager", "kitchen"] as const)("cannot become %s", (role) => {
    expect(codeOf(() => withRole(teamOf(all), "ann", "ann", role))).toBe("LAST_OWNER");
  });

  test("cannot leave", () => {
    expect(codeOf(() => withoutMember(teamOf(all), "ann", "ann"))).toBe("LAST_OWNER");
  });

  test("can do both once there is another", () => {
    const two = withRole(teamOf(all), "ann", "bob", "owner");
    expect(rolesIn(withRole(two, "ann", "ann", "kitchen"))).toEqual({ ...all, ann: "kitchen", bob: "owner" });
    expect(rolesIn(withoutMember(two, "ann", "ann"))).toEqual({ bob: "owner", cat: "kitchen" });
  });
});

describe("only an owner", () => {
  const team = { ...teamOf(all), invitations: [anInvitation()] };
  const changes: Record<string, (actorId: string) => Team> = {
    "gives roles": (actorId) => withRole(team, actorId, "cat", "manager"),
    "removes others": (actorId) => withoutMember(team, actorId, actorId === "cat" ? "bob" : "cat"),
    invites: (invitedBy) => withInvitation(team, anInvitation({ invitedBy, email: "x@example.com" }), NOW),
    withdraws: (actorId) => withoutInvitation(team, actorId, "inv", NOW),
    "requires a second factor": (actorId) => withSecondFactorPolicy(team, actorId, true),
  };
  test.each(Object.keys(changes))("%s", (what) => {
    const outcomes = ["ann", "bob", "cat", "stranger"].map((actorId) =>
      codeOf(() => changes[what]?.(actorId)),
    );
    expect(outcomes).toEqual(["done", "WRONG_STAFF_ROLE", "WRONG_STAFF_ROLE", "WRONG_STAFF_ROLE"]);
  });

  test("but everybody may leave", () => {
    expect(rolesIn(withoutMember(team, "cat", "cat"))).toEqual({ ann: "owner", bob: "manager" });
    expect(codeOf(() => withoutMember(team, "stranger", "stranger"))).toBe("STAFF_NOT_FOUND");
  });
});

describe("a person who does not work here", () => {
  test("has no role to change and cannot be removed", () => {
    expect(codeOf(() => withRole(teamOf(all), "ann", "stranger", "owner"))).toBe("STAFF_NOT_FOUND");
    expect(codeOf(() => withoutMember(teamOf(all), "ann", "stranger"))).toBe("STAFF_NOT_FOUND");
  });
});

describe("an invitation", () => {
  const invited = (change?: Partial<Invitation>) => withInvitation(teamOf(all), anInvitation(change), NOW);

  test("lets one person join in its role, once", () => {
    const after = joined(invited({ role: "manager" }), "hash", "kim", NOW);
    expect(rolesIn(after)).toEqual({ ...all, kim: "manager" });
    expect(codeOf(() => joined(after, "hash", "lee", NOW))).toBe("INVITATION_NOT_FOUND");
  });

  test("leaves the role of a person who works here already", () => {
    expect(rolesIn(joined(invited({ role: "kitchen" }), "hash", "ann", NOW))).toEqual(all);
  });

  test("expires, and is then neither listed nor withdrawn", () => {
    const team = invited();
    expect(codeOf(() => joined(team, "hash", "kim", inDays(7)))).toBe("INVITATION_NOT_FOUND");
    expect(validInvitations(team, inDays(7))).toEqual([]);
    expect(codeOf(() => withoutInvitation(team, "ann", "inv", inDays(7)))).toBe("INVITATION_NOT_FOUND");
  });

  test("replaces an earlier one of the same address, and no other", () => {
    const two = withInvitation(invited(), anInvitation({ email: "lee@example.com", secretHash: "lee" }), NOW);
    const again = withInvitation(two, anInvitation({ secretHash: "new" }), NOW);
    expect(again.invitations.map(({ secretHash }) => secretHash)).toEqual(["lee", "new"]);
  });

  test.each([
    ["is removed", (team: Team) => withoutMember(team, "bob", "ann")],
    ["leaves", (team: Team) => withoutMember(team, "ann", "ann")],
    ["becomes manager", (team: Team) => withRole(team, "bob", "ann", "manager")],
  ])("ends when the owner who sent it %s", (_, change) => {
    const team = withRole(invited(), "ann", "bob", "owner");
    expect(change(team).invitations).toEqual([]);
  });

  test(`is refused beyond ${INVITATIONS_MAX} open ones, not counting expired ones`, () => {
    const many = (expiresAt: Date): Team => ({
      ...teamOf(all),
      invitations: Array.from({ length: INVITATIONS_MAX }, (_, i) =>
        anInvitation({ email: `${i}@example.com`, expiresAt }),
      ),
    });
    expect(codeOf(() => withInvitation(many(inDays(1)), anInvitation(), NOW))).toBe("TOO_MANY_INVITATIONS");
    expect(withInvitation(many(NOW), anInvitation(), NOW).invitations).toHaveLength(1);
  });

  test(`is refused, and not usable, in a team of ${MEMBERS_MAX}`, () => {
    const full = teamOf({
      ann: "owner",
      ...Object.fromEntries(Array.from({ length: MEMBERS_MAX - 1 }, (_, i) => [`p${i}`, "kitchen" as const])),
    });
    expect(codeOf(() => withInvitation(full, anInvitation(), NOW))).toBe("TOO_MANY_STAFF");
    const invitations = [anInvitation()];
    expect(codeOf(() => joined({ ...full, invitations }, "hash", "kim", NOW))).toBe("TOO_MANY_STAFF");
  });
});
