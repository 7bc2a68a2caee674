// What the page says of each state: what happened, what did not, what next.

import type { IconName } from "../lib/Icon.svelte";
import { begins, plain } from "../lib/segments";
import { clock, count, short } from "../lib/time";
import type { ItemState } from "../lib/wire/ItemState";
import type { Kind } from "../lib/wire/Kind";
import type { Opened } from "../lib/wire/Opened";
import type { Segment } from "../lib/wire/Segment";
import type { Halt } from "../lib/wire/Halt";
import type { Tone } from "../lib/wire/Tone";

/** What cannot be undone weighs more than how many are reached, and that more than how much it is. */
const WEIGHT = ["Reversibility", "Reach", "Environment", "Volume", "Novelty"];

/** Facts by level, the highest first; among equals by what weighs more. */
export function worstFirst<T extends { label: string; level: number }>(facts: readonly T[]): T[] {
  const weight = (label: string) => (WEIGHT.includes(label) ? WEIGHT.indexOf(label) : WEIGHT.length);
  return [...facts].sort((a, b) => b.level - a.level || weight(a.label) - weight(b.label));
}

type Verb = { noun: string; icon: IconName; past: string; not: string; never: string };

const verbs: Record<Kind, Verb> = {
  post: { noun: "Post", icon: "post", past: "Posted", not: "Nothing was posted.", never: "Nothing will be posted." },
  change: { noun: "Change", icon: "change", past: "Changed", not: "Nothing was changed.", never: "Nothing will be changed." },
  remove: { noun: "Removal", icon: "remove", past: "Removed", not: "Nothing was removed.", never: "Nothing will be removed." },
  access: { noun: "Access change", icon: "access", past: "Access changed", not: "Nobody’s access was changed.", never: "Nobody’s access will be changed." },
  run: { noun: "Command", icon: "run", past: "Ran", not: "Nothing ran.", never: "Nothing will run." },
  call: { noun: "Tool call", icon: "call", past: "Called", not: "Nothing was called.", never: "Nothing will be called." },
  several: { noun: "Several actions", icon: "several", past: "Done", not: "Nothing was done.", never: "Nothing will be done." },
  evidence: { noun: "Evidence", icon: "evidence", past: "Done", not: "Nothing was done.", never: "Nothing will be done." },
};

export const verb = (kind: Kind): Verb => verbs[kind];

/** After who answered and when: that it was not the only one. */
export const among = (others: number): string => (others > 0 ? `, together with ${count(others, "other", "others")}` : "");

const rest = { not: "What remained of it was not used.", never: "What remained of it is void." };

/** `theirs` is somebody else's words, and never part of a sentence of ours. */
export type Strip = { tone: Tone; icon: IconName; title: string; detail: string; theirs?: Segment[] };

/** The strip of an open item; none while it simply waits. */
export function strip(o: Opened, now: number, world: { halts: Halt[]; alive: boolean; outbox: number } = { halts: [], alive: true, outbox: 0 }): Strip | null {
  const s = o.state;
  // Of a batch that was used, what is said below is true of what remained.
  const v = o.uses.length > 0 ? { ...verbs[o.kind], ...rest } : verbs[o.kind];
  const who: Segment[] = o.sheet?.who ?? [{ text: "the agent", kind: "words", rtl: false }];
  const agent = plain(who);
  /** Where it begins a sentence. */
  const first = plain(begins(who));
  const at = (time: number) => clock(time, now);
  switch (s.kind) {
    case "waiting":
      if (o.uses.length === 0) return null;
      return {
        tone: "plain",
        icon: "back",
        title: `Used ${o.uses.length === 1 ? "once" : `${o.uses.length} times`} before your approval was taken back.`,
        detail: `${rest.not} It waits for another answer.`,
      };
    case "incomplete":
      return {
        tone: "amber",
        icon: "clock",
        title: `${count(s.missing, "content")} of this proposal ${s.missing === 1 ? "has" : "have"} not arrived.`,
        detail: `${v.not} It cannot be shown or signed before all of it is here. ${o.gate} sends the rest by itself.`,
      };
    case "signed":
      return {
        tone: "plain",
        icon: "outbox",
        title: `Signed ${at(s.at)}, not yet delivered.`,
        detail: world.alive
          ? `${o.gate} has not acted. It is delivered by itself as soon as the gate listens.`
          : `${o.gate} is not running and has not acted. It gets this when it starts${world.outbox > 1 ? `, with the ${world.outbox - 1} other${world.outbox > 2 ? "s" : ""} in the outbox` : ""}.`,
      };
    case "delivered":
      return {
        tone: "plain",
        icon: "gate",
        title: `Signed and delivered ${at(s.at)}.`,
        detail: `${o.gate} has your signature and has not reported yet. Its receipt appears here.`,
      };
    case "denied":
      return { tone: "plain", icon: "cross", title: `Denied ${at(s.at)}. ${v.never}`, detail: `${first} is told so. A denial is final.` };
    case "changes_requested":
      return {
        tone: "plain",
        icon: "edit",
        title: `Changes requested ${at(s.at)}. ${v.not}`,
        detail: `${first} may send a new version. This one is blocked until then.`,
      };
    case "superseded":
      return {
        tone: "plain",
        icon: "back",
        title: "A newer version replaced this one.",
        detail: `${v.not} A signature on this version is void.`,
      };
    case "expired":
      return { tone: "plain", icon: "clock", title: `Expired ${at(s.at)}. ${v.not}`, detail: `${first} may propose it again.` };
    case "withdrawn":
      return {
        tone: "plain",
        icon: "back",
        title: `Withdrawn ${at(s.at)}. ${v.never}`,
        detail: s.why ? "Whoever took it back wrote:" : `${first} may propose it again.`,
        ...(s.why ? { theirs: s.why } : {}),
      };
    case "halted": {
      const halt = world.halts.find((it) => it.digest === s.halt);
      const what = halt?.scope.kind === "everything" ? "everything" : halt?.scope.kind === "agent" ? "this agent" : `the gate ${o.gate}`;
      const by = halt ? (halt.own ? `You halted ${what} at ${at(halt.at)}.` : halt.by.length > 0 ? `Another device halted ${what} at ${at(halt.at)}.` : `${o.gate} halted itself at ${at(halt.at)}.`) : "A halt made it void.";
      return {
        tone: "plain",
        icon: "halt",
        title: `Halted ${at(s.at)}. ${v.never}`,
        detail: `${by} It stays void. ${s.halt !== null && !halt ? `That halt was lifted: ${agent} may propose it again.` : `When it is lifted, ${agent} may propose it again.`}`,
        ...(halt && halt.why.length > 0 ? { theirs: halt.why } : {}),
      };
    }
    case "executed":
      // What was signed was done; a program that ends so says that it did not do what it is for.
      if (s.exit !== null) {
        return {
          tone: "amber",
          icon: "evidence",
          title: `${v.past} ${at(s.at)}. Ended with status ${s.exit}.`,
          detail: `Exactly what was signed was run. A status other than 0 mostly means that something went wrong; what it wrote is in the receipt.`,
        };
      }
      return {
        tone: "green",
        icon: "check",
        title: `${v.past} ${at(s.at)}.`,
        detail: `Exactly what was signed.${o.receipt ? ` Receipt ${short(o.receipt.digest)}.` : ""}`,
      };
    case "used":
      return {
        ...looks(s),
        title: `${s.used} of ${s.most} used${s.over ? "" : " so far"}, last ${at(s.at)}.${s.wrong > 0 ? ` ${s.wrong} of them went wrong.` : ""}`,
        detail: [
          s.elsewhere > 0 ? `${s.elsewhere < s.used ? `${s.elsewhere} of them ${s.elsewhere === 1 ? "was" : "were"}` : "It was"} used under an approval that was not given here.` : "",
          s.over
            ? "There will be no more. What came of each stands in its receipt."
            : `${first} may come for more until its time is over. Deny it${o.decision ? ", or take your approval back," : ""} to void what remains.`,
        ].filter(Boolean).join(" "),
      };
    case "failed":
      return {
        tone: "red",
        icon: "evidence",
        title: `Begun ${at(s.at)}, and failed.`,
        detail: "What was done and what was not is in the receipt. It is not tried again by itself.",
      };
    case "released":
      return {
        tone: "plain",
        icon: "arrow",
        title: `Released to ${agent} ${at(s.at)}.`,
        detail: "Whether it ran is not known to the gate: the agent does this itself.",
      };
    case "refused":
      return {
        tone: "red",
        icon: "evidence",
        title: `${o.gate} refused it: ${sentence(s.says)}`,
        detail: `${begun(o) ? "Part of it was done; the receipt lists what." : v.not} Code ${s.code}.`,
      };
    case "unknown":
      return {
        tone: "amber",
        icon: "question",
        title: `Begun ${at(s.at)}, no answer. It may have run.`,
        detail: "It is not sent again by itself. Look at what it was to change, then record what you found.",
      };
    case "resolved":
      return {
        tone: "plain",
        icon: s.ran ? "check" : "cross",
        title: s.ran ? `Recorded ${at(s.at)}: it ran.` : `Recorded ${at(s.at)}: it did not run.`,
        detail: "The record settles what is known. Nothing is run again because of it.",
      };
    case "evidence":
      return {
        tone: "red",
        icon: "evidence",
        title: s.says,
        detail: `Refused, nothing ran. It cannot be approved. Code ${s.code}.`,
      };
    default:
      return unreachable(s);
  }
}

/** Of a batch that was used: a check mark only where all of it went well. */
function looks({ wrong, over }: { wrong: number; over: boolean }): { tone: Tone; icon: IconName } {
  if (wrong > 0) return { tone: "amber", icon: "evidence" };
  return { tone: "plain", icon: over ? "check" : "gate" };
}

const sentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

/** Whether anything of a refused proposal was done before the refusal. */
function begun(o: Opened): boolean {
  return o.receipt?.outcomes.some((it) => it.result === "done" || it.result === "unknown" || it.result === "failed") ?? false;
}

/** One or two words for the queue. */
/** When it came to be what it is; of what only waits, when it was proposed. */
export const since = ({ at, state }: { at: number; state: ItemState }): number => ("at" in state ? state.at : at);

export function status(s: ItemState): { text: string; icon: IconName; tone: Tone } | null {
  switch (s.kind) {
    case "waiting":
      return null;
    case "incomplete":
      return { text: "Not all here yet", icon: "clock", tone: "amber" };
    case "signed":
      return { text: "Signed, not yet delivered", icon: "outbox", tone: "plain" };
    case "delivered":
      return { text: "Delivered", icon: "gate", tone: "plain" };
    case "denied":
      return { text: "Denied", icon: "cross", tone: "plain" };
    case "changes_requested":
      return { text: "Changes requested", icon: "edit", tone: "plain" };
    case "superseded":
      return { text: "Replaced", icon: "back", tone: "plain" };
    case "expired":
      return { text: "Expired", icon: "clock", tone: "plain" };
    case "withdrawn":
      return { text: "Withdrawn", icon: "back", tone: "plain" };
    case "halted":
      return { text: "Halted", icon: "halt", tone: "plain" };
    case "executed":
      if (s.exit !== null) return { text: `Ended with status ${s.exit}`, icon: "evidence", tone: "amber" };
      return { text: "Done", icon: "check", tone: "green" };
    case "used":
      return { text: `${s.used} of ${s.most} used${s.wrong > 0 ? `, ${s.wrong} went wrong` : ""}`, ...looks(s) };
    case "failed":
      return { text: "Failed", icon: "evidence", tone: "red" };
    case "released":
      return { text: "Released", icon: "arrow", tone: "plain" };
    case "refused":
      return { text: "Refused", icon: "evidence", tone: "red" };
    case "unknown":
      return { text: "Outcome unknown", icon: "question", tone: "amber" };
    case "resolved":
      return { text: s.ran ? "Recorded: it ran" : "Recorded: it did not run", icon: s.ran ? "check" : "cross", tone: "plain" };
    case "evidence":
      return { text: "Refused", icon: "evidence", tone: "red" };
    default:
      return unreachable(s);
  }
}

function unreachable(state: never): null {
  void state;
  return null;
}
