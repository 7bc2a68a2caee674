// A sheet that is being read: a text found in it, a step to a change, what can be copied.

import { Fake, type Item } from "./fake";
import { hostile, rtl } from "./hard";
import type { Page } from "./page";
import { refused } from "./pictures";
import pages from "./rendered.json";
import { access, config, picture, post, rendered, state } from "./samples";
import type { Scene } from "./scenes";

const reading = (name: string, item: () => Item, steps: (page: Page) => Promise<void>): Scene => ({
  name,
  shows: ["screen:queue"],
  fake: () => new Fake(state({ waiting: 2 }), [item(), access(), post()]),
  steps: async (page) => {
    await page.wait(200);
    await steps(page);
    await page.wait(300);
  },
});
const find = (text: string, times = 0) => async (page: Page) => {
  await page.press("f", { ctrlKey: true });
  await page.type("seek-text", text);
  await page.wait(200);
  for (let n = 0; n < times; n += 1) await page.press("Enter");
};

async function pictured(page: Page, then?: string) {
  await page.part("sheet-headline");
  // In the smallest window the head of the document is below what is in view.
  const below = document.querySelector(".scroller");
  if (below && !document.querySelector("[data-testid=view-picture]")) below.scrollTop = 240;
  await page.click("view-picture");
  await page.wait(200);
  for (let tries = 0; tries < 8 && below && !document.querySelector("[data-testid=picture-fit]"); tries += 1) {
    below.scrollTop += 80;
    await page.wait(100);
  }
  (await page.part("picture-fit")).scrollIntoView({ block: "start" });
  await page.wait(200);
  if (then) await page.click(then);
}

export const readings: Scene[] = [
  reading("find", config, find("t", 3)),
  reading("find-none", config, find("passphrase")),
  reading("find-hostile", hostile, find("u+20")),
  reading("find-rtl", rtl, find("ال")),
  reading("change-next", config, async (page) => {
    await page.press(".");
    await page.press(".");
  }),
  reading("rendered", rendered, async (page) => {
    page.fake.reading.pages = pages;
    // In the smallest window the head of the document is below what is in view.
    await page.part("sheet-headline");
    const below = document.querySelector(".scroller");
    if (below && !document.querySelector("[data-testid=view-rendered]")) below.scrollTop = 240;
    await page.click("view-rendered");
  }),
  reading("picture", picture, (page) => pictured(page)),
  reading("picture-difference", picture, (page) => pictured(page, "picture-difference")),
  reading("picture-whole", picture, (page) => pictured(page, "picture-whole")),
  reading("picture-not-drawn", picture, async (page) => {
    page.fake.reading.pictures = refused;
    await pictured(page);
  }),
  reading("copy", () => hostile(), async (page) => {
    page.fake.reading.copyable = [
      { side: "before", size: 48_213, exact: false, escaped: true, says: "Not exactly: it is not UTF-8 text." },
      { side: "after", size: 1204, exact: true, escaped: true, says: "With the exact bytes come 12 invisible or control characters: 10 ZWSP U+200B, 1 ESC U+001B, 1 RLO U+202E and 2 more kinds. A terminal or an editor may act on them." },
    ];
    // In a small window the document is below what is first in view.
    if (!document.querySelector("[data-testid=copy]")) await page.scroll(400);
    await page.click("copy");
  }),
];
