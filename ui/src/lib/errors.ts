// What each error asks of the page. Words come from Rust; only what to open is
// chosen here, on the code and never on text.

import type { ErrorCode } from "./wire/ErrorCode";

/** `toast`: say it. `unlock`: ask for the passphrase. */
export type Settles = "toast" | "unlock";

export function settles(code: ErrorCode): Settles {
  switch (code) {
    case "key_locked":
      return "unlock";
    case "wrong_passphrase":
    case "wait":
    case "no_key":
    case "key_unreachable":
    case "key_exists":
    case "bad_passphrase":
    case "not_understood":
    case "not_armed":
    case "not_shown":
    case "changed":
    case "not_open":
    case "not_found":
    case "gate_missing":
    case "gate_failed":
    case "only_everything":
    case "not_offered":
    case "bad_input":
    case "backup_invalid":
    case "disk_full":
    case "broken":
      return "toast";
    default:
      return unreachable(code);
  }
}

/** A new code is a type error here until it has its place above. */
function unreachable(code: never): Settles {
  void code;
  return "toast";
}
