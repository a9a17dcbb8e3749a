// The pages of docs/guide play one order together, and show what is really answered.
// WRITE_DOCUMENTS=1 bun test ./e2e/documents/guide.e2e.test.ts writes the answers into the pages.
import { expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { startPlatform } from "../platform.ts";
import { openShell, partsOf, readable, type Step, showAnswers, stepsOf } from "./guide.ts";

const PAGES = ["customer", "restaurant", "courier"];
const steps = (await Promise.all(PAGES.map(stepsOf))).flat().sort((a, b) => a.number - b.number);
const numbers = steps.map(({ number }) => number).filter((number) => number > 0);
const [missing] = ["bash", "curl"].filter((program) => !Bun.which(program));

test("the steps are numbered over all pages", () => {
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  for (const { commands } of steps) expect(commands).not.toBe("");
});

test.skipIf(!process.env.CI)("in CI: the programs are there", () => {
  expect(missing).toBeUndefined();
});

/** Commands after `read` would be read as its input. */
const typing = (input: string, commands: string) =>
  commands.replace("read -r pin\n", (command) => `${command}${input}\n`);

describeWithDatabases("the guide", () => {
  test.skipIf(missing !== undefined)("plays one order, and shows the answers", async () => {
    const { urls } = await startPlatform();
    const environment = Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
    );
    const shells = new Map(PAGES.map((page) => [page, openShell(environment)]));
    cleanUp(() => {
      for (const shell of shells.values()) shell.close();
    });
    const answers = new Map<Step, string>();
    let pin = "";
    async function play(step: Step) {
      const answer = readable((await shells.get(step.page)?.run(typing(pin, step.commands))) ?? "");
      pin = /"handoverPin": "(\d+)"/.exec(answer)?.[1] ?? pin;
      answers.set(step, answer);
    }
    let following = Promise.resolve();
    // A stream lasts as long as its order. Its page goes on when it has ended.
    for (const step of steps)
      if (step.commands.includes("/events")) following = play(step);
      else if (step.page === "customer") await following.then(() => play(step));
      else await play(step);
    if (Bun.env.WRITE_DOCUMENTS) await showAnswers(answers);
    // An answer may have got more fields since.
    else
      for (const [{ page, number, shown }, answer] of answers)
        expect([page, number, ...partsOf(answer)]).toMatchObject([page, number, ...partsOf(shown)]);
  });
});
