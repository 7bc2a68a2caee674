import { fireEvent, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { error } from "../dev/fake";
import { access, now, post, state, t, w } from "../dev/samples";
import { go, id, key, none, open, pass, press, type } from "./open";

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
