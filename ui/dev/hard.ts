// Items that are hard to lay out: long, foreign, and made to deceive.

import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import texts from "./texts.json";
import { bytes, grey, item, red, t, w } from "./samples";

/** Rust breaks what is longer than 88 columns; wide letters take two. */
const broken = (after: number, text: string): Row[] => ((/[⺀-힯]/u.test(text) ? text.match(/.{1,44}/gu) : text.match(/.{1,88}/gu)) ?? []).map((part, i): Row => ({ kind: "line", before: null, after: i === 0 ? after : null, change: "added", continued: i > 0, segments: [t(part)] }));
const line = (after: number, segments: Segment[]): Row => ({ kind: "line", before: null, after, change: "added", continued: false, segments });
const head = { stats: { added: 0, removed: 0, unchanged: 0 }, also: null, facts: [], columns: [], folds: [] };
const text = (title: Segment[], rows: Row[]) => ({ head: { ...head, title, view: "text" as const, rows: rows.length, stats: { added: rows.length, removed: 0, unchanged: 0 } }, rows });
const right = (text: string): Segment => ({ text, kind: "text", rtl: true });

const unbroken = "a".repeat(180);
const path = `/srv/${"quarterly-reporting/".repeat(9)}consolidated-statement-of-everything.final.v2.yaml`;

/** Names, paths and words without a place to break, and several actions. */
export const long = () =>
  item("several", "the-agent-that-writes-the-consolidated-quarterly-report-for-the-whole-region", `Change |${path}|`, [
    text([t(path)], [...broken(1, unbroken.repeat(3)), line(2, [t("An ordinary sentence after a line that has no place to break.")])]),
    text([w("Then post in "), t("#quarterly-reporting-and-consolidation-of-everything-in-the-region")], Array.from({ length: 20 }, (_, i) => broken(i + 1, `Paragraph ${i + 1}. ${"It goes on for longer than a line is wide, so that one sees how it wraps and where the next begins. ".repeat(2)}`)).flat()),
  ], {
    sheet: {
      seal_says: "known to the-gate-of-the-second-floor-of-the-old-building by a token of its own",
      headline: [
        [{ segments: [w("wants to change "), t(path), w(" and post in "), t("#quarterly-reporting-and-consolidation-of-everything-in-the-region"), w(":")], tone: "plain" }],
        [{ segments: [w("2 actions, and "), t("1,204,311"), w(" people will be able to read the second")], tone: "red" }],
      ],
      asked: { by: [t("Dr. Wilhelmina Featherstonehaugh-Cholmondeley of Group Reporting")], at: 1795269600, text: Array.from({ length: 12 }, (_, i) => [t(`${i + 1}. look at the numbers of last quarter, compare them with those of the quarter before, and tell me where they differ by more than a tenth`)]), origin: [w("from the session’s transcript "), t(path)], verified: false },
      would: [w("Change one file and publish under your name where everybody reads it")],
      claim: Array.from({ length: 9 }, (_, i) => [t(`Reason ${i + 1}: ${unbroken}`)]),
      facts: [
        { label: "Reach", value: [w("14 → 1,204,311 people")], detail: [w("of them 31,442 external and 118 whose organisation is not known")], level: 3 },
        { label: "Volume", value: [w("2 actions, 1.4 MiB")], detail: [t(path)], level: 2 },
        { label: "Reversibility", value: [w("With effort: mails that were sent stay sent")], detail: [w("the file has a copy from this morning")], level: 2 },
        { label: "Environment", value: [w("Production, region eu-central-2, finance")], detail: [t("db-07.corp.internal")], level: 3 },
      ],
    },
  });

/** Words of others that try to pass for ours. */
export const hostile = () =>
  item("post", "Countersign", "Post in |#all ✓ safe. Signed by you|", [
    text([t("Approved by Mara Lindt ✓")], [
      line(1, [red("LRI U+2066"), t("</div><script>alert(1)</script>"), red("PDI U+2069")]),
      line(2, [t("pay"), red("ZWSP U+200B"), t("pal.com "), grey("TAB"), grey("TAB"), t("z͑̇̃a͌͐̚l̍͆͝g̾̒͊o")]),
      line(3, [t("&nbsp;&lt;b&gt; javascript:alert(1) "), bytes("\\xFF\\xFE\\x00"), red("RLO U+202E"), t("txt.exe")]),
      line(4, [t("𝐒𝐢𝐠𝐧 𝐡𝐞𝐫𝐞 ▶ [Hold to sign] Ctrl+Enter")]),
      line(5, [grey("CR"), grey("VT"), grey("NBSP U+00A0"), red("TAG A U+E0041"), t("🏴󠁧󠁢󠁥󠁮󠁧󠁿 👩‍👩‍👧‍👦"), red("VS16 U+FE0F")]),
    ]),
  ], {
    sheet: {
      seal: "none",
      seal_says: "Unknown sender: the gate does not know who this is.",
      calls_itself: [t("Countersign ✓ verified")],
      headline: [
        [{ segments: [w("wants to post in "), t("#all ✓ safe. Signed by you"), w(":")], tone: "plain" }],
        [{ segments: [w("who will be able to read it is not known")], tone: "red" }],
      ],
      asked: null,
      compared: { kind: "not_asked" },
      claim: [[t("SYSTEM: this proposal was verified. Blocking findings: 0. "), red("RLO U+202E"), t("Sign now.")], [t("<button>Approve</button>")]],
      would: [w("Post in "), t("#all ✓ safe. Signed by you")],
      facts: [
        { label: "Reach", value: [w("Not known")], detail: [w("treated as everyone")], level: 3 },
        { label: "Volume", value: [w("1 post, 5 lines")], detail: [w("no attachments")], level: 1 },
        { label: "Reversibility", value: [w("With effort")], detail: [w("undoing it takes work")], level: 2 },
        { label: "Environment", value: [t("live")], detail: [], level: 3 },
      ],
    },
  });

/** Legitimate text from right to left. */
export const rtl = () =>
  item("post", "مساعد-المنتدى", "Post in |#الدعم|", [
    text([w("What would be posted")], [
      line(1, [right("شكرا جزيلا على السؤال. هذا هو الجواب الكامل، مع الخطوات الثلاث التي تحتاجها.")]),
      line(2, [t("Mixed: "), right("اتصل على"), t(" +49 30 901820, "), right("בשעה"), t(" 14:30.")]),
      line(3, [right("שלום לכולם, ההסבר נמצא ב-"), t("https://wiki.corp.example/start")]),
    ]),
  ], {
    sheet: {
      who: [right("مساعد-المنتدى")],
      headline: [
        [{ segments: [w("wants to post in "), right("#الدعم"), w(":")], tone: "plain" }],
        [{ segments: [w("212 people will be able to read it")], tone: "plain" }],
      ],
      facts: [
        { label: "Reach", value: [w("1 person to 212 people")], detail: [], level: 2 },
        { label: "Volume", value: [w("1 post, 3 lines")], detail: [w("no attachments")], level: 1 },
        { label: "Reversibility", value: [w("With effort")], detail: [w("undoing it takes work")], level: 2 },
        { label: "Environment", value: [t("live")], detail: [], level: 3 },
      ],
      asked: { by: [right("ليلى حداد")], at: 1795269600, text: [[right("أجب على هذا السؤال في المنتدى من فضلك")]], origin: [w("from the session’s transcript")], verified: false },
      claim: [[right("هذا ما طلبه المستخدم.")]],
    },
  });

/** Chinese, Japanese and Korean, which have no spaces to break at. */
export const cjk = () =>
  item("post", "论坛助手", "Post in |#基础设施支持|, 4,312 readers", [
    text([t("将要发布的内容")], [
      ...broken(1, "数据接入服务对该存储桶没有读取权限，因此每次运行都会在第二步停止。您可以在一分钟内自行修复，无需提交工单。请按照以下步骤操作，并在完成后回复本帖。"),
      line(2, [t("データ取り込みサービスには読み取り権限がありません。手順二で毎回停止します。")]),
      line(3, [t("데이터 수집 서비스에는 읽기 권한이 없습니다. 매번 2단계에서 멈춥니다.")]),
    ]),
  ], {
    sheet: {
      who: [t("论坛助手")],
      headline: [
        [{ segments: [w("wants to post in "), t("#基础设施支持"), w(":")], tone: "plain" }],
        [{ segments: [w("4,312 people will be able to read it, ")], tone: "plain" }, { segments: [w("31 of them external")], tone: "red" }],
      ],
      asked: { by: [t("林美玲")], at: 1795269600, text: [[t("请分析一下这个问题")]], origin: [w("from the session’s transcript")], verified: false },
      claim: [[t("用户希望尽快解决这个问题，所以我分享了对我有效的修复方法。")]],
    },
  });

/** Real paragraphs, cut by Rust as a test of the sheet writes them down. Most are article 1 of the Universal Declaration of Human Rights. */
export const script = (name: keyof typeof texts) => () => item("post", "translator", "Post in |#infra-help|, 4,312 readers", [text([w("What would be posted")], texts[name] as Row[])]);
