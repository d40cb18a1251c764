//! Very many rows, a page at a time.

use std::ops::Range;

/// Rows that can be scrolled to at once: positions are 32-bit floats.
const PAGE: usize = 200_000;

/// Which page is shown.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// `None`: the last, which goes on with the run.
    shown: Option<usize>,
}

impl Pages {
    /// The last page of `count` rows; the first is 0.
    pub(super) fn last(count: usize) -> usize {
        count.saturating_sub(1) / PAGE
    }

    fn at(&self, count: usize) -> usize {
        let last = Self::last(count);
        self.shown.map_or(last, |page| page.min(last))
    }

    /// The rows that are shown of `count`.
    pub(super) fn rows(&self, count: usize) -> Range<usize> {
        let start = self.at(count) * PAGE;
        start..(start + PAGE).min(count)
    }

    /// The page before the one that is shown.
    pub(super) fn earlier(&self, count: usize) -> Option<usize> {
        self.at(count).checked_sub(1)
    }

    /// The page after the one that is shown.
    pub(super) fn later(&self, count: usize) -> Option<usize> {
        let at = self.at(count);
        (at < Self::last(count)).then_some(at + 1)
    }

    /// Shows `page` of `count` rows.
    pub(super) fn turn_to(&mut self, page: usize, count: usize) {
        self.shown = (page < Self::last(count)).then_some(page);
    }

    /// Shows the page that has `row`.
    pub(super) fn seek(&mut self, row: usize) {
        self.shown = Some(row / PAGE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_page_goes_on_with_the_run() {
        let mut pages = Pages::default();
        assert_eq!(pages.rows(0), 0..0);
        assert_eq!(pages.rows(PAGE), 0..PAGE);
        assert_eq!(pages.later(PAGE), None);
        // A row more, and the page is another.
        assert_eq!(pages.rows(PAGE + 1), PAGE..PAGE + 1);
        let earlier = pages.earlier(PAGE + 1).unwrap();
        pages.turn_to(earlier, PAGE + 1);
        assert_eq!(pages.rows(3 * PAGE), 0..PAGE);
        // Turned to the last, it follows again.
        pages.turn_to(2, 3 * PAGE);
        assert_eq!(pages.rows(3 * PAGE + 5), 3 * PAGE..3 * PAGE + 5);
    }

    proptest! {
        #[test]
        fn every_row_is_on_one_page(count in 1usize..5 * PAGE, row in 0usize..5 * PAGE) {
            let row = row % count;
            let mut pages = Pages::default();
            pages.seek(row);
            let rows = pages.rows(count);
            prop_assert!(rows.contains(&row));
            prop_assert!(rows.end <= count && rows.len() <= PAGE);
            // The pages before and after touch it.
            if let Some(page) = pages.earlier(count) {
                pages.turn_to(page, count);
                prop_assert_eq!(pages.rows(count).end, rows.start);
                let back = pages.later(count).unwrap();
                pages.turn_to(back, count);
                prop_assert_eq!(pages.rows(count), rows);
            } else {
                prop_assert_eq!(rows.start, 0);
            }
        }
    }
}
