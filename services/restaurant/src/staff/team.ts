// Who works in a restaurant, and who is invited. A team is part of its restaurant's document and changes under its version,
// so that every rule here is checked on the whole team: the last owner cannot go, whatever else happens at the same time.
import { conflict, forbidden, notFound } from "@food/shared/values/errors";

export type StaffRole = "owner" | "manager" | "kitchen";

export interface Member {
  staffId: string;
  role: StaffRole;
  since: Date;
}

export interface Invitation {
  invitationId: string;
  email: string;
  role: StaffRole;
  /** The hash of the secret in the link. */
  secretHash: string;
  /** The owner who sent it. */
  invitedBy: string;
  expiresAt: Date;
}

export interface Team {
  version: number;
  members: Member[];
  invitations: Invitation[];
  /** Whether each person needs a second factor to work here. */
  secondFactorRequired?: boolean;
}

export const MEMBERS_MAX = 100;
export const INVITATIONS_MAX = 50;

export const newTeam = (staffId: string, since: Date): Team => ({
  version: 1,
  members: [{ staffId, role: "owner", since }],
  invitations: [],
});

const noSuchStaff = () => notFound("STAFF_NOT_FOUND", "Nobody with this id works here.");
export const noSuchInvitation = () =>
  notFound("INVITATION_NOT_FOUND", "There is no such invitation, or it is used, withdrawn or expired.");
const lastOwner = () =>
  conflict("LAST_OWNER", "A restaurant needs an owner. Make another person an owner first.");

export const memberOf = ({ members }: Team, staffId: string) =>
  members.find((member) => member.staffId === staffId);

export const validInvitations = ({ invitations }: Team, now: Date) =>
  invitations.filter(({ expiresAt }) => expiresAt > now);

/** The caller's token may be older than the team. */
export function requireOwner(team: Team, actorId: string): void {
  if (memberOf(team, actorId)?.role !== "owner")
    throw forbidden("WRONG_STAFF_ROLE", "This needs the staff role owner.");
}

function requireOtherOwner({ members }: Team, staffId: string): void {
  if (!members.some((member) => member.role === "owner" && member.staffId !== staffId)) throw lastOwner();
}

/** Ends an earlier invitation of the same address. */
export function withInvitation(team: Team, invitation: Invitation, now: Date): Team {
  requireOwner(team, invitation.invitedBy);
  const others = validInvitations(team, now).filter(({ email }) => email !== invitation.email);
  if (others.length >= INVITATIONS_MAX)
    throw conflict("TOO_MANY_INVITATIONS", `At most ${INVITATIONS_MAX} are open. Withdraw one first.`);
  if (team.members.length >= MEMBERS_MAX)
    throw conflict("TOO_MANY_STAFF", `At most ${MEMBERS_MAX} people work in a restaurant.`);
  return { ...team, invitations: [...others, invitation] };
}

export function withoutInvitation(team: Team, actorId: string, invitationId: string, now: Date): Team {
  requireOwner(team, actorId);
  const others = validInvitations(team, now).filter((one) => one.invitationId !== invitationId);
  if (others.length === validInvitations(team, now).length) throw noSuchInvitation();
  return { ...team, invitations: others };
}

export function requireInvitation(team: Team, secretHash: string, now: Date): Invitation {
  const found = validInvitations(team, now).find((one) => one.secretHash === secretHash);
  if (!found) throw noSuchInvitation();
  return found;
}

/** Uses the invitation. A person who works here already keeps the role. */
export function joined(team: Team, secretHash: string, staffId: string, now: Date): Team {
  const { role } = requireInvitation(team, secretHash, now);
  if (team.members.length >= MEMBERS_MAX)
    throw conflict("TOO_MANY_STAFF", `At most ${MEMBERS_MAX} people work in a restaurant.`);
  const invitations = team.invitations.filter((one) => one.secretHash !== secretHash);
  if (memberOf(team, staffId)) return { ...team, invitations };
  return { ...team, invitations, members: [...team.members, { staffId, role, since: now }] };
}

/** Invitations end with the right to send them. */
const withoutInvitationsBy = (team: Team, staffId: string) =>
  team.invitations.filter(({ invitedBy }) => invitedBy !== staffId);

export function withRole(team: Team, actorId: string, staffId: string, role: StaffRole): Team {
  requireOwner(team, actorId);
  if (!memberOf(team, staffId)) throw noSuchStaff();
  if (role !== "owner") requireOtherOwner(team, staffId);
  return {
    ...team,
    members: team.members.map((member) => (member.staffId === staffId ? { ...member, role } : member)),
    invitations: role === "owner" ? team.invitations : withoutInvitationsBy(team, staffId),
  };
}

export function withSecondFactorPolicy(team: Team, actorId: string, required: boolean): Team {
  requireOwner(team, actorId);
  return { ...team, secondFactorRequired: required };
}

/** Owners may remove any person, and each person may leave. */
export function withoutMember(team: Team, actorId: string, staffId: string): Team {
  if (staffId !== actorId) requireOwner(team, actorId);
  if (!memberOf(team, staffId)) throw noSuchStaff();
  requireOtherOwner(team, staffId);
  return {
    ...team,
    members: team.members.filter((member) => member.staffId !== staffId),
    invitations: withoutInvitationsBy(team, staffId),
  };
}
