import { SecondFactorGiven, Session, SignIn } from "@food/shared/accounts/schema";
import { RestaurantId } from "@food/shared/contracts/ids";
import { Email, Instant, Line, Password } from "@food/shared/values/fields";
import { ID_BODY, idSchema } from "@food/shared/values/id";
import { pageOf } from "@food/shared/values/page";
import { stored } from "@food/shared/values/ruled";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

const StaffId = idSchema("stf", "A person who works in restaurants");
const InvitationId = idSchema("inv", "An invitation");
const PersonName = Line(100, "A person's name");

export const StaffRole = Type.Union(
  [Type.Literal("owner"), Type.Literal("manager"), Type.Literal("kitchen")],
  {
    description: `\`kitchen\` works orders and says what is sold out. \`manager\` also changes the menu, prices, hours and the
profile. \`owner\` also decides who works here`,
  },
);

const Membership = Type.Object(
  {
    restaurantId: RestaurantId,
    name: Type.String(),
    role: StaffRole,
    secondFactorRequired: Type.Boolean(),
  },
  strict,
);

export const StaffSignIn = Type.Object(
  {
    ...SignIn.properties,
    restaurantId: Type.Optional(RestaurantId),
  },
  strict,
);

export const StaffSession = Type.Object(
  {
    ...Session.properties,
    staffId: StaffId,
    restaurantId: RestaurantId,
    memberships: Type.Array(Membership, { description: "All restaurants that you can sign in to" }),
    next: Type.Optional(
      Type.Literal("set_up_second_factor", {
        description: `The restaurant requires a second factor that was not given: the tokens can only set one up. The refresh after that
brings your role`,
      }),
    ),
  },
  strict,
);

export const StaffMember = Type.Object(
  {
    staffId: StaffId,
    email: Type.String(),
    name: Type.Optional(stored(PersonName)),
    role: StaffRole,
    since: Instant,
    secondFactor: Type.Boolean({ description: "Whether the person has a second factor" }),
  },
  strict,
);
export type StaffMember = Static<typeof StaffMember>;
export const StaffList = pageOf(StaffMember);

export const StaffParams = Type.Object({ staffId: StaffId });
export const ChangeStaff = Type.Object({ role: StaffRole }, strict);

export const SecondFactorPolicy = Type.Object(
  { required: Type.Boolean({ description: "Whether each person needs a second factor to work here" }) },
  strict,
);

export const Invite = Type.Object({ email: Email, role: StaffRole }, strict);
export type Invite = Static<typeof Invite>;

export const OpenInvitation = Type.Object(
  {
    invitationId: InvitationId,
    email: Type.String(),
    role: StaffRole,
    invitedBy: StaffId,
    expiresAt: Instant,
  },
  strict,
);
export type OpenInvitation = Static<typeof OpenInvitation>;
export const InvitationList = pageOf(OpenInvitation);
export const InvitationParams = Type.Object({ invitationId: InvitationId });

export const AcceptInvitation = Type.Object(
  {
    token: Type.String({
      pattern: `^rst${ID_BODY}\\.[0-9A-Za-z_-]{43}$`,
      maxLength: 83,
      description: "From the link in the mail",
    }),
    password: Password,
    ...SecondFactorGiven,
    name: Type.Optional(PersonName),
  },
  strict,
);
export type AcceptInvitation = Static<typeof AcceptInvitation>;

export const Accepted = Type.Object(
  { staffId: StaffId, restaurantId: RestaurantId, name: Type.String(), role: StaffRole },
  strict,
);
export type Accepted = Static<typeof Accepted>;
