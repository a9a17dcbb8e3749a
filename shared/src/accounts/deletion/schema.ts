import { Type } from "@sinclair/typebox";
import { KnownPassword } from "../../values/fields.ts";

export const DeleteAccount = Type.Object({ currentPassword: KnownPassword }, { additionalProperties: false });
