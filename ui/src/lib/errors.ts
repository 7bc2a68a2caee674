// What each error asks of the page. Words come from Rust; only what to open is
// chosen here, on the code and never on text.

import type { ErrorCode } from "./wire/ErrorCode";
import type { UserError } from "./wire/UserError";

/** `toast`: say it. `unlock`: ask for the passphrase. A new code is a type error here until it has its place. */
export const SETTLES: Record<ErrorCode, "toast" | "unlock"> = {
  key_locked: "unlock",
  wrong_passphrase: "toast",
  wait: "toast",
  no_key: "toast",
  key_unreachable: "toast",
  key_exists: "toast",
  bad_passphrase: "toast",
  not_understood: "toast",
  not_armed: "toast",
  not_shown: "toast",
  changed: "toast",
  not_open: "toast",
  not_found: "toast",
  gate_missing: "toast",
  gate_failed: "toast",
  only_everything: "toast",
  not_offered: "toast",
  bad_input: "toast",
  backup_invalid: "toast",
  disk_full: "toast",
  broken: "toast",
};

/** What was thrown, as an error for people. Anything unexpected is `broken`. */
export function asUserError(e: unknown): UserError {
  if (typeof e === "object" && e !== null && "code" in e && "title" in e && Object.hasOwn(SETTLES, String(e.code))) {
    return e as UserError;
  }
  return {
    code: "broken",
    title: "The window did not get an answer.",
    hint: "Nothing was signed or sent. Close the window and open it again.",
    detail: null,
  };
}
