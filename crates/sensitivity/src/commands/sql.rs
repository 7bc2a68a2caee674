//! Statements of SQL that delete: [`act`].
//!
//! The first words say whether it can be one; what stands there is then read by a parser of
//! SQL, a bounded number of times in a text. What that does not read needs capital letters or
//! a semicolon to count as a statement.

use sqlparser::ast::{AlterColumnOperation, AlterTableOperation, BinaryOperator, Expr, Statement, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::rule::Act;

/// Bytes of a statement that are read.
const LONGEST: usize = 2048;

/// What is dropped.
const THINGS: &[&str] = &[
    "table",
    "database",
    "schema",
    "view",
    "materialized",
    "index",
    "user",
    "role",
    "keyspace",
    "column",
    "sequence",
    "function",
    "procedure",
    "trigger",
    "type",
    "domain",
    "extension",
    "tablespace",
    "owned",
    "login",
    "collection",
    "stream",
    "topic",
    "measurement",
    "series",
    "bucket",
    "retention",
    "continuous",
    "pluggable",
    "synonym",
    "package",
    "server",
    "publication",
    "subscription",
    "policy",
    "rule",
    "cast",
    "aggregate",
    "foreign",
    "temporary",
    "temp",
    "warehouse",
    "stage",
    "pipe",
    "task",
    "share",
    "catalog",
    "namespace",
    "dictionary",
    "partition",
    "graph",
    "constraint",
    "node",
    "event",
    "language",
    "operator",
    "external",
    "global",
    "unique",
    "concurrently",
    "if",
];

/// What the statement at the start of `text` does, and where it ends in `text`.
pub(super) fn act(text: &str, parses: &mut usize) -> Option<(Act, usize)> {
    let lead = text.len() - text.trim_start().len();
    let body = &text[lead..];
    if !begins(body.as_bytes()) {
        return None;
    }
    let end = statement_end(body);
    let statement = body[..end].trim_end();
    let words: Vec<String> = statement
        .split_whitespace()
        .take(60)
        .map(|it| it.trim_end_matches(';').to_ascii_lowercase())
        .collect();
    let nominated = nominated(&words)?;
    let sure = match read(statement, &words[0], parses) {
        Some(Some(act)) => return Some((act, lead + statement.len())),
        Some(None) => return None,
        None => {
            let first = statement.split_whitespace().next().unwrap_or("");
            first.bytes().all(|it| it.is_ascii_uppercase()) || body[end..].starts_with(';')
        }
    };
    let prose = words.iter().skip(1).any(|it| super::prose::is_function_word(it));
    (sure && !prose).then_some((nominated, lead + statement.len()))
}

/// Whether a statement may begin `text`, after blanks of any alphabet: asked before the whole of it is read.
pub(super) fn may_begin(text: &[u8]) -> bool {
    let rest = text.trim_ascii_start();
    rest.first().is_some_and(|it| !it.is_ascii_graphic()) || begins(rest)
}

fn begins(body: &[u8]) -> bool {
    const FIRST: [&[u8]; 12] = [
        b"drop",
        b"truncate",
        b"delete",
        b"update",
        b"alter",
        b"purge",
        b"detach",
        b"optimize",
        b"reset",
        b"revoke",
        b"merge",
        b"with",
    ];
    let word = body.iter().take_while(|it| it.is_ascii_alphabetic()).count();
    body.get(word).is_some_and(u8::is_ascii_whitespace)
        && FIRST.iter().any(|first| first.eq_ignore_ascii_case(&body[..word]))
}

/// Where the statement ends: before a semicolon that is in no quotes, or an empty line.
fn statement_end(body: &str) -> usize {
    let bytes = &body.as_bytes()[..body.len().min(LONGEST)];
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, *byte) {
            (None, b';') => return at,
            (None, b'\n') if bytes.get(at + 1) == Some(&b'\n') => return at,
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), it) if it == open => quote = None,
            _ => {}
        }
    }
    let mut end = bytes.len();
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// What the words say at first sight.
fn nominated(words: &[String]) -> Option<Act> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let has = |it: &str| words.iter().any(|word| word == it);
    match word(0) {
        "drop" if THINGS.contains(&word(1)) && words.len() > 2 => Some(Act::Data),
        "truncate" if word(1) == "table" && words.len() > 2 => Some(Act::Data),
        "truncate" if words.len() > 1 && !word(1).starts_with('-') => Some(Act::Data),
        "delete" if word(1) == "from" && words.len() > 2 => Some(Act::Data),
        "update" if has("set") && statement_sets(words) => Some(Act::Data),
        "alter" if has("drop") || has("modify") || has("type") || has("rename") || has("unused") => {
            Some(Act::Data)
        }
        "alter" if word(1) == "system" || has("offline") || has("single_user") => Some(Act::Stops),
        "purge"
            if matches!(
                word(1),
                "recyclebin" | "dba_recyclebin" | "table" | "index" | "tablespace" | "binary" | "master"
            ) =>
        {
            Some(Act::Data)
        }
        "detach" if has("delete") || word(1) == "database" || word(1) == "partition" => Some(Act::Data),
        "reset" if matches!(word(1), "master" | "slave" | "replica" | "binary") => Some(Act::Data),
        "with" if has("delete") && has("from") && !has("where") => Some(Act::Data),
        _ => None,
    }
}

fn statement_sets(words: &[String]) -> bool {
    words.iter().any(|it| it.contains('=')) && !words.iter().any(|it| it == "where") || has_idle_where(words)
}

/// `WHERE 1=1` and the like.
fn has_idle_where(words: &[String]) -> bool {
    let at = words.iter().position(|it| it == "where");
    at.is_some_and(|at| matches!(words[at + 1..].concat().as_str(), "1=1" | "true" | "1" | "'1'='1'" | "0=0"))
}

/// What a parser of SQL sees: outer `None` when it sees no statement, inner `None` when it does no harm.
fn read(statement: &str, first: &str, parses: &mut usize) -> Option<Option<Act>> {
    *parses = parses.checked_sub(1)?;
    let mut parser = Parser::new(&GenericDialect {}).with_recursion_limit(20).try_with_sql(statement).ok()?;
    let read = parser.parse_statement().ok()?;
    if parser.peek_token().token != sqlparser::tokenizer::Token::EOF {
        return None;
    }
    Some(judged(&read, first))
}

fn judged(statement: &Statement, first: &str) -> Option<Act> {
    match statement {
        Statement::Drop { .. } | Statement::Truncate { .. } => Some(Act::Data),
        Statement::Delete(it) => it.selection.as_ref().is_none_or(is_idle).then_some(Act::Data),
        Statement::Update(it) => it.selection.as_ref().is_none_or(is_idle).then_some(Act::Data),
        Statement::AlterTable(it) => it.operations.iter().find_map(altered),
        // A common table expression that deletes, as the words said.
        Statement::Query(_) => Some(Act::Data),
        _ => matches!(first, "drop" | "purge" | "detach" | "reset").then_some(Act::Data),
    }
}

fn altered(operation: &AlterTableOperation) -> Option<Act> {
    use AlterTableOperation as Op;
    match operation {
        Op::DropColumn { .. }
        | Op::DropPartitions { .. }
        | Op::DropPrimaryKey { .. }
        | Op::DropForeignKey { .. }
        | Op::DropConstraint { .. } => Some(Act::Data),
        Op::RenameColumn { .. } | Op::RenameTable { .. } => Some(Act::Overwrites),
        Op::AlterColumn { op: AlterColumnOperation::SetDataType { .. }, .. } => Some(Act::Overwrites),
        Op::AlterColumn {
            op: AlterColumnOperation::DropNotNull | AlterColumnOperation::DropDefault, ..
        } => Some(Act::Overwrites),
        Op::ModifyColumn { .. }
        | Op::ChangeColumn { .. }
        | Op::DropIndex { .. }
        | Op::DropProjection { .. } => Some(Act::Overwrites),
        _ => None,
    }
}

/// Whether it is true of every row.
fn is_idle(condition: &Expr) -> bool {
    match condition {
        Expr::Value(it) => !matches!(it.value, Value::Boolean(false)),
        Expr::Nested(it) => is_idle(it),
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            matches!(**left, Expr::Value(_)) && left == right
        }
        _ => false,
    }
}
