//! Each target for a moment: its seeds, and some inputs made of them.

use countersign_fuzz::{TARGETS, random};

#[test]
fn no_target_fails_on_its_seeds_or_near_them() {
    for target in &TARGETS {
        assert!(random::seeds(target).len() > 1, "{} has seeds", target.name);
        let failed = random::drive(target, 300, || false).err();
        assert_eq!(failed.map(|it| it.escape_ascii().to_string()), None, "{}", target.name);
    }
}
