//! Every command of the page, so that a window may call these and no others.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "state",
        "queue",
        "queue_page",
        "history",
        "search",
        "snooze",
        "unsnooze",
        "open",
        "rows",
        "shown",
        "seen",
        "bar",
        "decide",
        "withdraw",
        "resolve",
        "lift",
        "agents",
        "halt",
        "dismiss_clock",
        "practice",
        "removal",
        "remove_all",
        "unlock",
        "lock",
        "set_up",
        "create_gate",
        "start_gate",
        "change_passphrase",
        "backup",
        "restore",
        "delete_key",
        "wanted",
        "preferences",
        "set_preferences",
        "desktop",
        "try_notification",
    ]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .expect("the window's configuration");
}
