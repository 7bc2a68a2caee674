use countersign_sensitivity::{Reach, Rules};
use std::time::Instant;
fn rss() -> u64 {
    std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse::<u64>().unwrap()
        * 4
}
fn main() {
    let a = rss();
    let t = Instant::now();
    let rules = Rules::built_in();
    println!("built {:?} rss +{} KiB", t.elapsed(), rss() - a);
    let t = Instant::now();
    let text = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    let n = rules.scan(&text, Reach::Public).len();
    println!("first scan {:?} {n} of {} rss +{} KiB", t.elapsed(), text.len(), rss() - a);
    for s in [
        "inbox/2024-05-03 Re: meeting.eml",
        "src/main.rs",
        "Weekly report for the team",
        "someone@example.com",
        "docs/a-very-long-name-of-a-file-with-many-parts-2024.txt",
    ] {
        let t = Instant::now();
        for _ in 0..10000 {
            std::hint::black_box(rules.scan(s.as_bytes(), Reach::Public));
        }
        println!("{s}: {:?} each", t.elapsed() / 10000);
    }
}
