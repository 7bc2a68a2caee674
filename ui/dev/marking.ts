// What Rust keeps about findings, as far as the page can see it: names, rules of a team, what is no secret, what was of
// use.

import type { Ipc } from "../src/lib/ipc";
import type { FindingSettings } from "../src/lib/wire/FindingSettings";
import type { RuleState } from "../src/lib/wire/RuleState";
import type { Segment } from "../src/lib/wire/Segment";
import { error, type Item } from "./fake";

const t = (text: string): Segment => ({ text, kind: "text", rtl: false });

export const rule = (id: string, useful: number, not_useful: number, more: Partial<RuleState> = {}): RuleState => ({
  id, rule: [t(id)], useful, not_useful, demoted: null, is_proposed: useful + not_useful >= 50 && not_useful * 10 > useful + not_useful, ...more,
});

export class Marking {
  settings: FindingSettings = { names: "", team: null, trouble: null, no_secrets: [], rules: [], judgements: 50, no_use: 10 };
  /** What was said of findings, one after the other. */
  judged: { finding: string; useful: boolean }[] = [];

  constructor(readonly item: (digest: string) => Item, readonly unmasked: (item: Item, finding: number) => Item["rows"]) {}

  #change(change: Partial<FindingSettings>): FindingSettings {
    this.settings = { ...this.settings, ...change };
    return structuredClone(this.settings);
  }
  #rules(id: string, change: Partial<RuleState>): FindingSettings {
    return this.#change({ rules: this.settings.rules.map((it) => (it.id === id ? { ...it, ...change } : it)) });
  }

  ipc: Pick<Ipc, "noSecret" | "judge" | "findingSettings" | "setNames" | "setTeamRules" | "secretAgain" | "demote"> = {
    noSecret: async (proposal, _sheet, id) => {
      const item = this.item(proposal);
      const sheet = item.opened.sheet;
      const at = sheet?.findings.findIndex((it) => it.id === id) ?? -1;
      const finding = sheet?.findings[at];
      if (!sheet || !finding?.masked) throw error("changed", "This is not the sheet that is on screen.", "Nothing was remembered.");
      item.rows = this.unmasked(item, at);
      this.#change({ no_secrets: [{ here: "9a".repeat(32), gate: [t("home")], target: [t("/srv/nightly/job.conf")], what: [t(finding.title)], characters: 26, at: 1_795_000_000 }, ...this.settings.no_secrets] });
      Object.assign(finding, { severity: "note", title: `${finding.title}, you said: not a secret here`, masked: null, settles: false, fix: null, why: "You said so about exactly this, at this destination. The settings list it, and take it back." });
      sheet.digest = sheet.digest.replaceAll(/./g, (it) => ((parseInt(it, 16) + 1) % 16).toString(16));
      return structuredClone(item.opened);
    },
    judge: async (_proposal, _sheet, finding, useful) => void this.judged.push({ finding, useful }),
    findingSettings: async () => structuredClone(this.settings),
    setNames: async (names) => {
      const short = names.split("\n").findIndex((it) => it.length > 0 && it.length < 3);
      if (short >= 0) throw error("bad_input", `The list of names cannot be used: line ${short + 1} has fewer than 3 characters and would be found everywhere.`, "It was not kept, and the names before it are looked for. Change that line and keep it again.");
      return this.#change({ names });
    },
    setTeamRules: async (text) => {
      if (text !== null && !text.includes("[[rules]]")) throw error("bad_input", "These rules cannot be used: none of its rules can run: there is none in it.", "They were not taken, and those before them are used. The file has to be one of gitleaks (TOML).");
      return this.#change({ team: text === null ? null : { path: "/home/mara/.local/share/countersign/app/rules.toml", rules: text.split("[[rules]]").length - 1, left_out: [] } });
    },
    secretAgain: async (here) => this.#change({ no_secrets: this.settings.no_secrets.filter((it) => it.here !== here) }),
    demote: async (id, demoted) => this.#rules(id, demoted ? { demoted: 1_795_000_000, is_proposed: false } : { demoted: null }),
  };
}
