//! All claims and tasks of many lessons, several at a time: nearly all of their time they wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{CheckReport, Lesson, run_check, run_task};

/// What a lesson says and real runs can refute, by its place in the lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Of [`Lesson::checks`].
    Claim(usize),
    /// Of [`Lesson::tasks`].
    Task(usize),
}

/// Holds every claim and every task of these lessons against real runs, `jobs` at a time (0 counts
/// as 1), and hands over each report with its lesson's index, in the order of the lessons.
///
/// # Errors
/// The first that `each` gives; nothing new is begun after it.
pub fn check_all<E>(
    lessons: &[Arc<Lesson>],
    jobs: usize,
    mut each: impl FnMut(usize, Subject, CheckReport) -> Result<(), E>,
) -> Result<(), E> {
    let subjects: Vec<(usize, Subject)> = lessons
        .iter()
        .enumerate()
        .flat_map(|(at, lesson)| {
            let claims = (0..lesson.checks.len()).map(Subject::Claim);
            let tasks = (0..lesson.tasks.len()).map(Subject::Task);
            claims.chain(tasks).map(move |subject| (at, subject))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let (done, reports) = crossbeam_channel::bounded(subjects.len());
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            let (done, next, subjects) = (done.clone(), &next, &subjects);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&(lesson, subject)) = subjects.get(at) else {
                        return;
                    };
                    let report = hold(&lessons[lesson], subject);
                    if done.send((at, report)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        for (at, &(lesson, subject)) in subjects.iter().enumerate() {
            let report = loop {
                if let Some(report) = early.remove(&at) {
                    break report;
                }
                match reports.recv() {
                    Ok((at, report)) => early.insert(at, report),
                    // A thread has panicked; so does the scope.
                    Err(_) => return Ok(()),
                };
            };
            if let Err(error) = each(lesson, subject, report) {
                next.store(subjects.len(), Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    })
}

fn hold(lesson: &Lesson, subject: Subject) -> CheckReport {
    match subject {
        Subject::Claim(at) => run_check(lesson, &lesson.checks[at], |settings, release| {
            lesson.run_headless(settings, release)
        }),
        Subject::Task(at) => run_task(lesson, &lesson.tasks[at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Catalogue;

    fn two_lessons() -> Vec<Arc<Lesson>> {
        let catalogue = Catalogue::load_embedded();
        ["sticky-merge", "length-prefix"]
            .map(|id| Arc::clone(catalogue.get(id).expect("embedded")))
            .to_vec()
    }

    #[test]
    fn reports_come_in_order_however_many_jobs() {
        let lessons = two_lessons();
        for jobs in [1, 5] {
            let mut names = Vec::new();
            let all = check_all(&lessons, jobs, |at, subject, report| {
                assert_eq!(report.lesson, lessons[at].id);
                assert!(!report.failed(), "{report:?}");
                names.push(match subject {
                    Subject::Claim(claim) => lessons[at].checks[claim].id.clone(),
                    Subject::Task(task) => format!("task-{}", lessons[at].tasks[task].id),
                });
                assert_eq!(names.last(), Some(&report.check));
                Ok::<(), String>(())
            });
            assert_eq!(all, Ok(()));
            let written: Vec<String> = lessons
                .iter()
                .flat_map(|lesson| {
                    let claims = lesson.checks.iter().map(|check| check.id.clone());
                    let tasks = lesson.tasks.iter().map(|task| format!("task-{}", task.id));
                    claims.chain(tasks)
                })
                .collect();
            assert_eq!(names, written, "{jobs} jobs");
        }
    }

    #[test]
    fn an_error_ends_it() {
        let mut handed = 0;
        let all = check_all(&two_lessons(), 2, |_, _, _| {
            handed += 1;
            Err("the reader has gone")
        });
        assert_eq!((all, handed), (Err("the reader has gone"), 1));
    }
}
