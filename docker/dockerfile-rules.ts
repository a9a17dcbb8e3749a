import { type Dockerfile, DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";

const PINNED = /^[\w./-]+:[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$|@sha256:[0-9a-f]{64}$/;
/** Distroless has no numbered tags. */
const PINNED_BY_NATURE = /^gcr\.io\/distroless\/base-debian12:nonroot$/;

const argumentsOf = (file: Dockerfile, keyword: string) =>
  file
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getRawArgumentsContent() ?? "");

/** Every image that a stage begins with, its ARG replaced by the default. */
function baseImages(file: Dockerfile): string[] {
  const defaults = new Map(
    file.getInitialARGs().map((arg) => [arg.getProperty()?.getName(), arg.getProperty()?.getValue() ?? ""]),
  );
  return file.getFROMs().map((from) => {
    const image = from.getImage() ?? "";
    return defaults.get(/^\$\{(\w+)\}$/.exec(image)?.[1] ?? "") ?? image;
  });
}

/** What a linter says about the file, and what breaks this project's own rules; each as one line. */
export function dockerfileFaults(text: string): string[] {
  const file = DockerfileParser.parse(text);
  const faults = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
  const expectThat = (holds: boolean, fault: string) => void (holds || faults.push(fault));

  const images = baseImages(file);
  for (const image of images)
    expectThat(
      PINNED.test(image) || PINNED_BY_NATURE.test(image),
      `${image} is not pinned: give an exact tag`,
    );
  expectThat(images.length > 1, "there is one stage: build in another one than the image's");
  expectThat(
    images.at(-1)?.includes("/distroless/") ?? false,
    "the image has a shell: begin with distroless",
  );

  const last = text.slice(text.lastIndexOf("\nFROM "));
  const image = DockerfileParser.parse(last);
  const copies = argumentsOf(image, "COPY");
  expectThat(/^\d+:\d+$/.test(argumentsOf(image, "USER").at(-1) ?? "0"), "USER is not a number of nobody's");
  expectThat(!/^0:/.test(argumentsOf(image, "USER").at(-1) ?? ""), "USER is root");
  expectThat(argumentsOf(image, "RUN").length === 0, "the image is made by RUN: do that in the build stage");
  expectThat(
    copies.length === 1 && /^\S*\/dist\/\S+ \/service$/.test(copies[0] ?? ""),
    "the image has more than the binary: copy dist/<service> alone",
  );
  expectThat(/^\["/.test(argumentsOf(image, "ENTRYPOINT")[0] ?? ""), "ENTRYPOINT needs a shell: give a list");
  expectThat(/\borg\.opencontainers\.image\.title=/.test(last), "the image has no OCI labels");
  expectThat(
    !argumentsOf(file, "RUN").some((run) => /\bstrip\b/.test(run)),
    "strip cuts the program off the binary",
  );
  expectThat(argumentsOf(file, "ADD").length === 0, "ADD fetches and unpacks: use COPY");
  return faults;
}
