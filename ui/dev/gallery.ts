// One scene: `/dev/?scene=…&theme=…`. Without one, the list of all.
//
// `window.gallery` is what the pictures and checks in the real engine use: the
// names of all scenes, `show`, `dress`, and the checks by measure.

import * as clock from "./clock";
import { mount, unmount } from "svelte";
import App from "../src/App.svelte";
import "../src/app.css";
import type { Fake } from "./fake";
import * as measure from "./measure";
import { Page } from "./page";
import { type Shows, said, scenes } from "./scenes";

// As the window does it.
Object.freeze(Object.prototype);

let app: ReturnType<typeof mount> | null = null;

/** Shows a scene; the promise is kept once the scene has come to rest. */
async function show(name: string, theme: string | null): Promise<void> {
  const scene = scenes.find((it) => it.name === name);
  if (!scene) throw new Error(`there is no scene ${name}`);
  await Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} 12px "Exact"`)));
  await clear();
  const fake = scene.fake();
  const named = theme === "dark" || theme === "light" ? theme : "system";
  fake.state = { ...fake.state, theme: named };
  fake.rest.preferences = { ...fake.rest.preferences, theme: named };
  const page = new Page(fake);
  // Nobody waits for what is made for people, unless that is the subject.
  clock.run(scene.brief ? 1 : 5);
  app = mount(App, { target: place(), props: { ipc: fake.ipc } });
  Object.assign(window, { fake });
  await clock.wait(40);
  await scene.steps?.(page);
  if (!scene.brief) await settle(fake);
  clock.run(1);
  await clock.wait(100);
  await rest();
  const absent = scene.shows.filter((it) => !isThere(it));
  if (absent.length > 0) throw new Error(`it does not show ${absent.join(", ")}`);
}

/** Whether what a scene is there for can be seen. */
function isThere(what: Shows): boolean {
  const [kind, name] = what.split(":");
  switch (kind) {
    case "state":
      return name === "waiting" || document.querySelector(`[data-testid=state-strip][data-state="${name}"]`) !== null;
    case "dialog":
      return document.querySelector(":modal, :popover-open, dialog[open], [role=menu]") !== null;
    case "error":
      // Where the words are that Rust has for this code.
      return said.some((it) => it.code === name && document.body.innerText.includes(it.title)) || name === "key_locked";
    default:
      return true;
  }
}

/** Nothing of the scene before is left. */
async function clear(): Promise<void> {
  if (app) await unmount(app);
  app = null;
  place().replaceChildren();
  delete document.documentElement.dataset.theme;
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  clock.reset();
}
function place(): HTMLElement {
  const found = document.getElementById("app");
  if (!found) throw new Error("the page has no place for the app");
  return found;
}

/** Waits out what is only for a second: the arming delay, and rows that count once they were read for a while. */
async function settle(fake: Fake): Promise<void> {
  const state = () => document.querySelector("[data-testid=approve]")?.getAttribute("data-state");
  for (let tries = 0; tries < 100; tries += 1) {
    await clock.wait(20);
    const unread = state() !== undefined && fake.reports.length === 0 && tries < 30;
    if (state() !== "arming" && !unread && document.querySelector("[aria-busy=true]") === null) return;
  }
}

/** The scene as it is, in another theme. */
async function dress(theme: string): Promise<void> {
  document.documentElement.dataset.theme = theme;
  await clock.wait(50);
  await rest();
}

// A colour on its way from one to the other is neither, and a button may become ready while it is looked at.
const still = new CSSStyleSheet();
still.replaceSync("*, *::before, *::after { transition: none !important }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];

/** Waits until nothing moves. */
async function rest(): Promise<void> {
  await Promise.all(document.getAnimations().filter((it) => it.effect?.getComputedTiming().iterations !== Infinity).map((it) => it.finished.catch(() => it)));
  // The engine paints what changed part by part.
  for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
  await clock.wait(200);
}

function list(): void {
  for (const { name } of scenes) {
    const link = document.createElement("a");
    link.href = `?scene=${name}`;
    link.textContent = name;
    const line = document.createElement("p");
    line.append(link);
    place().append(line);
  }
}

const ask = new URLSearchParams(location.search);
const wanted = ask.get("scene");
if (wanted === null) list();
else show(wanted, ask.get("theme")).catch((error: unknown) => console.error(error));
Object.assign(window, { gallery: { scenes: scenes.map(({ name, shows }) => ({ name, shows })), show, dress, measure } });
