// bun bench/overload.ts [--seconds 20]: four services under three times the orders that they can place, sent at a fixed
// rate.
import { orExit, readFlags } from "../tools/command-line.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { atLeast, atMost, conclude, say } from "./support/report.ts";

const { seconds } = orExit(() => readFlags(Bun.argv.slice(2), { seconds: 20 }).flags);
const databases = await ownDatabases();
const { openPlatform } = await import("../e2e/platform.ts");
const { ANSWER_MAX, GOODPUT_MIN, overload } = await import("./support/overload.ts");

const platform = await openPlatform();
try {
  const figures = await overload(platform, seconds);
  say(
    `        ${figures.peak.toFixed(0)} orders a second at most; ${figures.offered} asked for in ${seconds} s`,
  );
  say(
    `        an order took ${figures.placedP50Ms.toFixed(0)} ms in the middle, ${figures.refused} were refused`,
  );
  atLeast("orders placed under three times the load, of the most", figures.goodput, 0.8, "x");
  atLeast(
    "orders placed for the same calls behind the door, of the most",
    figures.goodputForCalls,
    GOODPUT_MIN,
    "x",
  );
  atLeast("orders placed for the same work behind the door, of the most", figures.goodputForCpu, 0.8, "x");
  atMost(
    "an answer's work at the door, refusals included, of an order's",
    figures.answerForCpu,
    ANSWER_MAX,
    "x",
  );
  atMost("a refusal, of a hundred the slowest but one", figures.refusedP99Ms, 50, "ms");
  atMost(
    "answers that were neither",
    Object.values(figures.others).reduce((a, b) => a + b, 0),
    0,
    JSON.stringify(figures.others),
  );
  atMost("until nothing failed any more", figures.recoveredAfterSeconds, 5, "s");
  atMost("memory of the front door, of what it was", figures.memoryGrowth, 2, "x");
} finally {
  await platform.stop();
  await databases.stop();
}
conclude();
