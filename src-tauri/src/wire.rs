//! What crosses between Rust and the page. TypeScript is generated from these
//! types, committed, and compared in a test (`UPDATE_WIRE=1` writes them anew).
//!
//! Texts that come from an agent are always [`Segment`]s, which the page puts
//! into text nodes. Times are Unix seconds, digests 64 hexadecimal digits.

/// Derives what every wire type has.
macro_rules! wire {
    ($($(#[$meta:meta])* $kind:ident $name:ident $body:tt)*) => {
        $(
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(test, derive(ts_rs::TS))]
            #[serde(rename_all = "snake_case")]
            $(#[$meta])*
            pub(crate) $kind $name $body
        )*

        /// Every type of this module, as the file that TypeScript reads.
        #[cfg(test)]
        pub(super) fn files() -> std::collections::BTreeMap<String, String> {
            let config = ts_rs::Config::from_env();
            let text = |made: Result<String, ts_rs::ExportError>| made.expect("a type of the wire can be exported");
            [$((
                format!("{}.ts", stringify!($name)),
                text(<$name as ts_rs::TS>::export_to_string(&config)),
            )),*].into()
        }
    };
}

mod app;
mod deciding;
mod desktop;
mod error;
mod finding;
mod opened;
mod queue;
mod reading;
mod sheet;

pub(crate) use app::*;
pub(crate) use deciding::*;
pub(crate) use desktop::*;
pub(crate) use error::*;
pub(crate) use finding::*;
pub(crate) use opened::*;
pub(crate) use queue::*;
pub(crate) use reading::*;
pub(crate) use sheet::*;

/// Every type, as the file that TypeScript reads.
#[cfg(test)]
pub(crate) fn files() -> std::collections::BTreeMap<String, String> {
    [
        app::files(),
        deciding::files(),
        desktop::files(),
        error::files(),
        finding::files(),
        opened::files(),
        queue::files(),
        reading::files(),
        sheet::files(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
