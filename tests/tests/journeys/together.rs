//! Several that are alike are read one below the other and signed by one gesture; what warns stands alone.

use countersign_tests::{gate, sealed};

use crate::{open, propose, set_up};

#[test]
fn five_alike_are_signed_by_one_gesture_and_a_sixth_that_warns_stands_alone() {
    sealed(|| {
        let (desktop, person) = set_up();
        let window = &person.window;
        std::fs::create_dir(desktop.path("notes")).unwrap();
        let target = |name: &str| desktop.path("notes").join(name);
        let propose_file = |name: &str, text: &str| {
            let source = desktop.path(&format!("{name}.draft"));
            std::fs::write(&source, text).unwrap();
            let write = format!("{}={}", target(name).display(), source.display());
            propose(&desktop, &["apply", "--write", &write])
        };
        let text = |name: &str| format!("What was said on day {name}.\n");
        let names = ["1", "2", "3", "4", "5"];
        let five = names.map(|name| propose_file(name, &text(name)));
        let sixth = propose_file("6", "A line\rthat is drawn over itself.\n");

        open(&person, &sixth);
        window.part_saying("document", "drawn over itself");
        assert!(!window.has("together"), "it offers nothing");
        open(&person, &five[2]);
        window.part("together").click();
        window.part_saying("group", "5 proposals, one below the other");
        window.part_saying("group", "1 more like these stands alone");
        person.unlock();
        person.wait_for_approve();
        assert!(window.part("approve").text().contains("sign 5 decisions"));
        assert!(names.iter().all(|name| !target(name).exists()));
        person.approve();

        for (name, digest) in names.iter().zip(&five) {
            let told = gate::output(&desktop, &["wait", digest]);
            assert!(told.status.success(), "{told:?}");
            assert_eq!(std::fs::read_to_string(target(name)).unwrap(), text(name));
            open(&person, digest);
            assert_eq!(person.receipt(), ["done"]);
            window.part_saying("answered-by", "together with 4 others");
            let shown = gate::output(&desktop, &["show", digest]);
            let shown = String::from_utf8(shown.stdout).unwrap();
            assert!(shown.contains("answered together with 4 others"), "{shown}");
        }

        // Nobody answered the sixth.
        open(&person, &sixth);
        window.part_saying("document", "drawn over itself");
        assert!(!window.has("answered-by") && !window.has("receipt"));
        let view = gate::output(&desktop, &["--json", "show", &sixth]);
        let said = countersign_core::json::parse_foreign(&view.stdout).unwrap();
        assert_eq!(said["view"]["standing"], "waiting", "{said}");
        assert!(!target("6").exists());
        person.close();
    });
}
