// What can honestly be said of a passphrase that was typed: Rust's rule, and
// beyond it length and variety. Nobody can measure how guessable words are.

/** Rust's rule, said before it is broken. */
const LEAST = 12;

export type Strength = { level: 0 | 1 | 2 | 3; says: string };

export function strength(typed: string): Strength {
  const letters = [...typed];
  const short = LEAST - letters.length;
  if (letters.length === 0) return { level: 0, says: `At least ${LEAST} characters. Four or five unrelated words are strong.` };
  if (short > 0) return { level: 0, says: `Too short by ${short} ${short === 1 ? "character" : "characters"}.` };
  const different = new Set(letters.map((it) => it.toLowerCase())).size;
  if (different === 1) return { level: 0, says: "One character over and over is refused." };
  const words = new Set(typed.toLowerCase().split(/[\s\-_.,;:]+/).filter((it) => it.length > 2)).size;
  if (different < 6 || run(letters) >= letters.length * 0.6) return { level: 1, says: "Weak: it repeats, or goes on as a keyboard or the alphabet does. It is taken all the same." };
  if (words >= 5 || letters.length >= 28) return { level: 3, says: "Strong, if the words have nothing to do with each other or with you." };
  if (words >= 4 || letters.length >= 20) return { level: 2, says: "Good, if it is no saying and no line of a song. One more word makes it strong." };
  return { level: 1, says: "Enough to be taken, weak against somebody who copied your disk. Add a word or two." };
}

const ROWS = ["abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"];

/** How many characters follow the one before them as on a keyboard, in the alphabet, or as the same again. */
function run(letters: string[]): number {
  let n = 0;
  for (let i = 1; i < letters.length; i += 1) {
    const pair = `${letters[i - 1]}${letters[i]}`.toLowerCase();
    const back = [...pair].reverse().join("");
    if (pair === back || ROWS.some((row) => row.includes(pair) || row.includes(back))) n += 1;
  }
  return n;
}
