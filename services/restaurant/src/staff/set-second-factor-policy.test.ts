import { expect, test } from "bun:test";
import { type SecondFactorPolicyDeps, setSecondFactorPolicy } from "./set-second-factor-policy.ts";
import { newTeam, type Team } from "./team.ts";

test("stores the requirement before it looks for second factors and ends sessions, so that no sign-in is missed", async () => {
  const steps: unknown[] = [];
  let team: Team = newTeam("stf_owner", new Date());
  team.members.push({ staffId: "stf_cook", role: "kitchen", since: new Date() });
  const deps = {
    teams: {
      async change(_: string, decide: (current: Team) => Team) {
        team = decide(team);
        steps.push({ required: team.secondFactorRequired });
        return { before: team, after: team };
      },
    },
    factors: {
      async having(staffIds: string[]) {
        steps.push({ look: staffIds });
        return ["stf_owner"];
      },
    },
    people: {
      accounts: {
        closeSessionsWithoutFactor: async (...given: unknown[]) => void steps.push({ end: given }),
      },
    },
  } as unknown as SecondFactorPolicyDeps;
  const by = { restaurantId: "rst_1", actorId: "stf_owner" };
  await setSecondFactorPolicy(deps, by, true);
  expect(steps).toEqual([
    { look: ["stf_owner"] },
    { required: true },
    { look: ["stf_owner", "stf_cook"] },
    { end: ["rst_1", ["stf_owner"], ["stf_cook"]] },
  ]);
  steps.length = 0;
  await setSecondFactorPolicy(deps, by, false);
  expect(steps).toEqual([{ look: ["stf_owner"] }, { required: false }]);
});
