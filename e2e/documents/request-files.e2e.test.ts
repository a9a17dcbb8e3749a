// The request files of docs/http play one order together, in the order of their numbers.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { startPlatform } from "../platform.ts";
import { readRequestFile, sendRequest } from "./request-files.ts";

const FOLDER = join(import.meta.dir, "../../docs/http");
const actors = await Promise.all(
  ["customer", "restaurant", "courier"].map((name) => readRequestFile(FOLDER, `${name}.http`)),
);
const [customer] = actors;
const steps = actors
  .flatMap(({ variables, requests }) => requests.map((request) => ({ variables, request })))
  .sort((a, b) => a.request.number - b.request.number);

test("the numbers go from 1 to the last, upwards in each file", () => {
  expect(steps.map(({ request }) => request.number)).toEqual(steps.map((_, i) => i + 1));
  for (const { requests } of actors) {
    const numbers = requests.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  }
});

test("each request says the status that it expects", () => {
  for (const { request } of steps) expect(request.assertions[0]).toMatch(/^status == 2\d\d$/);
});

describeWithDatabases("the request files", () => {
  test("play one order from the sign-ups to the door", async () => {
    const { urls } = await startPlatform();
    for (const { variables } of actors)
      for (const name of Object.keys(variables))
        variables[name] = urls[name.replace("Url", "") as keyof typeof urls];
    for (const { request, variables } of steps) {
      const { handoverPin = "" } = (customer?.variables.mine ?? {}) as { handoverPin?: string };
      const send = () => sendRequest(request, variables, handoverPin);
      if (request.title.includes("Send this again"))
        await eventually(async () => (await send()).length === 0);
      else expect(await send()).toEqual([]);
    }
  });
});
