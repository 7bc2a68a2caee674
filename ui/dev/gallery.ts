// For people who work on the page: `npm run dev`, then /dev/?scene=…&item=…&theme=…

import { mount } from "svelte";
import App from "../src/App.svelte";
import "../src/app.css";
import { Fake } from "./fake";
import { access, command, config, inEachState, now, post, removal, state, t, unsealed, w } from "./samples";

const ask = new URLSearchParams(location.search);
const scene = ask.get("scene") ?? "queue";
const theme = ask.get("theme");

const items = scene === "empty" ? [] : [post(), access(), removal(), config(), command(), unsealed(), ...inEachState()];
const fake = new Fake(state({ theme: theme === "dark" ? "dark" : theme === "light" ? "light" : "system" }), items);
if (scene === "start") fake.state = { ...fake.state, stage: "no_key", gates: [], person: null, device: null, key: { ...fake.state.key, state: "none", fingerprint: null, backed_up: null } };
if (scene === "gate") fake.state = { ...fake.state, stage: "no_gate", gates: [] };
if (scene === "locked") fake.state = { ...fake.state, key: { ...fake.state.key, state: "locked" }, outbox: 2 };
if (scene === "down")
  fake.state = {
    ...fake.state,
    outbox: 2,
    gates: [
      { id: "home", alive: false, fingerprint: "77aa", own: true },
      { id: "lab", alive: true, fingerprint: "77ab", own: false },
    ],
    halts: [{ digest: "ab".repeat(32), at: now() - 4000, what: [w("the gate lab")], scope: { kind: "gate", gate: "lab" }, own: false, obeyed: true, voided: 0, why: [w("It lost its memory: "), t("ledger behind its anchor"), w(".")], lifting: false }],
  };
if (scene === "huge") fake.items = [removal(20000)];

// As the window does it.
Object.freeze(Object.prototype);

const target = document.getElementById("app");
if (target) mount(App, { target, props: { ipc: fake.ipc } });

const which = ask.get("item");
if (which !== null) setTimeout(() => fake.emit({ kind: "open_item", digest: fake.items[Number(which)]?.opened.digest ?? "" }), 150);
Object.assign(window, { fake });
