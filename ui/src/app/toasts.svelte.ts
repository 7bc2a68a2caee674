// What is said of what happened. What went wrong stays until it is read.

export type Toast = { id: number; tone: "plain" | "red"; title: string; hint: string; detail: string | null };

export class Toasts {
  all = $state<Toast[]>([]);
  #last = 0;

  say(title: string, hint: string, tone: Toast["tone"] = "plain", detail: string | null = null): void {
    // Said twice is said once: the older one goes.
    const others = this.all.filter((t) => t.title !== title || t.hint !== hint);
    const plain = others.filter((t) => t.tone !== "red").slice(-2);
    this.all = others.filter((t) => t.tone === "red" || plain.includes(t));
    this.all.push({ id: ++this.#last, tone, title, hint, detail });
  }

  /** Going on is having read what went well. */
  goOn(): void {
    this.all = this.all.filter((t) => t.tone === "red");
  }

  dismiss(id: number): void {
    this.all = this.all.filter((t) => t.id !== id);
  }
}
