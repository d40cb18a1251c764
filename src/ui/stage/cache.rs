//! Results that stay the same while nothing is appended and nothing moves: an idle picture of a
//! million events costs what one of ten does.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use egui::{Context, Id};

/// The value made for `key` the last time under `id`, or a new one. A key must tell apart
/// everything that `make` reads.
pub(super) fn cached<T: Send + Sync + 'static>(
    ctx: &Context,
    id: Id,
    key: impl Hash,
    make: impl FnOnce() -> T,
) -> Arc<T> {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let key = hasher.finish();
    let kept: Option<(u64, Arc<T>)> = ctx.data(|d| d.get_temp(id));
    if let Some((old, value)) = kept
        && old == key
    {
        return value;
    }
    let value = Arc::new(make());
    ctx.data_mut(|d| d.insert_temp(id, (key, Arc::clone(&value))));
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_per_key() {
        let ctx = Context::default();
        let id = Id::unique("test");
        let mut made = 0;
        for key in [1, 1, 2, 2, 1] {
            let value = cached(&ctx, id, key, || {
                made += 1;
                key * 10
            });
            assert_eq!(*value, key * 10);
        }
        assert_eq!(made, 3);
    }
}
