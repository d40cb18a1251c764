//! Parameters of a run: what a lesson's controls set and its operations read.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number; switches are 0 and 1.
    Int(i64),
    /// A text.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Int(n) => n.fmt(f),
            Value::Text(text) => text.fmt(f),
        }
    }
}

#[derive(Debug)]
enum Cell {
    Int(AtomicI64),
    Text(Mutex<String>),
}

/// The parameters of one run, shared by its actors.
///
/// The set of names is fixed when the run starts; values may change while it runs and are
/// read again at every operation, so a live parameter takes effect at the next call.
#[derive(Clone, Debug, Default)]
pub struct Params(Arc<BTreeMap<String, Cell>>);

impl Params {
    /// Parameters with their first values.
    pub fn new(values: impl IntoIterator<Item = (String, Value)>) -> Self {
        let cell = |value| match value {
            Value::Int(n) => Cell::Int(AtomicI64::new(n)),
            Value::Text(text) => Cell::Text(Mutex::new(text)),
        };
        Params(Arc::new(
            values
                .into_iter()
                .map(|(name, value)| (name, cell(value)))
                .collect(),
        ))
    }

    /// The number of that name; a text counts as the number it spells.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Cell::Int(n) => Some(n.load(Ordering::Relaxed)),
            Cell::Text(text) => lock(text).trim().parse().ok(),
        }
    }

    /// The value of that name as text.
    pub fn text(&self, name: &str) -> Option<String> {
        Some(match self.0.get(name)? {
            Cell::Int(n) => n.load(Ordering::Relaxed).to_string(),
            Cell::Text(text) => lock(text).clone(),
        })
    }

    /// Sets a parameter that exists; a number is not accepted where a text stands, nor the
    /// other way round. Returns whether it was set.
    pub fn set(&self, name: &str, value: &Value) -> bool {
        match (self.0.get(name), value) {
            (Some(Cell::Int(cell)), Value::Int(n)) => {
                cell.store(*n, Ordering::Relaxed);
                true
            }
            (Some(Cell::Text(cell)), Value::Text(text)) => {
                lock(cell).clone_from(text);
                true
            }
            _ => false,
        }
    }
}

fn lock(text: &Mutex<String>) -> std::sync::MutexGuard<'_, String> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_change_is_seen_by_every_clone_and_types_are_kept() {
        let params = Params::new([
            ("recv_size".to_owned(), Value::Int(1024)),
            ("text".to_owned(), Value::Text("hello".into())),
        ]);
        let other = params.clone();
        assert!(params.set("recv_size", &Value::Int(5)));
        assert_eq!(other.int("recv_size"), Some(5));
        assert!(!params.set("recv_size", &Value::Text("x".into())));
        assert!(!params.set("nowhere", &Value::Int(1)));
        assert_eq!(other.text("text").as_deref(), Some("hello"));
        assert_eq!(other.int("text"), None);
    }
}
