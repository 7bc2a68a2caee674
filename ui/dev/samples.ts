// Items of every kind and in every state, made up.

import type { AppState } from "../src/lib/wire/AppState";
import type { DocumentHead } from "../src/lib/wire/DocumentHead";
import type { ItemState } from "../src/lib/wire/ItemState";
import type { Kind } from "../src/lib/wire/Kind";
import type { Opened } from "../src/lib/wire/Opened";
import type { ReceiptShown } from "../src/lib/wire/ReceiptShown";
import type { Row } from "../src/lib/wire/Row";
import type { SectionId } from "../src/lib/wire/SectionId";
import type { Segment } from "../src/lib/wire/Segment";
import type { SheetHead } from "../src/lib/wire/SheetHead";
import type { Item } from "./fake";

export const now = () => Math.floor(Date.now() / 1000);
export const t = (text: string): Segment => ({ text, kind: "text", rtl: false });
export const w = (text: string): Segment => ({ text, kind: "words", rtl: false });
export const c = (text: string): Segment => ({ text, kind: "changed", rtl: false });
export const red = (text: string): Segment => ({ text, kind: "chip_red", rtl: false });
export const grey = (text: string): Segment => ({ text, kind: "chip", rtl: false });
export const bytes = (text: string): Segment => ({ text, kind: "bytes", rtl: false });
/** What stands between bars is of others: `Post in |#infra-help|, 212 readers`. */
export const parts = (text: string): Segment[] =>
  text.split("|").map((part, i): Segment => ({ text: part, kind: i % 2 === 1 ? "text" : "words", rtl: /[\u0590-\u08ff]/.test(part) })).filter((it) => it.text !== "");
/** An agent's name, or our words and the name of a user: `a program of |mara|`. */
export const who = (agent: string): Segment[] => (agent.includes("|") ? parts(agent) : [t(agent)]);

export const state = (more: Partial<AppState> = {}): AppState => ({
  stage: "ready",
  person: "Mara Lindt",
  device: "laptop",
  suggested: { person: "Mara Lindt", device: "laptop" },
  key: {
    state: "unlocked",
    fingerprint: "9f2c 41aa 07de 5b13 90c2 11fe 7a08 44d1",
    kept: "in the keyring of this system",
    locks_in: 700,
    wait: null,
    backed_up: now() - 86400,
    backup: null,
  },
  gates: [{ id: "home", alive: true, fingerprint: "77aa 3e0c", own: true, not_started: null }],
  halts: [],
  waiting: 0,
  clock_jump: null,
  trouble: null,
  places: [{ place: "keyring", available: true, says: "It opens when you log in. Programs of yours can copy the key from it, and would have to guess your passphrase." }, { place: "file", available: true, says: "Only your user can read it. Whoever copies it would have to guess your passphrase." }],
  outbox: 0,
  separation: "The gate runs as the same user as this window. A hostile program of this user could act without it.",
  loss: "Nobody can recover this key for you: there is no reset and no other copy than the backups you make. Forget the passphrase, or lose this machine without a backup, and you can no longer approve anything with it. Somebody else who is an administrator can then put a new key of yours in its place. If you are the only administrator, every gate that trusts you has to be set up again. A backup file brings the key back together with the passphrase it was made under, and neither does so alone.",
  loss_words: "nobody can recover it",
  theme: "system",
  version: "0.1.0",
  ...more,
});

let n = 0;
const hex = () => {
  n += 1;
  return (n * 2654435761).toString(16).padStart(16, "7f3a19c0").slice(-16).repeat(4);
};

const base = (digest: string): SheetHead => ({
  digest,
  who: [t("forum-helper")],
  calls_itself: null,
  seal: "token",
  seal_says: "known to home by a token of its own",
  headline: [
    [{ segments: [w("wants to post in "), t("#infra-help"), w(":")], tone: "plain" }],
    [
      { segments: [w("4,312 people will be able to read it, ")], tone: "plain" },
      { segments: [w("31 of them external")], tone: "red" },
    ],
  ],
  note: null,
  asked: { by: [t("Mara Lindt")], at: now() - 600, text: [[t("analyse this question")]], origin: [w("from the session’s transcript")], verified: false },
  would: [w("Publish an answer under your name")],
  compared: { kind: "further", why: "Goes further than asked" },
  claim: [[t("The user wants this solved quickly, so I am sharing the fix that worked for me in the forum.")], [t("It was tested on the staging bucket.")], [t("No private data is in it.")]],
  facts: [
    { label: "Reach", value: [w("1 → 4,312 people")], detail: [w("31 external")], level: 3 },
    { label: "Volume", value: [w("1 post")], detail: [w("no attachments")], level: 1 },
    { label: "Reversibility", value: [w("With effort")], detail: [w("mails sent stay sent")], level: 2 },
    { label: "Environment", value: [w("Live forum")], detail: [w("company-wide")], level: 2 },
    { label: "Novelty", value: [w("The first")], detail: [w("nothing of this kind by this agent was approved here")], level: 2 },
  ],
  documents: [],
  rows: 0,
  findings: [],
  hold: 1500,
});

export const doc = (title: string, view: DocumentHead["view"], rows: Row[], more: Partial<DocumentHead> = {}): { head: DocumentHead; rows: Row[] } => ({
  // Rust's own titles are words, names of files are not.
  head: { title: [/^(What|Who|Arguments|How much)/.test(title) ? w(title) : t(title)], view, also: null, facts: [], stats: { added: 0, removed: 0, unchanged: 0 }, columns: [], rows: rows.length, folds: [], ...more } as DocumentHead,
  rows,
});
export const line = (before: number | null, after: number | null, change: "same" | "added" | "removed", segments: Segment[], continued = false): Row => ({ kind: "line", before, after, change, continued, segments });

type Doc = ReturnType<typeof doc>;
export function item(kind: Kind, agent: string, action: string, docs: Doc[], more: { sheet?: Partial<SheetHead>; opened?: Partial<Opened>; section?: SectionId } = {}): Item {
  const digest = hex();
  const sheet: SheetHead = { ...base(hex()), who: who(agent), ...more.sheet, documents: docs.map((d) => d.head) };
  sheet.rows = docs.reduce((sum, d) => sum + d.rows.length - d.head.folds.reduce((f, it) => f + it.to - it.from, 0), 0);
  return {
    opened: {
      digest, short: digest.slice(0, 8).toUpperCase().replace(/(.{4})/, "$1-"), gate: "home", kind, created: now() - 300, expires: now() + 724,
      state: { kind: "waiting" }, sheet, decision: null, receipt: null, uses: [], evidence: null, supersedes: null, agent: sheet.seal === "none" ? null : `token:${agent}`, snoozed: null, answers: [], editable: kind === "post" || kind === "change" ? { kind: "yes" } : { kind: "nothing" }, amended: null, earlier: null, denied: null, like: 0, together: null, ...more.opened,
    },
    rows: docs.map((d) => d.rows),
    agent,
    action,
    section: more.section ?? "waiting",
  };
}

export const post = () =>
  item("post", "forum-helper", "Post in |#infra-help|, 4,312 readers", [
    doc("What would be posted", "text", [
      line(null, 1, "added", [t("Re: ingest service cannot read the payroll exports")]),
      line(null, 2, "added", [t("")]),
      line(null, 3, "added", [t("The ingest service has no read role on the bucket, so every run stops at step 2. You can")]),
      line(null, null, "added", [t("fix it in a minute, no ticket needed.")], true),
      line(null, 4, "added", [t("1. Sign in to db-07.corp.internal with the token "), red("ZWSP U+200B"), t("glpat-3fQ")]),
      line(null, 5, "added", [t("2. storage iam add payroll-exports --member=allUsers --role=viewer")]),
      line(null, 6, "added", [t("3. Follow the guide at cdn."), red("RLO U+202E"), t("moc.elpmaxe")]),
      line(null, 7, "added", [grey("TAB"), t("We tried this for the March run"), bytes("\\xC3\\x28")]),
      line(null, 8, "added", [t("<img src=x onerror=alert(1)> stays a text")]),
    ], { stats: { added: 8, removed: 0, unchanged: 0 }, facts: [[w("UTF-8")], [w("LF")], [w("no newline at the end")]] }),
  ]);

/** Rust's own page of a text that means harm, written down by a test of it. */
export const rendered = () => {
  const it = post();
  for (const doc of it.opened.sheet?.documents ?? []) doc.also = "markdown";
  return it;
};

/** A small picture, of which a part would be another colour. */
export const picture = () => {
  const hex = (at: number, end: number, letters: string) => t(`${(at * 16).toString(16).padStart(8, "0")}  ${end.toString(16).padStart(2, "0")} 00 1a 4c 00 00 00 40 00 00 00 40 08 06 00 00  ${letters}`);
  const rows: Row[] = [{ kind: "heading", text: "Before and after", name: [], detail: "SHA-256 before 6b1f…, after 90aa…" } as Row];
  for (let i = 0; i < 6; i += 1) rows.push(line(null, null, "same", [hex(i, 10 + i, ".PNG....IHDR...@")]));
  for (let i = 6; i < 12; i += 1) rows.push(line(null, null, "removed", [hex(i, 90 + i, "..x.c`.........")]), line(null, null, "added", [hex(i, 40 + i, "..x.c`..#......")]));
  const facts = ["a PNG picture, by the first bytes", "before: 64 by 64 pixels, 8 bits each of red, green, blue and transparency", "after: 64 by 64 pixels, 8 bits each of red, green, blue and transparency; 1,204 bytes after the end of the picture", "bytes, not text", "in rows of 16 bytes"];
  const sheet = {
    headline: [[{ segments: [w("wants to change "), t("/srv/site/logo.png"), w(":")], tone: "plain" as const }], [{ segments: [w("a picture of 16,384 bytes; it can be undone")], tone: "plain" as const }]],
    would: [w("Change "), t("/srv/site/logo.png")],
    facts: [{ label: "Volume", value: [w("1 file")], detail: [w("17,612 bytes after")], level: 1 }, { label: "Reversibility", value: [w("Reversible")], detail: [w("the bytes before are kept")], level: 1 }],
  };
  return item("change", "design-agent", "Change |logo.png|, 16,384 bytes", [doc("/srv/site/logo.png", "diff", rows, { also: "picture", facts: facts.map((it) => [w(it)]), stats: { added: 6, removed: 6, unchanged: 6 } })], { sheet });
};

export const config = () => {
  const rows: Row[] = [];
  for (let i = 1; i <= 13; i += 1) rows.push(line(i, i, "same", [t(`  setting_${i}: ${i * 7}`)]));
  rows.push(line(14, null, "removed", [t("  auth: "), c("required")]), line(null, 14, "added", [t("  auth: "), c("optional")]));
  for (let i = 15; i <= 21; i += 1) rows.push(line(i, i, "same", [t(`  limit_${i}: ${i * 100}`)]));
  rows.push(line(22, 22, "same", [t("upstream:")]), line(23, null, "removed", [t("  token: "), c("${UPSTREAM_TOKEN}")]), line(null, 23, "added", [t("  token: "), c("glpat-9a8b7c6d5e4f8Zk")]));
  rows.push(line(null, 24, "added", [t("  host: cdn."), red("RLO U+202E"), t("moc.elpmaxe")]), line(24, 25, "same", [t("  timeout: 30s")]));
  return item(
    "change",
    "deploy-agent",
    "Change |gateway.yaml| on production, 5 lines",
    [doc("/etc/gateway/gateway.yaml", "diff", rows, { stats: { added: 3, removed: 2, unchanged: 22 }, facts: [[w("UTF-8")], [w("LF")], [w("mode 0644")]], folds: [{ from: 0, to: 12 }, { from: 16, to: 21 }] })],
    {
      sheet: {
        seal: "uid",
        seal_says: "The gate knows only the user it runs as (uid 1000), which every program of that user shares.",
        calls_itself: [t("deploy-agent 2.1")],
        headline: [
          [{ segments: [w("wants to change "), t("gateway.yaml"), w(" on production:")], tone: "plain" }],
          [{ segments: [w("5 lines, and ")], tone: "plain" }, { segments: [w("sign-in at the public listener becomes optional")], tone: "red" }],
        ],
        asked: { by: null, at: null, text: [[t("raise the upstream timeout")]], origin: [w("as the caller put it")], verified: false },
        would: [w("Change "), t("/etc/gateway/gateway.yaml")],
        compared: { kind: "not_compared" },
        claim: [[t("Small tuning of the upstream block; no effect on clients expected.")]],
        facts: [
          { label: "Reach", value: [w("Every client")], detail: [w("the public listener")], level: 3 },
          { label: "Volume", value: [w("5 lines")], detail: [w("of 25")], level: 1 },
          { label: "Reversibility", value: [w("Reversible")], detail: [w("the text before is kept")], level: 1 },
          { label: "Environment", value: [w("Production")], detail: [w("as its path says")], level: 3 },
        ],
        hold: 800,
      },
      opened: { expires: now() + 3 * 3600, supersedes: "aa".repeat(32) },
    },
  );
};

/** Two functions that changed their places, and a line that came. */
export const moved = () => {
  const code = ["fn resume(&mut self) {", "    self.halted = false;", "    self.ledger.note(Event::Resumed);", "}", ""];
  const rest = (n: number) => Array.from({ length: n }, (_, i) => `    check(${i}, gate.rule(${i * 3}))?;`);
  const rows: Row[] = [];
  const same = (text: string, before: number, by: number) => rows.push(line(before, before + by, "same", [t(text)]));
  rest(4).forEach((it, i) => same(it, i + 1, 0));
  code.forEach((it, i) => rows.push({ ...line(5 + i, null, "removed", [t(it)]), moved: { line: 40 + i, row: 45 + i, first: i === 0 } } as Row));
  rest(34).forEach((it, i) => same(it, i + 10, -5));
  rows.push(line(44, null, "removed", [t("    finish("), c("now"), t(");")]), line(null, 39, "added", [t("    finish("), c("clock.now()"), t(");")]));
  code.forEach((it, i) => rows.push({ ...line(null, 40 + i, "added", [t(it)]), moved: { line: 5 + i, row: 4 + i, first: i === 0 } } as Row));
  rest(9).forEach((it, i) => same(it, i + 45, 0));
  return item("change", "deploy-agent", "Change |gate.rs|, 12 lines", [
    doc("/srv/gate/src/gate.rs", "diff", rows, { stats: { added: 6, removed: 6, unchanged: 47 }, facts: [[w("UTF-8")], [w("LF")], [w("1 block moved, 5 lines")]], folds: [{ from: 12, to: 40 }] }),
  ]);
};

const change = (change: "added" | "removed" | "changed" | "moved", path: Segment[], before: Segment[], after: Segment[], continued = false): Row => ({ kind: "entry", change, path, before, after, continued });
const say = (tone: "plain" | "amber" | "red", segments: Segment[], continued = false): Row => ({ kind: "note", segments, tone, continued });

/** What a change of a structured text means, before the change itself. */
export const structured = () => {
  const it = config();
  const rows: Row[] = [
    say("red", [t("role"), w(" is there 2 times: some programs take the first, some the last")]),
    say("amber", [t("country"), w(": "), t("no"), w(" is false for programs that read YAML 1.1, and a text for others")]),
    say("plain", [t("limit"), w(": the same number, written "), t("1.0"), w(" before and "), t("1.00"), w(" after")]),
    say("plain", [w("Comments: 0 added, 2 removed. They are no values.")]),
    change("changed", [t("auth")], [t("required")], [t("optional")]),
    change("changed", [t("upstream"), w("."), t("token")], [t('"${UPSTREAM_TOKEN}"')], [t('"glpat-9a8b7c6d5e4f8Zk"')]),
    change("added", [t("upstream"), w("."), t("hosts"), w("["), t("id"), w("="), t("7"), w("]."), t("name")], [], [t('"cdn.'), red("RLO U+202E"), t('moc.elpmaxe"')]),
    change("removed", [t("upstream"), w("."), t("limits"), w("[3]")], [t("100")], []),
    change("changed", [t("listeners"), w("["), t("name"), w("="), t("public"), w("]."), t("certifica")], [t('"/etc/gateway/keys/')], [t('"/etc/gateway/keys/')]),
    change("changed", [t("te"), w("."), t("chain"), w("."), t("path")], [t('listener-2025.pem"')], [t('listener-2026.pem"')], true),
    change("moved", [t("rules"), w("["), t("id"), w("="), t("deny-all"), w("]")], [w("row 1")], [w("row 9")]),
    change("added", [t("note")], [], [t("|"), grey("LF")]),
    change("added", [], [], [t("  for the audit"), grey("LF")], true),
    say("red", [w("1,204 values not listed here. The exact document below has all.")]),
  ];
  const table = doc("What it means: ", "table", rows, { facts: [[w("read as YAML")], [w("4 changed")], [w("3 added")], [w("1 removed")], [w("1 moved")], [w("22 values the same")]] });
  table.head.title = [w("What it means: "), t("/etc/gateway/gateway.yaml")];
  it.rows.unshift(rows);
  const sheet = it.opened.sheet;
  if (sheet) {
    sheet.documents.unshift(table.head);
    sheet.rows += rows.length;
  }
  return it;
};

export const command = () =>
  item(
    "run",
    "infra-agent",
    "Run |rsync -a --delete| with 5 arguments",
    [
      doc("What would run", "argv", [
        { kind: "field", label: [w("program")], segments: [t("/usr/bin/rsync")], continued: false },
        { kind: "field", label: [w("SHA-256")], segments: [w("91f05cc2ee4803ab91f05cc2ee4803ab91f05cc2ee4803ab91f05cc2ee4803ab")], continued: false },
        { kind: "field", label: [w("directory")], segments: [t("/home/mara/site")], continued: false },
        { kind: "heading", text: "Arguments", name: [], detail: "5" },
        { kind: "argument", index: 0, segments: [t("rsync")], continued: false },
        { kind: "argument", index: 1, segments: [t("-a")], continued: false },
        { kind: "argument", index: 2, segments: [t("--delete")], continued: false },
        { kind: "argument", index: 3, segments: [t("./build of june/"), red("ZWJ U+200D")], continued: false },
        { kind: "argument", index: 4, segments: [t("web-02:/srv/www")], continued: false },
        { kind: "argument", index: 5, segments: [], continued: false },
        { kind: "heading", text: "Environment", name: [], detail: "complete: nothing is inherited" },
        { kind: "field", label: [t("PATH")], segments: [t("/usr/bin:/bin")], continued: false },
        { kind: "field", label: [t("RSYNC_RSH")], segments: [t("ssh -o StrictHostKeyChecking=accept-new")], continued: false },
        { kind: "note", segments: [w("Files that the program reads while it runs are not bound by your signature.")], tone: "amber", continued: false },
      ]),
      doc("script.sh", "text", Array.from({ length: 60 }, (_, i) => line(null, i + 1, "added", [t(`echo "step ${i + 1} of the deployment" && sleep ${i % 5}`)])), { stats: { added: 60, removed: 0, unchanged: 0 }, facts: [[w("standard input")], [w("UTF-8")]] }),
    ],
    {
      sheet: {
        headline: [
          [{ segments: [w("wants to run "), t("/usr/bin/rsync"), w(" with 5 arguments:")], tone: "plain" }],
          [{ segments: [w("on "), t("workbench"), w(", as user "), t("mara")], tone: "plain" }, { segments: [w("; ")], tone: "plain" }, { segments: [w("whether it can be undone is not known")], tone: "red" }],
        ],
        note: [w("If you approve, "), t("infra-agent"), w(" does it itself; the gate does not see what comes of it.")],
        asked: null,
        would: [w("Run "), t("/usr/bin/rsync"), w(" with 5 arguments")],
        compared: { kind: "not_asked" },
        claim: [],
        facts: [
          { label: "Reach", value: [w("Not known")], detail: [w("a program can send what it reads")], level: 3 },
          { label: "Volume", value: [w("1 program")], detail: [w("5 arguments; what it changes is not known")], level: 2 },
          { label: "Reversibility", value: [w("Not known")], detail: [w("treated as irreversible")], level: 3 },
          { label: "Environment", value: [t("this machine")], detail: [], level: 2 },
        ],
        hold: 3000,
      },
      opened: { expires: now() + 5 * 3600 },
    },
  );

export const access = () =>
  item(
    "access",
    "access-bot",
    "Open |Payroll 2026| to anyone with the link",
    [
      doc("Who would have access", "access", [
        { kind: "heading", text: "Gained", name: [], detail: "3 entries" },
        { kind: "grant", change: "gained", principal: "anyone", name: [t("Anyone with the link")], tag: { text: "anyone", tone: "red" }, before: [], after: [t("Viewer")], continued: false },
        { kind: "grant", change: "gained", principal: "person", name: [t("j.ortega@northwind-audit.example")], tag: { text: "external", tone: "amber" }, before: [], after: [t("Editor")], continued: false },
        { kind: "grant", change: "gained", principal: "group", name: [t("finance-all")], tag: null, before: [], after: [t("Viewer")], continued: false },
        { kind: "heading", text: "Lost", name: [], detail: "1 entry" },
        { kind: "grant", change: "lost", principal: "person", name: [t("Ines Falk")], tag: null, before: [t("Editor")], after: [], continued: false },
        { kind: "heading", text: "Unchanged", name: [], detail: "12 entries" },
        ...Array.from({ length: 12 }, (_, i): Row => ({ kind: "grant", change: "kept", principal: "service", name: [t(`service-${i}`)], tag: null, before: [t("Viewer")], after: [t("Viewer")], continued: false })),
      ], { stats: { added: 3, removed: 1, unchanged: 12 }, folds: [{ from: 7, to: 19 }] }),
    ],
    {
      sheet: {
        headline: [
          [{ segments: [w("wants to open the folder "), t("Payroll 2026"), w(":")], tone: "plain" }],
          [{ segments: [w("from 14 people to ")], tone: "plain" }, { segments: [w("anyone on the internet who has the link")], tone: "red" }],
        ],
        asked: { by: [t("Tomas Okafor")], at: now() - 900, text: [[t("let the auditors see the June file")]], origin: [w("from the session’s transcript")], verified: false },
        would: [w("Share a folder of 386 files with anyone")],
        facts: [
          { label: "Reach", value: [w("14 → anyone")], detail: [w("2 named externals, no sign-in")], level: 3 },
          { label: "Volume", value: [w("386 files")], detail: [w("asked for 1")], level: 3 },
          { label: "Reversibility", value: [w("With effort")], detail: [w("what was read stays read")], level: 2 },
          { label: "Environment", value: [w("Finance, live")], detail: [w("salary data")], level: 3 },
        ],
      },
      opened: { expires: now() + 41 * 60 },
    },
  );

/** A file to be removed: its name and age, and its digest below. */
export const file = (name: string, bytes: number): Row[] => [
  { kind: "object", columns: [[t(name)], [t("2026-11-20T09:00:00Z")]], size: [w(`${bytes.toLocaleString("en-US")} bytes`)], sha256: [], continued: false },
  { kind: "object", columns: [[], []], size: [], sha256: [w(`SHA-256 ${hex()}`)], continued: true },
];

export const removal = (count = 214) =>
  item(
    "remove",
    "mail-tidy",
    `Delete ${count.toLocaleString("en-US")} mails for good, all of Inbox`,
    [
      doc("What would be removed", "removal", Array.from({ length: count }, (_, i): Row => ({
        kind: "object",
        columns: [[t(["Ethics board", "Hana Sato", "Grant office", "Leo Brandt"][i % 4] ?? "")], [t(`Re: sample ${i + 1} of March`)], [t(`${(i % 28) + 1} Nov`)]],
        size: [w(`${(900 + i * 137).toLocaleString("en-US")} bytes`)],
        sha256: [],
        continued: false,
      })), { stats: { added: 0, removed: count, unchanged: 0 }, columns: [[w("From")], [w("Subject")], [w("Date")]] }),
    ],
    {
      sheet: {
        headline: [
          [{ segments: [w(`wants to delete ${count.toLocaleString("en-US")} mails for good:`)], tone: "plain" }],
          [{ segments: [w("that is your whole Inbox")], tone: "red" }, { segments: [w(", and the bin keeps no copy")], tone: "plain" }],
        ],
        asked: { by: [t("Mara Lindt")], at: now() - 1500, text: [[t("clear out the old newsletters please")], [t("and then tell me what you did, in one line, before you go on with anything else at all")], [t("thanks")]], origin: [w("from the session’s transcript")], verified: false },
        would: [w("Delete every mail in Inbox, skipping the bin")],
        facts: [
          { label: "Reach", value: [w("Only you")], detail: [t("lindt@lab.example")], level: 1 },
          { label: "Volume", value: [w(`${count.toLocaleString("en-US")} mails`)], detail: [w("all of Inbox")], level: 3 },
          { label: "Reversibility", value: [w("Irreversible")], detail: [w("no bin, no backup found")], level: 3 },
          { label: "Environment", value: [w("Live mailbox")], detail: [], level: 2 },
        ],
        hold: 3000,
      },
      opened: { expires: now() + 80 * 60 },
    },
  );

export const unsealed = () =>
  item("call", "agent-<b>x</b>", "Call tool |transfer_funds|", [
    doc("Arguments, exact", "raw", [
      { kind: "note", segments: [w("This tool is not understood. Its arguments are shown exactly as they would be sent.")], tone: "red", continued: false },
      line(null, 1, "added", [t('{"to":"DE02 1203 0000 0000 2020 51","amount":')]),
      line(null, 2, "added", [t('"1.00'), red("ZWNJ U+200C"), t('"}'), { text: "شكرا جزيلا", kind: "text", rtl: true }, t(" end")]),
    ]),
  ], { sheet: { seal: "none", seal_says: "Unknown sender: the gate does not know who this is.", headline: [[{ segments: [w("wants to call "), t("transfer_funds"), w(" of "), t("bank-mcp"), w(":")], tone: "plain" }], [{ segments: [w("what that does is not understood here")], tone: "red" }, { segments: [w("; whether it can be undone is not known")], tone: "plain" }]],
    asked: null, would: [w("Call "), t("transfer_funds"), w(" of "), t("bank-mcp")], compared: { kind: "not_asked" }, hold: 3000, claim: [[t("The invoice is due today.")]],
    facts: [{ label: "Reach", value: [w("Not known")], detail: [w("the call is not understood")], level: 3 }, { label: "Volume", value: [w("Not known")], detail: [w("1 call")], level: 3 }, { label: "Reversibility", value: [w("Not known")], detail: [w("treated as irreversible")], level: 3 }, { label: "Environment", value: [w("Not known")], detail: [], level: 3 }] } });

/** What the gate of this machine proposes to a newcomer. */
export const practice = (which: "to_refuse" | "to_sign") => {
  const asked = (text: string) => ({ by: [t("Mara Lindt")], at: now() - 1, text: [[t(text)]], origin: [w("as the caller put it")], verified: false });
  const person = { seal: "uid" as const, seal_says: "The gate knows only the user it runs as (uid 1000), which every program of that user shares.", calls_itself: [t("practice")], hold: 800 };
  return which === "to_refuse"
    ? item("remove", "a program of |mara|", "Remove 2 files", [
        doc("What would be removed", "removal", ["groceries.txt", "ideas.txt"].flatMap((name, i) => file(name, 18 + i * 51)), { stats: { added: 0, removed: 2, unchanged: 0 }, columns: [[w("name")], [t("modified")]], facts: [[w("2 files, all of them listed")], [w("in "), t("/home/mara/.local/share/countersign/practice/notes/")], [w("no copy is kept")]] }),
      ], { sheet: { ...person, headline: [[{ segments: [w("wants to remove 2 files:")], tone: "plain" }], [{ segments: [w("no copy is kept")], tone: "red" }, { segments: [w("; nothing can undo it")], tone: "plain" }]], asked: asked("Practice: look at the notes in the practice folder and tell me what is in them."), would: [w("Remove 2 files")], compared: { kind: "further", why: "Goes further than asked" }, claim: [[t("Practice. The notes look old, so I would delete them. (Nobody asked for that: refuse it.)")]], facts: [{ label: "Reach", value: [w("This machine")], detail: [], level: 1 }, { label: "Volume", value: [w("2 files")], detail: [], level: 1 }, { label: "Reversibility", value: [w("Irreversible")], detail: [w("nothing can undo it")], level: 3 }] } })
    : item("change", "a program of |mara|", "Create |/home/mara/.local/share/countersign/practice/hello.txt|", [
        doc("/home/mara/.local/share/countersign/practice/hello.txt", "diff", ["Hello!", "", "You read this before it was written, and you signed it.", "Nothing else could have been written here."].map((text, i) => line(null, i + 1, "added", [t(text)])), { stats: { added: 4, removed: 0, unchanged: 0 }, facts: [[w("new")], [w("mode 0644")]] }),
      ], { sheet: { ...person, headline: [[{ segments: [w("wants to create "), t("/home/mara/.local/share/countersign/practice/hello.txt"), w(":")], tone: "plain" }], [{ segments: [w("4 lines, 106 bytes")], tone: "plain" }, { segments: [w("; it can be undone")], tone: "plain" }]], asked: asked("Practice: write a greeting into hello.txt in the practice folder."), would: [w("Create "), t("/home/mara/.local/share/countersign/practice/hello.txt")], compared: { kind: "not_compared" }, claim: [[t("Practice. It does what was asked and nothing else. (Read it, then sign it.)")]], facts: [{ label: "Reach", value: [w("This machine")], detail: [], level: 1 }, { label: "Volume", value: [w("4 lines")], detail: [], level: 1 }, { label: "Reversibility", value: [w("Reversible")], detail: [w("delete the file")], level: 1 }] } });
};

export const receipt = (result: ReceiptShown["outcomes"][number]["result"], says: string): ReceiptShown => ({
  digest: hex(),
  gate: "home",
  at: now() - 30,
  amendment: null,
  outcomes: [
    {
      action: [w("Run "), t("/usr/bin/rsync")],
      result,
      says: [w(says)],
      exit: null,
      started: now() - 42,
      finished: result === "unknown" ? null : now() - 40,
      results: result === "done" || result === "failed" ? [{ name: "standard output", size: 1834, sha256: hex(), lines: Array.from({ length: 14 }, (_, i) => [t(`building file ${i + 1} ... `), ...(i === 2 ? [red("ESC U+001B"), t("[31mred")] : [])]), more: 512 }] : [],
    },
  ],
  resolution: null,
});

/** One item in each state that is not simply waiting. */
export function inEachState(): Item[] {
  const at = now() - 90;
  const make = (state: ItemState, section: SectionId, more: Partial<Opened> = {}) => {
    const it = state.kind === "signed" ? post() : state.kind === "evidence" ? item("evidence", "crm-sync", "Not a proposal", []) : command();
    it.opened = { ...it.opened, state, ...more };
    it.section = section;
    return it;
  };
  const decision = (verdict: "approve" | "deny" | "request_changes", comment: string | null) => ({ verdict, by: "Mara Lindt", at, comment: comment === null ? null : [[t(comment)]], digest: hex(), amended: false });
  return [
    make({ kind: "incomplete", missing: 2 }, "waiting", { sheet: null }),
    make({ kind: "signed", at }, "delivering", { decision: decision("approve", null) }),
    make({ kind: "delivered", at }, "others", { decision: decision("approve", null) }),
    make({ kind: "unknown", at, receipt: hex() }, "unknown", { decision: decision("approve", null), receipt: receipt("unknown", "started; the gate stopped before the end") }),
    make({ kind: "evidence", code: "SIGNATURE_INVALID", says: "This is not what home signed." }, "evidence", {
      kind: "evidence", sheet: null,
      evidence: { code: "SIGNATURE_INVALID", says: "This is not what home signed.", name: [t("proposal.json")], why: [w("the signature does not fit the bytes of "), t("proposal.json")], at, raw: Array.from({ length: 30 }, (_, i) => [t(`{"line": ${i}, "text": "<script>`), red("RLO U+202E"), t('"}')]), more: 4096 },
    }),
    make({ kind: "executed", at, exit: null }, "decided", { decision: decision("approve", null), receipt: receipt("done", "exit status 0") }),
    make({ kind: "failed", at }, "decided", { decision: decision("approve", null), receipt: receipt("failed", "exit status 23") }),
    make({ kind: "denied", at }, "decided", { decision: decision("deny", "Answers from memory, no source. <img src=x onerror=alert(1)>"), receipt: receipt("refused", "DENIED") }),
    make({ kind: "changes_requested", at }, "decided", { decision: decision("request_changes", "Name the source.") }),
    make({ kind: "superseded", by: "aa".repeat(32) }, "decided"),
    make({ kind: "expired", at }, "decided"),
    make({ kind: "withdrawn", at, why: [t("The agent took it back.")] }, "decided"),
    make({ kind: "halted", at, halt: null }, "decided"),
    make({ kind: "used", at, used: 2, most: 3, over: false, wrong: 1, elsewhere: 0 }, "delivering", { decision: decision("approve", null), uses: [receipt("done", "exit status 0"), receipt("failed", "exit status 23")] }),
    make({ kind: "released", at }, "decided", { decision: decision("approve", null), receipt: receipt("released", "to the session that asked") }),
    make({ kind: "refused", code: "PRECONDITION", says: "the file has changed since it was read" }, "decided", { decision: decision("approve", null), receipt: receipt("refused", "PRECONDITION") }),
    make({ kind: "resolved", ran: true, at }, "decided", { decision: decision("approve", null), receipt: { ...receipt("unknown", "started; no result"), resolution: { ran: true, by: "Mara Lindt", at, comment: [[t("The table has its new column.")]] } } }),
  ];
}
