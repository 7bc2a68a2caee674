// Opens the whole page, or what it holds without it, on a stand-in for Rust, with a clock that stands still.

import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, vi } from "vitest";
import App from "../src/App.svelte";
import type { Ipc } from "../src/lib/ipc";
import { Session } from "../src/lib/session.svelte";
import type { AppState } from "../src/lib/wire/AppState";
import { Fake, type Item } from "../dev/fake";
import { access, config, post, state } from "../dev/samples";

export async function pass(ms: number) {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
}

export async function open(items: Item[], more: Partial<AppState> = {}, first: (fake: Fake) => void = () => {}) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance", "requestAnimationFrame", "cancelAnimationFrame"] });
  const fake = new Fake(state(more), items);
  first(fake);
  const view = render(App, { props: { ipc: fake.ipc } });
  await pass(50);
  return { fake, ...view };
}

/** Opens the page and waits until what is open may be answered. */
export async function settle(items: Item[] = [post(), config()], more: Partial<AppState> = {}) {
  const all = await open(items, more);
  await pass(1500);
  return all;
}

/** Opens the page at another of its screens. */
export async function go(name: string, more: Partial<AppState> = {}, items: Item[] = [post(), access()]) {
  const all = await open(items, more);
  await visit(name);
  return all;
}
export async function visit(name: string) {
  id(`nav-${name}`).click();
  await pass(500);
}

/** As `settle`, where it may be signed. */
export async function ready(items?: Item[]) {
  const all = await settle(items);
  expect(id("approve")).toHaveAttribute("data-state", "ready");
  return all;
}

/** What the page holds, without the page. */
export async function begin(items: Item[] = [post(), access()]) {
  const fake = new Fake(state(), items);
  const session = new Session(fake.ipc);
  await session.refresh();
  await session.refreshQueue();
  return { fake, session };
}

/** Holds back the answers to a question, each as it was when it was asked for, until they are let go. */
export function hold<K extends keyof Ipc>(ipc: Ipc, name: K) {
  const usual = ipc[name] as (...args: unknown[]) => Promise<unknown>;
  const go: (() => void)[] = [];
  ipc[name] = (async (...args: unknown[]) => {
    const answer = usual(...args);
    await new Promise<void>((done) => go.push(done));
    return answer;
  }) as Ipc[K];
  return { go, end: () => (ipc[name] = usual as Ipc[K]) };
}

export const id = (name: string) => screen.getByTestId(name);
export const none = (name: string) => screen.queryByTestId(name) === null;
/** The card of a finding, by its number on the sheet. */
export const card = (number: number) => document.querySelector<HTMLElement>(`#finding-${number}`)!;
export const inCard = (number: number, name: string) => card(number).querySelector<HTMLElement>(`[data-testid=${name}]`);

/** Types into a field in place of what is in it. */
export const type = (name: string, value: string) => fireEvent.input(id(name), { target: { value } });
export function key(name: string, more: KeyboardEventInit = {}, target: EventTarget = document.body) {
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}
/** A key for whoever has the focus. */
export const press = (name: string, more: KeyboardEventInit = {}) => key(name, more, document.activeElement ?? document.body);
export function pointer(type: string, target: EventTarget) {
  // jsdom has no PointerEvent with buttons.
  target.dispatchEvent(new MouseEvent(type, { button: 0, bubbles: true }));
}
