// One scene: `/dev/?scene=…&theme=…`. Without one, the list of all.
//
// `window.gallery` is what the pictures and checks in the real engine use:
// the names of all scenes, a promise that is kept once this one is there, and the
// checks by measure.

import "./clock";
import { mount } from "svelte";
import App from "../src/App.svelte";
import "../src/app.css";
import type { Fake } from "./fake";
import * as measure from "./measure";
import { Page } from "./page";
import { scenes } from "./scenes";

const ask = new URLSearchParams(location.search);
const theme = ask.get("theme");
const wanted = ask.get("scene");

async function show(name: string): Promise<void> {
  const scene = scenes.find((it) => it.name === name);
  if (!scene) throw new Error(`there is no scene ${name}`);
  await Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} 12px "Exact"`)));
  const target = document.getElementById("app");
  if (!target) throw new Error("the page has no place for the app");
  const fake = scene.fake();
  const named = theme === "dark" || theme === "light" ? theme : "system";
  fake.state = { ...fake.state, theme: named };
  fake.rest.preferences = { ...fake.rest.preferences, theme: named };
  // As the window does it.
  Object.freeze(Object.prototype);
  const page = new Page(fake);
  mount(App, { target, props: { ipc: fake.ipc } });
  Object.assign(window, { fake });
  await page.wait(100);
  await scene.steps?.(page);
  if (!scene.brief) await settle(page, fake);
  await page.wait(150);
}

/** Waits out what is only for a second: the arming delay, and rows that count once they were read for a while. */
async function settle(page: Page, fake: Fake): Promise<void> {
  const state = () => document.querySelector("[data-testid=approve]")?.getAttribute("data-state");
  for (let tries = 0; tries < 60; tries += 1) {
    await page.wait(50);
    const unread = state() !== undefined && fake.reports.length === 0 && tries < 30;
    if (state() !== "arming" && !unread && document.querySelector("[aria-busy=true]") === null) return;
  }
}

function list(): void {
  for (const { name } of scenes) {
    const link = document.createElement("a");
    link.href = `?scene=${name}`;
    link.textContent = name;
    const line = document.createElement("p");
    line.append(link);
    document.body.append(line);
  }
}

const ready = wanted === null ? Promise.resolve(list()) : show(wanted);
// Handled by whoever waits; without anybody, the console says it.
ready.catch((error: unknown) => console.error(error));
Object.assign(window, { gallery: { scenes: scenes.map(({ name, shows }) => ({ name, shows })), ready, measure } });
