//! Megabytes a second of all rules, and of the automaton alone.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use std::time::Instant;

use countersign_sensitivity::{Reach, Rules};

fn main() {
    let start = Instant::now();
    let rules = Rules::built_in();
    println!("made in {:?}", start.elapsed());
    for path in std::env::args().skip(1) {
        let text = std::fs::read(&path).unwrap();
        let best = |run: &dyn Fn() -> usize| {
            let times = (0..7).map(|_| {
                let start = Instant::now();
                std::hint::black_box(run());
                start.elapsed().as_secs_f64()
            });
            let mut times: Vec<f64> = times.collect();
            times.sort_by(f64::total_cmp);
            text.len() as f64 / times[1] / 1e6
        };
        let alone = best(&|| rules.words_met(&text));
        let all = best(&|| rules.scan(&text, Reach::Public).len());
        let characters = best(&|| countersign_sensitivity::characters(&text).len());
        println!(
            "{path}: {} bytes, words {alone:.0} MB/s ({} hits), all {all:.1} MB/s, {:.2} of it; characters {characters:.0}; {} found",
            text.len(),
            rules.words_met(&text),
            all / alone,
            rules.scan(&text, Reach::Public).len()
        );
    }
}
