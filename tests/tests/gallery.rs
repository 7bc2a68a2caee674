//! Every screen in every state, in the engine that the window is drawn with:
//! axe-core at WCAG 2.2 AA, what only sizes tell, and what only a picture
//! tells.
//!
//! Usually each scene is looked at once, in a theme and at a size that change
//! from scene to scene. With `COUNTERSIGN_ALL` each is looked at in both
//! themes at every size.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_tests::gallery::{self, Gallery, SIZES, Size, THEMES};
use countersign_tests::{Desktop, sealed};

fn open(size: Size) -> (Desktop, Gallery) {
    let mut desktop = Desktop::start();
    let gallery = Gallery::open(&mut desktop, size);
    assert!(gallery.scenes.len() > 50, "{:?}", gallery.scenes);
    (desktop, gallery)
}

/// Looks at the scenes that are due at the size of this number.
#[track_caller]
fn look(number: usize, themes: &[usize]) {
    let all = std::env::var_os("COUNTERSIGN_ALL").is_some();
    let (_desktop, gallery) = open(SIZES[number]);
    let mut found = vec![];
    for (place, scene) in gallery.scenes.iter().enumerate() {
        for &theme in themes {
            let due = place % SIZES.len() == number && (place / SIZES.len()) % THEMES.len() == theme;
            if !all && !due {
                continue;
            }
            let mut lines = gallery.show(scene, THEMES[theme]);
            // What is only there for a moment is measured first.
            lines.extend(gallery.measured());
            lines.extend(gallery.accessible());
            lines.extend(gallery.painted());
            lines.extend(gallery.walked());
            let name = gallery::picture_name(scene, THEMES[theme], SIZES[number]);
            found.extend(lines.into_iter().map(|line| (name.clone(), line)));
        }
    }
    gallery.close();
    assert!(found.is_empty(), "{} found\n{}", found.len(), gallery::report(&found));
}

#[test]
fn nothing_is_wrong_in_light_at_the_usual_size() {
    sealed(|| look(0, &[0]));
}

#[test]
fn nothing_is_wrong_in_dark_at_the_usual_size() {
    sealed(|| look(0, &[1]));
}

#[test]
fn nothing_is_wrong_in_light_at_the_smallest_size() {
    sealed(|| look(1, &[0]));
}

#[test]
fn nothing_is_wrong_in_dark_at_the_smallest_size() {
    sealed(|| look(1, &[1]));
}

#[test]
fn nothing_is_wrong_in_light_at_200_percent() {
    sealed(|| look(2, &[0]));
}

#[test]
fn nothing_is_wrong_in_dark_at_200_percent() {
    sealed(|| look(2, &[1]));
}

/// What is planted, and how the line that finds it begins.
const PLANTED: [(&str, &str); 10] = [
    ("<p class=planted id=contrast>too faint to read</p>", "axe color-contrast: div#app > p#contrast"),
    ("<button class=planted id=nameless></button>", "axe button-name: div#app > button#nameless"),
    ("<img class=planted id=picture src=x.png>", "axe image-alt: div#app > img#picture"),
    ("<button class=planted id=tiny>x</button>", "small: div#app > button#tiny"),
    ("<p class=planted id=blank>there, and nowhere to be seen</p>", "not painted: div#app > p#blank"),
    (
        "<div class=planted id=box><p>words that go on behind its edge</p></div>",
        "text is cut: div#box.planted > p",
    ),
    (
        "<div class=planted id=wide><p>one that has to be moved aside to be read</p></div>",
        "scrolls sideways: div#app > div#wide",
    ),
    (
        "<button class=planted id=ringless>No ring around this</button>",
        "no focus ring: div#app > button#ringless",
    ),
    (
        "<button class=planted id=under>Under something</button><div class=planted id=over></div>",
        "focus is covered: div#app > button#under",
    ),
    (
        "<div class=planted role=button id=lost>Not to be reached</div>",
        "not reached by Tab: div#app > div#lost",
    ),
];
const STYLE: &str = "<style>
    .planted { position: fixed; left: 200px; top: 200px; background: white; color: black; z-index: 9 }
    button.planted { width: 120px; height: 40px }
    #contrast { color: #ccc } #blank { color: transparent } #tiny.planted { width: 20px; height: 20px }
    #box { width: 60px; overflow: hidden; white-space: nowrap } #wide { width: 60px; overflow-x: auto; white-space: nowrap }
    #ringless { outline: none !important } #over { width: 120px; height: 40px }
</style>";

#[test]
fn what_is_planted_is_found() {
    sealed(|| {
        let (_desktop, gallery) = open(SIZES[0]);
        for (html, begins) in PLANTED {
            gallery.show("queue-empty", "light");
            gallery.script(&gallery::plant(&format!("{STYLE}{html}")));
            let mut lines = gallery.painted();
            lines.extend(gallery.measured());
            lines.extend(gallery.accessible());
            lines.extend(gallery.walked());
            assert!(lines.iter().any(|line| line.starts_with(begins)), "{begins}\n{}", lines.join("\n"));
        }
        gallery.close();
    });
}

#[test]
fn a_scene_that_cannot_be_reached_is_said() {
    sealed(|| {
        let (_desktop, gallery) = open(SIZES[0]);
        assert_eq!(
            gallery.show("no-such-scene", "light"),
            ["the scene does not come: Error: there is no scene no-such-scene"]
        );
        gallery.close();
    });
}

/// Scrolls until the first block that moved lies under the head of its document, and then puts the focus there.
const UNDER_THE_HEAD: &str = "
const top = (selector) => document.querySelector(selector)?.getBoundingClientRect().top;
const frames = async () => {
  for (let n = 0; n < 4; n += 1) await new Promise((done) => requestAnimationFrame(done));
};
return (async () => {
  const scroller = document.querySelector('.scroller');
  for (let turn = 0; turn < 40 && top('.docbar') + 4 !== top('button.moved'); turn += 1) {
    scroller.scrollTop += top('button.moved') === undefined ? 40 : top('button.moved') - top('.docbar') - 4;
    await frames();
  }
  const moved = document.querySelector('button.moved');
  const { left, top: high, width, height } = moved.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, high + height / 2);
  moved.focus();
  await frames();
  return [over.closest('.docbar') !== null, await gallery.measure.stop()];
})();";

#[test]
fn what_has_the_focus_comes_out_from_under_the_head_of_its_document() {
    sealed(|| {
        let (_desktop, gallery) = open(SIZES[2]);
        gallery.show("sheet-moved", "dark");
        gallery.script("gallery.measure.begin()");
        assert_eq!(gallery.script(UNDER_THE_HEAD), serde_json::json!([true, []]));
        gallery.close();
    });
}

/// Decision 32: drawn in layers, this engine leaves out lines that go on where rows are positioned.
#[test]
fn a_command_that_goes_on_is_painted_at_200_percent() {
    sealed(|| {
        for open in [Gallery::open, Gallery::open_composited] {
            let mut desktop = Desktop::start();
            let gallery = open(&mut desktop, SIZES[2]);
            for scene in ["sheet-run-line", "sheet-going-on"] {
                gallery.show(scene, "light");
                assert_eq!(gallery.painted(), [""; 0], "{scene}");
            }
            gallery.close();
        }
    });
}
