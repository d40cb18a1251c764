//! How often each size occurred: exact counts, within bounds.

use std::collections::{BTreeMap, BTreeSet};

/// Different sizes counted one by one, at most.
const MOST_SIZES: usize = 512;

/// How often each size occurred. Exact for the 512 smallest sizes that occur; all larger ones are
/// counted together, so that no program can make it grow without bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    counts: BTreeMap<u64, u64>,
    /// Sizes from this one on are counted together.
    larger_from: Option<u64>,
    larger: u64,
    total: u64,
}

/// One bar: the sizes `from..=to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Smallest size in it.
    pub from: u64,
    /// Largest size in it; `None`: no end ("and larger").
    pub to: Option<u64>,
}

impl Sizes {
    /// Counts one more of that size. Which sizes are counted one by one does not depend on the
    /// order in which they come.
    pub fn add(&mut self, size: u64) {
        self.total += 1;
        if self.larger_from.is_some_and(|from| size >= from) {
            self.larger += 1;
            return;
        }
        *self.counts.entry(size).or_default() += 1;
        if self.counts.len() > MOST_SIZES
            && let Some((largest, count)) = self.counts.pop_last()
        {
            self.larger_from = Some(largest);
            self.larger += count;
        }
    }

    /// Sizes counted, all together.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Each size with its count, in order of size.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.counts.iter().map(|(&size, &count)| (size, count))
    }

    /// Those counted together: from which size on, and how many. `None`: there are none.
    pub fn larger(&self) -> Option<(u64, u64)> {
        self.larger_from.map(|from| (from, self.larger))
    }

    /// How many fall into `bin`. Those counted together fall into the bin without an end.
    pub fn count(&self, bin: Bin) -> u64 {
        match bin.to {
            Some(to) if bin.from <= to => self.counts.range(bin.from..=to).map(|(_, n)| n).sum(),
            Some(_) => 0,
            None => self.counts.range(bin.from..).map(|(_, n)| n).sum::<u64>() + self.larger,
        }
    }
}

/// The bars for several histograms on one axis: one per size that occurs anywhere, if they are no
/// more than `most` (at least 2); otherwise ranges of equal width. In order, and no size that
/// occurs is left out.
pub fn bins<'a>(all: impl IntoIterator<Item = &'a Sizes>, most: usize) -> Vec<Bin> {
    let mut sizes = BTreeSet::new();
    let mut open_from: Option<u64> = None;
    for one in all {
        sizes.extend(one.iter().map(|(size, _)| size));
        if let Some((from, _)) = one.larger() {
            open_from = Some(open_from.map_or(from, |other| other.min(from)));
        }
    }
    if let Some(from) = open_from {
        sizes.split_off(&from);
    }
    let most = most.max(2) - usize::from(open_from.is_some());
    let mut bins: Vec<Bin> = match (sizes.first(), sizes.last()) {
        (Some(&first), Some(&last)) if sizes.len() > most => {
            let width = (last - first) / most as u64 + 1;
            (0..most as u64)
                .map(|i| first + i * width)
                .take_while(|&from| from <= last)
                .map(|from| Bin {
                    from,
                    to: Some((from + (width - 1)).min(last)),
                })
                .collect()
        }
        _ => sizes
            .iter()
            .map(|&size| Bin {
                from: size,
                to: Some(size),
            })
            .collect(),
    };
    if let Some(from) = open_from {
        bins.push(Bin { from, to: None });
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_bar_per_size_and_the_largest_together() {
        let mut sizes = Sizes::default();
        for size in (0..1000).rev() {
            sizes.add(size);
            sizes.add(size);
        }
        assert_eq!(sizes.larger(), Some((512, 976)));
        assert_eq!(
            sizes.count(Bin {
                from: 511,
                to: None
            }),
            978
        );
        let bins = bins([&sizes], 10);
        assert_eq!(bins.len(), 10);
        assert_eq!(
            bins.last(),
            Some(&Bin {
                from: 512,
                to: None
            })
        );
    }

    proptest! {
        #[test]
        fn bins_hold_everything_once_whatever_the_order(
            mut sizes in prop::collection::vec(0u64..3000, 0..2000),
            other in prop::collection::vec(0u64..5000, 0..900),
            most in 2usize..40,
        ) {
            let gather = |sizes: &[u64]| {
                let mut all = Sizes::default();
                for &size in sizes {
                    all.add(size);
                }
                all
            };
            let (one, two) = (gather(&sizes), gather(&other));
            let bins = bins([&one, &two], most);
            prop_assert!(bins.len() <= most);
            for all in [&one, &two] {
                let sum: u64 = bins.iter().map(|&bin| all.count(bin)).sum();
                prop_assert_eq!(sum, all.total());
            }
            for pair in bins.windows(2) {
                prop_assert!(pair[0].to.is_some_and(|to| to < pair[1].from));
            }
            sizes.reverse();
            prop_assert_eq!(gather(&sizes), one);
        }
    }
}
