import { Type } from "@sinclair/typebox";
import { REGION } from "../values/region.ts";

export const RegionConfig = {
  REGION: Type.String({
    pattern: `^(${REGION})?$`,
    default: "",
    description:
      "The region of this platform, where there are several: new ids, tokens, logs and answers name it, and those of other regions are refused. Never change it",
    expects: "one to eight small letters and digits, a letter first",
  }),
};
