// What jsdom lacks: sizes, modal dialogs, observers.

import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/svelte";
import { afterEach, beforeEach, vi } from "vitest";

export const VIEW = { height: 600, width: 1000 };

for (const [name, value] of [["clientHeight", VIEW.height], ["clientWidth", VIEW.width], ["scrollWidth", VIEW.width]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, {
    configurable: true,
    get(this: HTMLElement) {
      // Only what scrolls has a size; a text that measures itself is one line high.
      if (this.matches(".scroller, .viewport, .box")) return value;
      return name === "clientHeight" ? 20 : value;
    },
  });
}
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", Observer);
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};

// Some tests say "Today" of what was minutes ago, which is not so just after midnight.
const START = new Date(2026, 10, 21, 12, 5);
const still = () => vi.useFakeTimers({ toFake: ["Date"], now: START });
still();
beforeEach(still);
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
