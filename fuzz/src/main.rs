//! Drives one target.
//!
//! Built with `--cfg fuzzing` it is libFuzzer, whose arguments it takes; the
//! target's name is in the environment. Else:
//! `countersign-fuzz TARGET FILE...` runs a target on files, and
//! `countersign-fuzz TARGET --seconds N FOLDER` on inputs made at random; one
//! that fails is written into FOLDER.

#![cfg_attr(fuzzing, no_main)]
#![cfg_attr(
    not(fuzzing),
    allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to a terminal")
)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    static TARGET: std::sync::OnceLock<fn(&[u8])> = std::sync::OnceLock::new();
    let run = TARGET.get_or_init(|| {
        let name = std::env::var("COUNTERSIGN_FUZZ").expect("COUNTERSIGN_FUZZ names a target");
        countersign_fuzz::target(&name).expect("there is such a target").run
    });
    run(input);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match driven(&words) {
        Ok(said) => {
            println!("{said}");
            std::process::ExitCode::SUCCESS
        }
        Err(said) => {
            eprintln!("{said}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(fuzzing))]
fn driven(words: &[String]) -> Result<String, String> {
    use std::path::Path;
    use std::time::{Duration, Instant};

    let usage = "countersign-fuzz TARGET FILE... | countersign-fuzz TARGET --seconds N FOLDER";
    let (name, rest) = words.split_first().ok_or(usage)?;
    let target = countersign_fuzz::target(name).ok_or_else(|| format!("there is no target `{name}`"))?;
    if let [option, seconds, folder] = rest
        && option == "--seconds"
    {
        let seconds: u64 = seconds.parse().map_err(|_| usage)?;
        let until = Instant::now() + Duration::from_secs(seconds);
        let made = countersign_fuzz::random::drive(target, u64::MAX, || Instant::now() > until);
        return match made {
            Ok(count) => Ok(format!("{name}: {count} inputs made at random, none failed")),
            Err(input) => {
                let file = Path::new(folder).join("crash");
                let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, input));
                written.map_err(|error| format!("{} could not be written: {error}", file.display()))?;
                Err(format!("{name}: it failed on what is now in {}", file.display()))
            }
        };
    }
    for file in rest {
        let input = std::fs::read(file).map_err(|error| format!("{file} could not be read: {error}"))?;
        println!("{file}");
        (target.run)(&input);
    }
    Ok(format!("{name}: {} files, none failed", rest.len()))
}
