// Answers about one thing that overtake each other on the way: which may be taken.

export class Order {
  #asked = 0;
  /** The latest question that was answered. */
  #answered = 0;

  /** The number of a question that is asked now. */
  ask(): number {
    return (this.#asked += 1);
  }

  /** Takes an answer, unless that to a later question was there first: it may not know of what came between. */
  takes(question: number): boolean {
    if (question <= this.#answered) return false;
    this.#answered = question;
    return true;
  }

  /** Whether nothing was asked after it, and nothing is known that is newer. */
  isLatest(question: number): boolean {
    return question === this.#asked && question > this.#answered;
  }

  /** What is known now is newer than every answer on its way. */
  overtake(): void {
    this.#answered = this.#asked;
  }
}
