// Which single key does what. Names of commands are of the page; Rust keeps
// them as text. Approving is not among them: nothing here can sign.

export type CommandId =
  | "next" | "previous" | "deny" | "request_changes" | "edit" | "snooze"
  | "next_change" | "previous_change" | "next_finding" | "previous_finding" | "acknowledge" | "reveal" | "wrap" | "compare"
  | "search" | "halt" | "help" | "go"
  | "go_queue" | "go_activity" | "go_agents" | "go_keys" | "go_settings";

export type Command = { id: CommandId; does: string; usual: string; after: "go" | null };

const command = (id: CommandId, usual: string, does: string, after: Command["after"] = null): Command => ({ id, does, usual, after });

export const COMMANDS: readonly Command[] = [
  command("next", "j", "Next proposal"),
  command("previous", "k", "Previous proposal"),
  command("deny", "d", "Deny, after a reason"),
  command("request_changes", "r", "Request changes"),
  command("edit", "e", "Edit a text, then approve it"),
  command("snooze", "s", "Snooze"),
  command("next_change", ".", "Next change in the sheet"),
  command("previous_change", ",", "Previous change in the sheet"),
  command("next_finding", "n", "Next finding"),
  command("previous_finding", "p", "Previous finding"),
  command("acknowledge", "a", "Acknowledge a finding, after a reason"),
  command("reveal", "x", "Reveal what a finding masks for 20 seconds, or mask it again"),
  command("wrap", "w", "Wrap wide rows, or scroll them sideways"),
  command("compare", "o", "Open both sides in another program"),
  command("search", "/", "Search, or run a command"),
  command("halt", "h", "Halt: asks what, then halts"),
  command("help", "?", "Show keyboard shortcuts"),
  command("go", "g", "Go to, then one of the next five"),
  command("go_queue", "q", "Queue", "go"),
  command("go_activity", "v", "Activity", "go"),
  command("go_agents", "a", "Agents", "go"),
  command("go_keys", "k", "Keys", "go"),
  command("go_settings", "s", "Settings", "go"),
];

/** Keys that always do the same, and so can be given to nothing else. */
export const FIXED: readonly { keys: string[]; does: string }[] = [
  { keys: ["Ctrl Enter"], does: "Sign, when every row was displayed and the key is unlocked" },
  { keys: ["Ctrl K"], does: "Search, or run a command" },
  { keys: ["Ctrl F"], does: "Find in the sheet" },
  { keys: ["F1"], does: "Show keyboard shortcuts" },
  { keys: ["Esc"], does: "Back, or close what is open" },
  { keys: ["↑", "↓", "←", "→"], does: "Scroll; move in a list" },
  { keys: ["Space", "Page ↑ ↓", "Home", "End"], does: "Scroll further" },
  { keys: ["Tab", "Enter"], does: "Move to the next control; use it" },
];

/** One visible character: no space, no control key, no key that composes another. */
export const possible = (key: string): boolean => [...key].length === 1 && !/[\s\p{C}]/u.test(key);

export type Keymap = { readonly [id in CommandId]: string | null };
type Changed = { readonly [name: string]: string | undefined };

/**
 * The keys as they are in force. What is not understood counts as not set; of
 * two commands with one key the later in the list has none, so that a key
 * never does two things.
 */
export function keymap(changed: Changed): Keymap {
  const out: Partial<Record<CommandId, string | null>> = {};
  const taken = new Set<string>();
  // What a person chose goes before what is usual.
  for (const chosen of [true, false]) {
    for (const it of COMMANDS) {
      const own = Object.hasOwn(changed, it.id) ? changed[it.id] : undefined;
      const mine = own !== undefined && (own === "" || possible(own));
      if (mine !== chosen) continue;
      const key = mine ? own : it.usual;
      const free = key !== "" && !taken.has(`${it.after}:${key}`);
      out[it.id] = free ? key : null;
      if (free) taken.add(`${it.after}:${key}`);
    }
  }
  return out as Keymap;
}

/** The command of a key, first or after the one that goes. */
export function find(keys: Keymap, key: string, after: Command["after"]): CommandId | null {
  return COMMANDS.find((it) => it.after === after && keys[it.id] === key)?.id ?? null;
}

export type Set = { keys: { [name: string]: string } } | { refused: string };

/** Gives `key` to a command, or says why not. An empty one takes its key away. */
export function assign(changed: Changed, id: CommandId, key: string): Set {
  const command = COMMANDS.find((it) => it.id === id);
  if (!command) return { refused: "There is no such command. Nothing was changed." };
  if (key !== "") {
    if (!possible(key)) {
      return { refused: `${spoken(key)} always does the same and cannot be given away. Press a letter, a digit or a sign.` };
    }
    const now = keymap(changed);
    const other = COMMANDS.find((it) => it.id !== id && it.after === command.after && now[it.id] === key);
    if (other) return { refused: `${key} is already “${other.does}”. Give that another key first. Nothing was changed.` };
  }
  const keys: { [name: string]: string } = {};
  for (const it of COMMANDS) {
    const own = it.id === id ? key : changed[it.id];
    if (own !== undefined && own !== it.usual) keys[it.id] = own;
  }
  return { keys };
}

/** A key's name for people. */
export const spoken = (key: string): string =>
  ({ " ": "Space", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", PageUp: "Page ↑", PageDown: "Page ↓" })[key] ?? key;
