//! A window of the same toolkit with next to nothing in it: what the app's start and memory are held against.

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!())
}
