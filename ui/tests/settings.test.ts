import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { error } from "../dev/fake";
import { rule } from "../dev/marking";
import { post, t } from "../dev/samples";
import { go, hold, id, key, none, open, pass, press, type, visit } from "./open";

const again = async (name: string) => {
  id("nav-queue").click();
  await pass(50);
  await visit(name);
};

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
