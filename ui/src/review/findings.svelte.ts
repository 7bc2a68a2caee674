// Which finding is looked at, and how the others are drawn. Rust says which were acknowledged.

import { SvelteMap } from "svelte/reactivity";
import type { Found, Look } from "../lib/found";
import type { Session } from "../lib/session.svelte";
import type { Finding } from "../lib/wire/Finding";
import type { Reason } from "../lib/wire/Reason";
import type { UserError } from "../lib/wire/UserError";

/** The reasons that can be given, as a person reads them. */
export const REASONS: readonly { reason: Reason; says: string; said: string }[] = [
  { reason: "intended", says: "It is meant to be so", said: "it is meant to be so" },
  { reason: "harmless", says: "It does no harm here", said: "it does no harm here" },
  { reason: "checked", says: "I checked it elsewhere", said: "you checked it elsewhere" },
  { reason: "accepted", says: "I take the risk", said: "you take the risk" },
];

export class Findings implements Found {
  /** The one that is looked at, by its place in the list. */
  current = $state<number | null>(null);
  /** The one to be acknowledged. */
  asking = $state<number | null>(null);
  /** The one whose reasons are asked for: nobody is asked about what was not displayed yet. */
  readonly asked = $derived.by(() => (this.asking !== null && this.displayed(this.asking) ? this.asking : null));
  /** Why Rust did not take the last word, and about which. */
  refused = $state.raw<{ finding: number; says: string } | null>(null);
  /** Where somebody went last: the same again is another visit. */
  #visited = $state.raw<{ finding: number } | null>(null);
  readonly #useful = new SvelteMap<number, boolean>();
  readonly #done = $derived.by(() => new Map(this.session.bar.acknowledged.map((it) => [it.finding, it.reason])));

  constructor(
    readonly session: Session,
    readonly list: readonly Finding[],
    readonly go: (finding: number) => void,
  ) {}

  reason(finding: number): Reason | undefined {
    return this.#done.get(finding);
  }
  displayed(finding: number): boolean {
    return !this.session.bar.not_displayed.includes(finding);
  }
  /** Whether what it is about has to be revealed once before it can be acknowledged. */
  masked(finding: number): boolean {
    return this.session.bar.masked.includes(finding);
  }
  /** Shows what is masked of a finding, or hides it again. */
  async reveal(finding = this.current ?? this.list.findIndex((it) => it.masked !== null)): Promise<void> {
    if (!this.list[finding]?.masked) return;
    this.refused = null;
    if (this.session.masks.revealed === finding) return this.session.masks.conceal();
    if (this.current !== finding) this.visit(finding);
    await this.session.masks.reveal(finding);
  }
  /** Of several that a piece of text has a part of, the worst is drawn, and of those the first. */
  look(findings: readonly number[]): Look | null {
    const weighs = (it: number) => ["blocking", "warning", "note"].indexOf(this.list[it]?.severity ?? "note");
    const worst = findings.reduce((one, next) => (weighs(next) < weighs(one) ? next : one), Math.min(...findings));
    const number = findings.includes(this.current ?? -1) ? (this.current ?? 0) : worst;
    const of = this.list[number];
    if (!of) return null;
    return { severity: of.severity, done: this.#done.has(number), current: number === this.current, number: number + 1 };
  }

  waits(findings: readonly number[]): boolean {
    return findings.some((it) => this.list[it]?.severity !== "note" && !this.displayed(it));
  }
  visited(findings: readonly number[]): boolean {
    return this.#visited !== null && findings.includes(this.#visited.finding);
  }

  visit(finding: number): void {
    this.current = finding;
    this.#visited = { finding };
    if (this.asking !== finding) this.asking = null;
    this.go(finding);
  }
  /** The next one, first those that block and are left. */
  move(by: 1 | -1): void {
    const count = this.list.length;
    if (count === 0) return;
    const from = this.current ?? (by === 1 ? -1 : count);
    this.visit((from + by + count) % count);
  }
  /** To the first that still blocks, after the one that is looked at. */
  next(): void {
    const left = this.session.bar.blocking;
    const after = left.find((it) => it > (this.current ?? -1)) ?? left[0];
    if (after !== undefined) this.visit(after);
  }
  ask(finding = this.current ?? this.session.bar.blocking[0]): void {
    const of = finding === undefined ? undefined : this.list[finding];
    if (finding === undefined || of?.severity !== "blocking" || this.#done.has(finding)) return;
    if (this.current !== finding) this.visit(finding);
    this.refused = null;
    this.asking = finding;
  }
  /** Whether it was of use, once somebody said so while this sheet is open. */
  useful(finding: number): boolean | undefined {
    return this.#useful.get(finding);
  }
  async judge(finding: number, useful: boolean): Promise<void> {
    const of = this.list[finding];
    if (of && (await this.session.judge(of.id, useful))) this.#useful.set(finding, useful);
  }
  /** What it found is no secret where it goes. Only what is revealed can be known to be none. */
  async noSecret(finding: number): Promise<void> {
    const of = this.list[finding];
    if (!of?.masked || this.session.masks.revealed !== finding) return;
    this.#refuse(finding, await this.session.noSecret(of.id));
  }
  async say(finding: number, reason: Reason | null): Promise<void> {
    const of = this.list[finding];
    if (!of) return;
    const refused = await this.session.acknowledge(of.id, reason);
    this.#refuse(finding, refused);
    if (refused) return;
    this.asking = null;
  }
  #refuse(finding: number, refused: UserError | null): void {
    this.refused = refused && { finding, says: `${refused.title} ${refused.hint}` };
  }
}
