import { describe, expect, test } from "bun:test";
import { faultOf, hashNewPassword } from "./new-password.ts";
import { isPassword } from "./passwords.ts";

const ada = { email: "ada.lovelace@example.com", name: "Ada Lovelace" };
const KNOWN = "It is one of the passwords that are tried first";
const REPEATS = "It repeats a few characters";
const SEQUENCE = "It is a sequence of characters";
const OWN = "It is the name or the email address of the account";

describe("a new password is refused", () => {
  test.each([
    ["password1234", KNOWN],
    ["PassWord1234", KNOWN],
    ["1q2w3e4r5t", KNOWN],
    ["trustno1trustno1", KNOWN],
    ["aaaaaaaaaaaa", REPEATS],
    ["abababababab", REPEATS],
    ["xyz1xyz1xyz1", REPEATS],
    ["žžžžžžžžž", REPEATS],
    ["123456789012", SEQUENCE],
    ["98765432109", SEQUENCE],
    ["abcdefghijkl", SEQUENCE],
    ["zyxwvutsrq", SEQUENCE],
    ["ada.lovelace@example.com", OWN],
    ["Ada.Lovelace", OWN],
    ["ADA LOVELACE", OWN],
    ["ada-lovelace!", OWN],
  ])("%p: %s", async (password, fault) => {
    expect(await faultOf(password, ada)).toBe(fault);
  });

  test("with 422, which says why and where, and never what it was", async () => {
    const refused = await hashNewPassword("password1234", ada, "/newPassword").catch((error) => error);
    expect(refused).toMatchObject({
      ...{ status: 422, code: "PASSWORD_EASY_TO_GUESS" },
      extras: { details: [{ pointer: "/newPassword", detail: KNOWN }] },
    });
    expect(JSON.stringify([refused.message, refused.extras])).not.toContain("password1234");
  });
});

describe("a new password is accepted", () => {
  test.each([
    "correct horse battery",
    "another password",
    "a staple of batteries",
    "ada lovelace 1815",
    "123456789013",
    "abcdefghijkm",
    "aaaaaaaaaaab",
    "пароль на каждый день",
    crypto.randomUUID(),
  ])("%p", async (password) => {
    expect(await faultOf(password, ada)).toBeUndefined();
  });

  test("and hashed; an owner without a name refuses nothing more", async () => {
    const hash = await hashNewPassword("correct horse battery", { email: ada.email });
    expect(await isPassword("correct horse battery", hash)).toBe(true);
  });
});
