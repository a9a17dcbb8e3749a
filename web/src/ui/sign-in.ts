// Sign-in and sign-up of one role.

import type { Refused } from "@food/client";
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Route } from "../api/operation.ts";
import { Action } from "./action.ts";
import { Field } from "./field.ts";
import { t } from "./language.ts";

type Values = Record<string, string | undefined>;
interface Account {
  email: string;
  password: string;
}

export interface SignUp {
  route: Route;
  create: (api: Api, account: Account, values: Values) => Promise<unknown>;
  fields: { name: string; label: string; type?: string; hint?: string; pattern?: string; initial?: string }[];
}

export interface SignInProps {
  api: Api;
  title: string;
  /** An account of the demo town. */
  demoEmail: string;
  /** Fields of a new account besides email and password; none when this page makes no accounts. */
  signUp?: SignUp;
  note?: string;
}

export function SignIn({ api, title, demoEmail, signUp, note }: SignInProps) {
  const [isNew, setNew] = useState(false);
  const [values, setValues] = useState<Values>({});
  const set = (name: string) => (value: string) => setValues((before) => ({ ...before, [name]: value }));
  const [needsCode, setNeedsCode] = useState(false);
  const { email = "", password = "", code = "" } = values;
  const demo = api.config.demo;
  const isSigningUp = isNew && signUp !== undefined;

  async function run(noting: Api) {
    if (isSigningUp) {
      const given = signUp.fields.map(({ name, initial = "" }) => [name, values[name] ?? initial]);
      await signUp.create(noting, { email, password }, Object.fromEntries(given));
    }
    await noting.signIn(email, password, needsCode ? code : "");
  }
  const onFailed = (error: Refused) => {
    if (error.code === "SECOND_FACTOR_REQUIRED") setNeedsCode(true);
  };

  return html`<section class="card narrow">
    <h1>${title}</h1>
    ${
      signUp &&
      html`<div class="tabs" role="group" aria-label=${t("Account")}>
        <button type="button" aria-pressed=${!isNew} onClick=${() => setNew(false)}>${t("Sign in")}</button>
        <button type="button" aria-pressed=${isNew} onClick=${() => setNew(true)}>${t("New account")}</button>
      </div>`
    }
    <form>
      ${
        isSigningUp &&
        signUp.fields.map(
          ({ name, initial = "", ...field }) =>
            html`<${Field} key=${name} ...${field} required value=${values[name] ?? initial} onInput=${set(name)} />`,
        )
      }
      <${Field} label=${t("Email")} type="email" required autocomplete="username" value=${email} onInput=${set("email")} />
      <${Field}
        label=${t("Password")} type="password" required minlength=${isSigningUp ? 8 : 1} value=${password}
        autocomplete=${isSigningUp ? "new-password" : "current-password"} onInput=${set("password")}
      />
      ${
        needsCode &&
        html`<${Field}
          label=${t("Code of your app, or a recovery code")} required autocomplete="one-time-code"
          value=${code} onInput=${set("code")}
        />`
      }
      <${Action}
        api=${api} kind="main" isSubmit onFailed=${onFailed}
        label=${isSigningUp ? t("Create account") : t("Sign in")}
        route=${isSigningUp ? signUp.route : "POST /v1/sessions"} run=${run}
      />
    </form>
    ${note && html`<p class="quiet">${note}</p>`}
    ${
      demo &&
      !isSigningUp &&
      html`<p class="quiet demo">
        ${t("The demo town has accounts, once it was seeded:")}${" "}<code>bun run seed</code>
        <button type="button" class="plain" onClick=${() => setValues({ email: demoEmail, password: demo.password })}>
          ${t("Fill in {email}", { email: demoEmail })}
        </button>
      </p>`
    }
  </section>`;
}
