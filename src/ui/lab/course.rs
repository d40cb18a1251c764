//! Where the class is in a lesson: which step, and whether its question is open or answered.

use std::collections::{BTreeMap, BTreeSet};

/// Where a step's beat is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beat {
    /// The text is read, a prediction may be made.
    #[default]
    Ask,
    /// Its calls have been released and are under way.
    Releasing,
    /// They are over; the answer stands on the stage.
    Revealed,
}

/// The most options of a question that hands are counted for.
const OPTIONS: usize = 6;

/// The most hands for one option.
const HANDS: u32 = 9_999;

/// The course of one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The step reached, from 0.
    pub step: usize,
    /// Its beat.
    pub beat: Beat,
    /// The step on show: `step`, or an earlier one under review.
    pub shown: usize,
    /// What was predicted, by step.
    pub predicted: BTreeMap<usize, usize>,
    /// Hands shown in the room for each option, by step.
    pub votes: BTreeMap<usize, Vec<u32>>,
    /// Which option came true, by step, as the run decided.
    pub right: BTreeMap<usize, usize>,
    /// The steps that have been revealed.
    pub revealed: BTreeSet<usize>,
}

impl Course {
    /// Is an earlier step under review?
    pub fn is_reviewing(&self) -> bool {
        self.shown < self.step
    }

    /// Remembers a prediction; too late once the answer stands there.
    pub fn predict(&mut self, step: usize, option: usize) {
        if step == self.step && self.beat == Beat::Ask {
            self.predicted.insert(step, option);
        }
    }

    /// One more hand for an option, while the question is open. The room predicts what most have
    /// shown their hands for; of two with as many, the first.
    pub fn vote(&mut self, step: usize, option: usize) {
        if step != self.step || self.beat != Beat::Ask || option >= OPTIONS {
            return;
        }
        let votes = self.votes.entry(step).or_default();
        if votes.len() <= option {
            votes.resize(option + 1, 0);
        }
        votes[option] = (votes[option] + 1).min(HANDS);
        let most = votes.iter().max().copied().unwrap_or(0);
        if let Some(first) = votes.iter().position(|&n| n == most) {
            self.predicted.insert(step, first);
        }
    }

    /// Shows the step before the one on show.
    pub fn review_back(&mut self) {
        self.shown = self.shown.saturating_sub(1);
    }

    /// The answer stands on the stage: the run says which option came true.
    pub fn reveal(&mut self, right: Option<usize>) {
        self.beat = Beat::Revealed;
        self.revealed.insert(self.step);
        match right {
            Some(option) => self.right.insert(self.step, option),
            None => self.right.remove(&self.step),
        };
    }

    /// Goes on to step `to` of so many; false beyond the last.
    pub fn advance(&mut self, to: usize, steps: usize) -> bool {
        if to >= steps {
            return false;
        }
        self.step = to;
        self.shown = to;
        self.beat = Beat::Ask;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_counts_only_while_the_question_is_open() {
        let mut course = Course::default();
        course.predict(0, 2);
        course.predict(1, 1);
        course.reveal(Some(1));
        course.predict(0, 1);
        assert_eq!(course.predicted, BTreeMap::from([(0, 2)]));
        assert_eq!(course.right.get(&0), Some(&1));
    }

    #[test]
    fn hands_are_counted_while_the_question_is_open_and_the_most_is_the_prediction() {
        let mut course = Course::default();
        for option in [2, 0, 2, 1, 0, 2, 99] {
            course.vote(0, option);
        }
        course.vote(1, 0);
        assert_eq!(course.votes, BTreeMap::from([(0, vec![2, 1, 3])]));
        assert_eq!(course.predicted, BTreeMap::from([(0, 2)]));
        course.vote(0, 0);
        assert_eq!(course.predicted.get(&0), Some(&0), "as many: the first");
        course.reveal(Some(1));
        course.vote(0, 1);
        assert_eq!(course.votes[&0], [3, 1, 3], "too late");
    }

    #[test]
    fn review_never_moves_the_lesson() {
        let mut course = Course::default();
        assert!(course.advance(1, 3));
        assert!(course.advance(2, 3));
        assert!(!course.advance(3, 3));
        course.review_back();
        course.review_back();
        course.review_back();
        assert_eq!((course.shown, course.step), (0, 2));
        assert!(course.is_reviewing());
    }
}
