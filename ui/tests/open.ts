// Opens the whole page on a stand-in for Rust, with a clock that stands still.

import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { vi } from "vitest";
import App from "../src/App.svelte";
import type { AppState } from "../src/lib/wire/AppState";
import { Fake, type Item } from "../dev/fake";
import { state } from "../dev/samples";

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

export const id = (name: string) => screen.getByTestId(name);
export const none = (name: string) => screen.queryByTestId(name) === null;

export function key(name: string, more: KeyboardEventInit = {}, target: EventTarget = document.body) {
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}
export function pointer(type: string, target: EventTarget) {
  // jsdom has no PointerEvent with buttons.
  target.dispatchEvent(new MouseEvent(type, { button: 0, bubbles: true }));
}
