// What a scene does to get where it wants to be, as a person would: by parts
// of the page that have a `data-testid`, and by keys.

import type { Fake } from "./fake";

/** As long as the page thinks it is. */
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export class Page {
  constructor(readonly fake: Fake) {}

  /** Waits for the part; `nth` counts from 0. */
  async part(name: string, nth = 0): Promise<HTMLElement> {
    for (let tries = 0; tries < 100; tries += 1) {
      const found = document.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`)[nth];
      if (found) return found;
      await wait(20);
    }
    throw new Error(`the page has no part ${name}`);
  }
  /** Waits until the part can be used, then clicks it. */
  async click(name: string, nth = 0): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const part = await this.part(name, nth);
      if (!part.matches(":disabled, [aria-disabled=true]")) {
        part.focus();
        part.click();
        return wait(30);
      }
      await wait(30);
    }
    throw new Error(`the part ${name} stays disabled`);
  }
  /** Types into a field. */
  async type(name: string, text: string): Promise<void> {
    const field = await this.part(name);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) throw new Error(`${name} is no field`);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await wait(30);
  }
  /** Presses a key wherever the focus is. */
  async press(key: string, held: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {}): Promise<void> {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held }));
    at.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, ...held }));
    await wait(30);
  }
  /** Opens the item at this place of the scene's list. */
  async open(place: number): Promise<void> {
    const item = this.fake.items[place];
    if (!item) throw new Error(`the scene has no item ${place}`);
    this.fake.emit({ kind: "open_item", digest: item.opened.digest });
    for (let tries = 0; tries < 100; tries += 1) {
      if (document.querySelector(`[data-digest="${item.opened.digest}"][aria-current="true"]`)) return wait(60);
      await wait(20);
    }
    // Not every section is unfolded; the sheet is open all the same.
  }
  /** Scrolls the document on. */
  async scroll(to: number): Promise<void> {
    const scroller = document.querySelector<HTMLElement>(".scroller");
    if (scroller) scroller.scrollTop = to;
    await wait(400);
  }
  wait = wait;
}
