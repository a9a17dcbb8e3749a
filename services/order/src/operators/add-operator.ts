// Operators have no sign-up. The settings name the first one, and an operator adds the others.
import { hashNewPassword } from "@food/shared/accounts/new-password";
import type { AccountStore } from "@food/shared/accounts/store";
import type { Log } from "@food/shared/observe/log";
import { AppError } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import type { NewOperator, Operator } from "./schema.ts";
import type { OperatorStore } from "./store.ts";

/** Throws 409 when the email address has an account already, and 422 when the password is easy to guess. */
export async function addOperator(
  operators: OperatorStore,
  { password, ...profile }: NewOperator,
): Promise<Operator> {
  const passwordHash = await hashNewPassword(password, profile);
  return operators.add({ _id: newId("opr"), ...profile, passwordHash, createdAt: new Date() });
}

export interface FirstOperatorDeps {
  operators: OperatorStore;
  accounts: Pick<AccountStore, "findByEmail">;
  log: Pick<Log, "error" | "info">;
}

/** Makes the account unless there is one with this address; its password stays as it is. Any number of replicas may call it
 * at once. Throws only when the database fails. */
export async function addFirstOperator(
  { operators, accounts, log }: FirstOperatorDeps,
  { OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password }: OperatorSettings,
): Promise<void> {
  if (email === "" || (await accounts.findByEmail(email))) return;
  try {
    const { operatorId } = await addOperator(operators, { email, password, name: "Operator" });
    log.info({ operatorId }, "First operator added");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Another replica was faster.
    if (error.code !== "EMAIL_TAKEN")
      log.error({ code: error.code }, "No operator: OPERATOR_PASSWORD is missing, short or easy to guess");
  }
}

export interface OperatorSettings {
  OPERATOR_EMAIL: string;
  OPERATOR_PASSWORD: string;
}
