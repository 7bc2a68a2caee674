import { fireEvent, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { error } from "../dev/fake";
import { rule } from "../dev/marking";
import { access, now, post, state, t, w } from "../dev/samples";
import type { AppState } from "../src/lib/wire/AppState";
import { hold, id, key, none, open, pass, type } from "./open";

const go = async (name: string, more: Partial<AppState> = {}, items = [post(), access()]) => {
  const all = await open(items, more);
  id(`nav-${name}`).click();
  await pass(500);
  return all;
};
const press = (name: string, more: KeyboardEventInit = {}) => key(name, more, document.activeElement ?? document.body);
const again = async (name: string) => {
  id("nav-queue").click();
  await pass(50);
  id(`nav-${name}`).click();
  await pass(500);
};

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, "IntersectionObserver");
});

describe("activity", () => {
  const rows = () => screen.getAllByTestId("activity-row");
  const find = async (text: string) => {
    await type("activity-query", text);
    await pass(300);
  };
  test("lists what was seen, the newest first, under its days", async () => {
    await go("activity");
    expect(rows().length).toBe(50);
    const days = [...document.querySelectorAll("h2")].map((it) => it.textContent);
    expect(days.slice(0, 2)).toEqual(["Today", "Yesterday"]);
    expect(new Set(days).size).toBe(days.length);
    expect(id("activity-count")).toHaveTextContent("The latest 50");
  });
  test("calls yesterday what was minutes ago, just after midnight", async () => {
    vi.setSystemTime(new Date(2026, 10, 22, 0, 2));
    await go("activity");
    expect(document.querySelector("h2")).toHaveTextContent("Yesterday");
  });
  test("asks for the next page by its cursor, and repeats no row", async () => {
    const { fake } = await go("activity");
    id("activity-more").click();
    await pass(50);
    expect(rows().length).toBe(100);
    const digests = rows().map((it) => it.dataset.digest);
    expect(new Set(digests).size).toBe(100);
    // A new one at the top: what was loaded below stays, once.
    fake.items.push(access());
    fake.emit({ kind: "queue" });
    await pass(200);
    expect(new Set(rows().map((it) => it.dataset.digest)).size).toBe(101);
    expect(rows()).toHaveLength(101);
  });
  test("rows out of view keep their room, those of a list that is hidden stay, and others are drawn once", async () => {
    const watched = new Map<Element, (there: boolean) => void>();
    let high = 900;
    vi.stubGlobal("IntersectionObserver", class {
      constructor(readonly tell: (seen: { isIntersecting: boolean }[]) => void) {}
      observe = (it: Element) => watched.set(it, (isIntersecting) => this.tell([{ isIntersecting }]));
      disconnect = () => {};
    });
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockImplementation(() => high);
    await go("activity");
    const chunks = () => [...document.querySelectorAll<HTMLElement>("[data-chunk]")];
    const see = async (there: boolean) => {
      for (const it of chunks()) watched.get(it)?.(there);
      await pass(20);
    };
    const looks = () => chunks().map((it) => [it.dataset.chunk, it.style.height]);
    const count = chunks().length;
    expect(rows().length).toBe(50);
    await see(false);
    // The first has the row that Tab comes to.
    expect(looks()).toEqual([["drawn", ""], ...Array.from({ length: count - 1 }, () => ["away", "900px"])]);
    await see(true);
    expect(rows().length).toBe(50);
    high = 0;
    await see(false);
    expect(rows().length).toBe(50);
    high = 900;
    await see(false);
    expect(rows().length).toBeLessThan(50);
    // Other rows may be of another height.
    await find("readers");
    expect(looks().every(([state]) => state === "drawn")).toBe(true);
  });
  test("a filter asks Rust, and says when there is nothing", async () => {
    await go("activity");
    id("filter-denied").click();
    await pass(50);
    expect(id("filter-denied")).toHaveAttribute("aria-pressed", "true");
    expect(rows().every((it) => /Denied|Changes requested/.test(it.textContent ?? ""))).toBe(true);
    id("filter-evidence").click();
    await pass(50);
    expect(id("activity-empty")).toHaveTextContent("Everything that arrived was what its gate signed.");
  });
  test("a search says where it was found, and marks what matched", async () => {
    const { fake } = await go("activity");
    fake.rest.unindexed = 12;
    fake.rest.partly = 1;
    await find("retention");
    expect(rows()[0]).toHaveTextContent("In your comment");
    expect(rows()[0]?.querySelector(".changed")).toHaveTextContent("retention");
    expect(id("unindexed")).toHaveTextContent("12 proposals are not in the index yet and may be missing here.");
    expect(id("partly")).toHaveTextContent("only the beginning is searched");
    await find("nowhere at all");
    expect(id("activity-empty")).toHaveTextContent("Nothing found for “nowhere at all”.");
    press("Escape");
  });
  test("Esc clears the search, then leaves the field", async () => {
    await go("activity");
    id("activity-query").focus();
    await find("readers");
    press("Escape");
    await pass(300);
    expect(id("activity-query")).toHaveValue("");
    expect(id("filter-all")).toBeInTheDocument();
  });
  test("a row opens read only; it is decided in the queue", async () => {
    const { fake } = await go("activity");
    rows()[0]?.focus();
    rows()[0]?.click();
    await pass(1500);
    expect(id("sheet-headline")).toBeInTheDocument();
    for (const part of ["deny", "approve", "request-changes"]) expect(none(part)).toBe(true);
    expect(document.querySelectorAll("main")).toHaveLength(1);
    for (const name of ["d", "r"]) press(name);
    press("Control", { ctrlKey: true });
    press("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
    id("activity-decide").click();
    await pass(1500);
    expect(id("nav-queue")).toHaveAttribute("aria-current", "page");
    expect(id("deny")).toBeVisible();
  });
  test("Esc closes the item, and the keyboard is on its row again", async () => {
    await go("activity");
    const digest = rows()[3]?.dataset.digest;
    rows()[3]?.focus();
    rows()[3]?.click();
    await pass(50);
    key("j");
    await pass(50);
    key("k");
    await pass(50);
    key("Escape");
    await pass(50);
    expect(none("sheet-headline")).toBe(true);
    expect((document.activeElement as HTMLElement).dataset.digest).toBe(digest);
    expect(id("nav-activity")).toHaveAttribute("aria-current", "page");
  });
  test("arrows walk the rows, and back into the field", async () => {
    await go("activity");
    id("activity-query").focus();
    press("ArrowDown");
    expect(rows()[0]).toHaveFocus();
    press("ArrowDown");
    expect(rows()[1]).toHaveFocus();
    press("ArrowUp");
    press("ArrowUp");
    expect(id("activity-query")).toHaveFocus();
    press("ArrowDown");
    press("End");
    expect(rows().at(-1)).toHaveFocus();
    expect(rows().filter((it) => it.tabIndex === 0)).toEqual([rows().at(-1)]);
    press("Home");
    expect(rows()[0]).toHaveFocus();
  });
  test("a failure is said, with a way to try again", async () => {
    const { fake } = await open([post()]);
    const history = fake.ipc.history;
    fake.ipc.history = () => Promise.reject(error("broken", "The memory cannot be read.", "Nothing was changed."));
    id("nav-activity").click();
    await pass(300);
    expect(screen.getByRole("alert")).toHaveTextContent("The memory cannot be read.");
    fake.ipc.history = history;
    screen.getByText("Try again").click();
    await pass(100);
    expect(rows().length).toBe(50);
  });
  test("a proposal that is found twice is one row", async () => {
    const { fake } = await go("activity");
    const search = fake.ipc.search;
    fake.ipc.search = async (text, after) => {
      const found = await search(text, after);
      return { ...found, rows: [...found.rows, ...found.rows.slice(0, 3)] };
    };
    await find("terraform");
    const digests = rows().map((it) => it.dataset.digest);
    expect(digests.length).toBeGreaterThan(3);
    expect(new Set(digests).size).toBe(digests.length);
  });
  test("a slow answer to an older question is dropped", async () => {
    const { fake } = await go("activity");
    const history = fake.ipc.history;
    fake.ipc.history = async (filter, after) => {
      if (filter === "denied") await new Promise((done) => setTimeout(done, 1000));
      return history(filter, after);
    };
    id("filter-denied").click();
    await pass(100);
    id("filter-expired").click();
    await pass(2000);
    expect(rows().length).toBeGreaterThan(0);
    expect(rows().every((it) => /Expired|Withdrawn|Replaced|Halted/.test(it.textContent ?? ""))).toBe(true);
  });
  test("hostile names stay text", async () => {
    const { fake } = await open([post()]);
    const bad = "<img src=x onerror=alert(1)>";
    const first = fake.rest.past[0];
    if (first) fake.rest.past[0] = { ...first, at: now(), agent: [t(bad)], action: [w("Post in "), t(bad)] };
    id("nav-activity").click();
    await pass(300);
    expect(document.querySelectorAll("main img")).toHaveLength(0);
    expect(rows().some((it) => it.textContent?.includes(bad))).toBe(true);
  });
});

describe("agents", () => {
  test("shows how the gate knows it, what it proposed and what became of it", async () => {
    await go("agents");
    expect(screen.getByRole("heading", { level: 2, name: "forum-helper" })).toBeInTheDocument();
    const article = screen.getByRole("article");
    expect(article).toHaveTextContent("by a token of its own");
    expect(article).toHaveTextContent("46 proposals");
    expect(article).toHaveTextContent("Approved31");
    expect(id("days-says")).toHaveTextContent(/44 proposals in 30 days, 2 today\. Most on one day: 3/);
  });
  test("the bars have a table", async () => {
    await go("agents");
    id("days-table").click();
    await pass(20);
    const table = document.querySelector("table");
    expect(table?.querySelector("tbody tr")).toHaveTextContent("Today2");
    const sum = [...(table?.querySelectorAll("td") ?? [])].reduce((all, it) => all + Number(it.textContent), 0);
    expect(sum).toBe(44);
  });
  test("one that the gate tells apart can be halted alone, from here", async () => {
    const { fake } = await go("agents");
    screen.getAllByTestId("agent-row")[1]?.click();
    await pass(50);
    id("agent-halt").click();
    await pass(50);
    expect(id("halt-which")).toHaveValue("token:mail-tidy");
    id("halt-go").click();
    await pass(500);
    expect(fake.rest.halted).toEqual([{ stop: { kind: "agent", agent: "token:mail-tidy" }, reason: null }]);
    expect(id("halt")).toHaveTextContent("3 proposals were withdrawn.");
    expect(none("agent-halt")).toBe(true);
    id("halt-lift").click();
    await pass(20);
    expect(id("lift-pass")).toHaveFocus();
  });
  test.each([4, 5])("one that it does not tell apart is said to be such", async (n) => {
    await go("agents");
    screen.getAllByTestId("agent-row")[n]?.click();
    await pass(50);
    expect(none("agent-halt")).toBe(true);
    expect(id("only-everything")).toHaveTextContent(/cannot be halted alone.*Halt everything instead/s);
  });
  test("asked to halt such a one alone, the dialog says why not and offers everything", async () => {
    const { fake } = await open([{ ...post(), opened: { ...post().opened, agent: "uid:1000" } }]);
    await pass(50);
    screen.getByTestId("halt-agent").click();
    await pass(50);
    expect(id("halt-alone")).toHaveTextContent("Halt everything instead.");
    expect(id("halt-everything")).toBeChecked();
    id("halt-go").click();
    await pass(50);
    expect(fake.rest.halted).toEqual([{ stop: { kind: "everything" }, reason: null }]);
  });
  test("leads to its proposals", async () => {
    await go("agents");
    screen.getAllByTestId("agent-row")[3]?.click();
    await pass(100);
    id("agent-activity").click();
    await pass(500);
    expect(id("activity-query")).toHaveValue("docs-agent");
    expect(screen.getAllByTestId("activity-row").every((it) => it.textContent?.includes("docs-agent"))).toBe(true);
  });
  test("none yet", async () => {
    const { fake } = await open([]);
    fake.rest.agents = [];
    id("nav-agents").click();
    await pass(300);
    expect(id("agents-empty")).toHaveTextContent("No agent proposed anything yet.");
  });
});

describe("keys", () => {
  test("says where the key is kept, when it locks, and how its gates are told", async () => {
    await go("keys");
    expect(id("fingerprint")).toHaveTextContent("9f2c 41aa 07de 5b13 90c2 11fe 7a08 44d1");
    expect(screen.getByRole("main")).toHaveTextContent("It is kept in the keyring of this system.");
    expect(screen.getByRole("main")).toHaveTextContent(/It locks by itself in 11:/);
    expect(id("gate")).toHaveTextContent("77aa 3e0c");
    expect(id("separation")).toHaveTextContent("same user");
  });
  test("warns when there is no backup, and leads there", async () => {
    await go("keys", { key: { ...state().key, backed_up: null } });
    expect(id("backup-state")).toHaveTextContent("No backup yet.");
    id("page-backup").focus();
    id("page-backup").click();
    await pass(50);
    await type("backup-pass", "z");
    await fireEvent.submit(id("backup-pass").closest("form") as HTMLFormElement);
    await pass(50);
    expect(screen.getByText("An encrypted backup was saved.")).toBeInTheDocument();
    expect(id("page-backup")).toHaveFocus();
  });
  test.each([["page-passphrase", "old-pass"], ["page-delete", "delete-words"]])("%s asks", async (button, field) => {
    await go("keys");
    id(button).click();
    await pass(50);
    expect(id(field)).toHaveFocus();
  });
  test("locks and unlocks", async () => {
    const { fake } = await go("keys");
    id("page-lock").click();
    await pass(50);
    expect(fake.state.key.state).toBe("locked");
    id("page-unlock").click();
    await pass(50);
    expect(id("unlock-pass")).toHaveFocus();
  });
});

describe("settings", () => {
  test("each change is kept at once", async () => {
    const { fake } = await go("settings");
    await fireEvent.click(id("set-theme-dark"));
    await pass(50);
    expect(document.documentElement.dataset.theme).toBe("dark");
    await fireEvent.click(id("set-notify-serious"));
    await fireEvent.click(id("set-names"));
    await fireEvent.click(id("set-tray"));
    await pass(50);
    expect(fake.rest.preferences).toMatchObject({ theme: "dark", notify: "serious", notify_names: false, close_to_tray: false });
  });
  test("one that could not be kept is taken back and said", async () => {
    const { fake } = await go("settings");
    fake.ipc.setPreferences = () => Promise.reject(error("disk_full", "The disk is full.", "Nothing was changed."));
    await fireEvent.click(id("set-notify-nothing"));
    await pass(50);
    expect(id("toast")).toHaveTextContent("Nothing was changed.");
    expect(id("set-notify-everything")).toBeChecked();
  });
  test("quiet hours, also over midnight; what is no time is refused with words", async () => {
    const { fake } = await go("settings");
    await fireEvent.click(id("set-quiet"));
    await pass(50);
    expect(fake.rest.preferences.quiet).toEqual({ from: 1320, to: 420 });
    await fireEvent.change(id("quiet-to"), { target: { value: "6:30" } });
    await pass(50);
    expect(fake.rest.preferences.quiet).toEqual({ from: 1320, to: 390 });
    for (const value of ["25:00", "soon", "22:00"]) {
      await fireEvent.change(id("quiet-to"), { target: { value } });
      await pass(50);
      expect(screen.getByRole("alert")).toHaveTextContent("The hours were not changed.");
      expect(fake.rest.preferences.quiet).toEqual({ from: 1320, to: 390 });
    }
    await fireEvent.click(id("set-quiet"));
    await pass(50);
    expect(fake.rest.preferences.quiet).toBeNull();
  });
  test("what the desktop lacks is said where it matters", async () => {
    const { fake } = await open([post()]);
    fake.rest.desktop = { ...fake.rest.desktop, no_tray: "There is no tray.", no_notifications: "No service answers.", no_lock_signals: "Nothing says when the screen locks." };
    id("nav-settings").click();
    await pass(100);
    const main = screen.getByRole("main");
    for (const words of ["There is no tray.", "No service answers.", "Nothing says when the screen locks."]) expect(main).toHaveTextContent(words);
    expect(id("set-tray")).toBeDisabled();
  });
  test("a notification can be tried", async () => {
    await go("settings");
    id("try-notification").click();
    await pass(50);
    expect(id("toast")).toHaveTextContent("One notification was shown.");
  });
  test("names are kept as they were written, and a list that cannot be used is said and stays on the page", async () => {
    const { fake } = await go("settings");
    const field = id("own-names") as HTMLTextAreaElement;
    expect(id("keep-names")).toHaveAttribute("aria-disabled", "true");
    await fireEvent.input(field, { target: { value: "# ours\nProject Larch\n" } });
    await fireEvent.click(id("keep-names"));
    await pass(50);
    expect(fake.marking.settings.names).toBe("# ours\nProject Larch\n");
    expect(id("keep-names")).toHaveAttribute("aria-disabled", "true");
    await fireEvent.input(field, { target: { value: "x\n" } });
    await fireEvent.click(id("keep-names"));
    await pass(50);
    expect(document.body.textContent).toContain("line 1 has fewer than 3 characters");
    expect(field.value).toBe("x\n");
    expect(fake.marking.settings.names).toBe("# ours\nProject Larch\n");
  });
  test("rules of a team are read from a file, and none are used when that is asked for", async () => {
    const { fake } = await go("settings");
    const give = async (text: string) => {
      // The DOM of these tests knows no texts of files.
      const file = Object.assign(new File([text], "rules.toml"), { text: async () => text });
      Object.defineProperty(id("team-file"), "files", { value: [file], configurable: true });
      await fireEvent.change(id("team-file"));
      await pass(50);
    };
    await give("no rules");
    expect(document.body.textContent).toContain("These rules cannot be used");
    expect(fake.marking.settings.team).toBeNull();
    await give("[[rules]]\nid = \"one\"\n");
    expect(id("team-rules").textContent).toContain("1 rule from a file");
    await fireEvent.click(id("team-none"));
    await pass(50);
    expect(none("team-rules")).toBe(true);
  });
  test("what is no secret is listed and taken back; a rule weighs less only when a person says so", async () => {
    const { fake } = await go("settings");
    fake.marking.settings = {
      ...fake.marking.settings,
      no_secrets: [{ here: "9a".repeat(32), gate: [t("home")], target: [t("/srv/a.conf")], what: [t("GitLab token")], characters: 26, at: 1_790_000_000 }],
      rules: [rule("gitlab-token", 60, 1), rule("internal-host", 40, 20)],
    };
    await again("settings");
    expect(id("no-secrets")).toHaveTextContent("GitLab token, 26 characters, at /srv/a.conf (gate home)");
    await fireEvent.click(id("secret-again"));
    await pass(50);
    expect(none("no-secrets")).toBe(true);
    expect(document.querySelectorAll("[data-testid=demote]").length).toBe(1);
    expect(id("rules").querySelector("li")!.textContent).toContain("internal-host");
    await fireEvent.click(id("demote"));
    await pass(50);
    expect(id("rules").textContent).toContain("weighs one step less since");
    await fireEvent.click(id("promote"));
    await pass(50);
    expect(fake.marking.settings.rules.every((it) => it.demoted === null)).toBe(true);
  });
  describe("who is at a button of findings", () => {
    const secretAt = (n: number) => ({ here: `${n}a`.repeat(32), gate: [t("home")], target: [t(`/srv/${n}.conf`)], what: [t("GitLab token")], characters: 26, at: 1_790_000_000 });
    const at = () => document.activeElement!;
    const inRow = () => at().closest("li")!.textContent!;
    /** Presses what has the focus, while the answer waits for a moment. */
    const pressed = async (button: HTMLElement) => {
      button.focus();
      await fireEvent.click(button);
      await pass(50);
    };
    test("goes on at the next row when something is taken back, then at the one before, then at the heading", async () => {
      const { fake } = await go("settings");
      fake.marking.settings = { ...fake.marking.settings, no_secrets: [1, 2, 3].map(secretAt) };
      await again("settings");
      await pressed(screen.getAllByTestId("secret-again")[1]!);
      expect(inRow()).toContain("/srv/3.conf");
      await pressed(at() as HTMLElement);
      expect(inRow()).toContain("/srv/1.conf");
      await pressed(at() as HTMLElement);
      expect(at()).toHaveTextContent("Not a secret");
      expect(at()).toHaveAttribute("tabindex", "-1");
    });
    test("goes on at what came in the place of the button of a rule, wherever that is now", async () => {
      const { fake } = await go("settings");
      fake.marking.settings = { ...fake.marking.settings, rules: [rule("a-rule", 40, 20), rule("b-rule", 60, 1), rule("c-rule", 30, 30)] };
      await again("settings");
      await pressed(screen.getAllByTestId("demote")[0]!);
      expect(at()).toHaveAttribute("data-testid", "promote");
      expect(inRow()).toContain("a-rule");
      // Weighed in full it is not proposed again here: its row has no button, and the next that has one is the other's.
      await pressed(at() as HTMLElement);
      expect(inRow()).toContain("c-rule");
      await pressed(at() as HTMLElement);
      await pressed(at() as HTMLElement);
      expect(at()).toHaveTextContent("What was of use");
    });
    test("keeps it while the answer is on its way and when there is none, and is not asked twice", async () => {
      const { fake } = await go("settings");
      fake.marking.settings = { ...fake.marking.settings, rules: [rule("a-rule", 40, 20)] };
      await again("settings");
      const slow = hold(fake.ipc, "demote");
      const button = id("demote");
      await pressed(button);
      expect(button).toHaveAttribute("aria-disabled", "true");
      expect(button).toBeEnabled();
      await pressed(button);
      expect(slow.go.length).toBe(1);
      // Who went elsewhere meanwhile stays there.
      id("own-names").focus();
      slow.go[0]!();
      await pass(50);
      expect(id("own-names")).toHaveFocus();
      fake.ipc.demote = () => Promise.reject(error("broken", "The store does not answer.", "Nothing was kept."));
      await pressed(id("promote"));
      expect(document.body.textContent).toContain("The store does not answer.");
      expect(id("promote")).toHaveFocus();
    });
    test("keeps it at the names and at the rules of a team", async () => {
      const { fake } = await go("settings");
      fake.marking.settings = { ...fake.marking.settings, names: "Larch\n", team: { path: "/r.toml", rules: 1, left_out: [] } };
      await again("settings");
      await type("own-names", "Larch\nAlder\n");
      await pressed(id("keep-names"));
      expect(fake.marking.settings.names).toBe("Larch\nAlder\n");
      expect(id("keep-names")).toHaveFocus();
      await type("own-names", "x");
      await pressed(screen.getByText("Undo"));
      expect(id("own-names")).toHaveFocus();
      await pressed(id("team-none"));
      expect(id("team-file")).toHaveFocus();
    });
  });
  test("settings that cannot be read are said; the usual keys hold", async () => {
    const { fake } = await open([post()]);
    fake.ipc.preferences = () => Promise.reject(error("broken", "The settings cannot be read.", "They were left as they are."));
    fake.emit({ kind: "preferences" });
    await pass(1500);
    fake.rest.preferences = { ...fake.rest.preferences };
    press("d");
    await pass(20);
    expect(id("comment")).toHaveFocus();
  });
  test("practice opens what it made", async () => {
    const { fake } = await go("settings");
    id("practise-refuse").click();
    await pass(100);
    expect(fake.rest.practised).toEqual(["to_refuse"]);
    expect(id("sheet-headline")).toBeInTheDocument();
  });

  describe("a new key", () => {
    const give = async (name: string, letter: string, more: KeyboardEventInit = {}) => {
      id(`key-${name}`).focus();
      id(`key-${name}`).click();
      await pass(20);
      key(letter, more, id(`key-${name}`));
      await pass(50);
    };
    test("is the one that is pressed, and it works", async () => {
      const { fake } = await go("settings");
      await give("deny", "z");
      expect(fake.rest.preferences.keys).toEqual({ deny: "z" });
      expect(id("key-deny")).toHaveTextContent(/z$/);
      expect(id("key-deny")).toHaveFocus();
      id("nav-queue").click();
      await pass(1500);
      press("z");
      await pass(20);
      expect(id("comment")).toHaveFocus();
    });
    test("that another has is refused with its name", async () => {
      const { fake } = await go("settings");
      await give("deny", "r");
      expect(screen.getByRole("alert")).toHaveTextContent("r is already “Request changes”");
      expect(fake.rest.preferences.keys).toEqual({});
    });
    test.each([["Enter", {}], [" ", {}], ["F5", {}], ["ArrowUp", {}], ["z", { ctrlKey: true }]])("that is reserved is refused: %s %j", async (letter, more) => {
      const { fake } = await go("settings");
      await give("deny", letter, more);
      expect(screen.getByRole("alert")).toBeInTheDocument();
      expect(fake.rest.preferences.keys).toEqual({});
    });
    test("Esc and Tab leave it as it is; nobody is caught", async () => {
      const { fake } = await go("settings");
      await give("deny", "Escape");
      expect(id("key-deny")).not.toHaveTextContent("Press a key");
      expect(id("nav-settings")).toHaveAttribute("aria-current", "page");
      id("key-deny").click();
      await pass(20);
      const tab = new KeyboardEvent("keydown", { key: "Tab", bubbles: true, cancelable: true });
      id("key-deny").dispatchEvent(tab);
      expect(tab.defaultPrevented).toBe(false);
      expect(fake.rest.preferences.keys).toEqual({});
    });
    test("Delete takes it away, and all go back at once", async () => {
      const { fake } = await go("settings");
      await give("snooze", "Delete");
      expect(fake.rest.preferences.keys).toEqual({ snooze: "" });
      expect(id("key-snooze")).toHaveTextContent("no key");
      id("keys-reset").click();
      await pass(50);
      expect(fake.rest.preferences.keys).toEqual({});
      await again("settings");
      expect(none("keys-reset")).toBe(true);
    });
    test("nothing that signs can be given one", async () => {
      await go("settings");
      const names = screen.getAllByTestId(/^key-/).map((it) => it.dataset.testid);
      expect(names.filter((it) => /approve|sign|unlock|lift/.test(it ?? ""))).toEqual([]);
    });
  });

  describe("removing everything", () => {
    test("shows what, where and how much, and takes the words", async () => {
      const { fake } = await go("settings");
      id("remove-open").click();
      await pass(50);
      expect(id("remove-dialog")).toHaveTextContent("48.2 MB");
      expect(id("remove-dialog")).toHaveTextContent("What stays");
      expect(id("remove-go")).toBeDisabled();
      await type("remove-words", "remove");
      await fireEvent.submit(id("remove-dialog"));
      await pass(20);
      expect(fake.rest.removed).toEqual([]);
      await type("remove-words", "remove everything");
      await fireEvent.submit(id("remove-dialog"));
      await pass(50);
      expect(fake.rest.removed).toHaveLength(1);
      expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("was removed from this machine");
    });
  });
});
