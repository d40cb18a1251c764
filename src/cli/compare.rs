//! `socklab compare`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::interrupt::{INTERRUPTED, Interrupt};
use super::repeat::wide;
use super::{Context, Failure, Outcome, SettingArguments, output};
use crate::experiment::Messages;
use crate::i18n::{Lang, compare as text, repeat};
use crate::lesson::Settings;
use crate::ui::theme::Theme;
use crate::ui::workbench::compare_picture;
use crate::ui::workbench::compare_text::{COLUMNS, cells, sample};
use crate::workbench::compare::{Comparison, Table, records, strategies, write_csv};

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: what do the strategies make of these two messages?
  socklab compare playground --message hello --message 'two\\nlines' --measure")]
pub(super) struct Arguments {
    /// The lesson whose messages are compared; `socklab list` names them
    lesson: String,
    #[command(flatten)]
    settings: SettingArguments,
    /// A message of your own instead of the lesson's; may be given several times
    #[arg(long = "message", value_name = "TEXT")]
    messages: Vec<String>,
    /// Measure the time for 1,000 messages too, on real loopback sockets
    #[arg(long)]
    measure: bool,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Draw the table into this PNG as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// With --out: light theme
    #[arg(long, requires = "out")]
    light: bool,
}

pub(super) fn compare(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    let lesson = context.lesson(&arguments.lesson)?;
    let mut settings = Settings::defaults(&lesson);
    arguments.settings.apply(&lesson, &mut settings, lang)?;
    let messages: Arc<dyn Messages> = if arguments.messages.is_empty() {
        Arc::new(lesson.messages.resolve(&settings))
    } else {
        let own = arguments.messages.iter().map(|m| m.clone().into_bytes());
        Arc::new(own.collect::<Vec<Vec<u8>>>())
    };
    if messages.count() == 0 {
        return Err(Failure::Usage(text::NO_MESSAGES.get(lang).to_owned()));
    }
    let (tell, news) = crossbeam_channel::bounded(1);
    let also = tell.clone();
    let interrupt = Interrupt::watch(move || {
        let _ = also.try_send(());
    });
    let no_thread =
        |why: std::io::Error| Failure::Failed(repeat::NO_THREAD.fill(lang, &[("why", &why)]));
    let waker: crate::workbench::Waker = Arc::new(move || {
        let _ = tell.try_send(());
    });
    let mut comparison = Comparison::start(messages, strategies(&settings.framing), waker.clone())
        .map_err(no_thread)?;
    let wait = |comparison: &Comparison| {
        while comparison.is_surveying() || comparison.is_measuring() {
            let _ = news.recv_timeout(Duration::from_millis(100));
            if interrupt.is_pressed() {
                comparison.cancel();
                return false;
            }
        }
        true
    };
    let mut whole = wait(&comparison);
    if whole && arguments.measure {
        comparison.measure(waker).map_err(no_thread)?;
        whole = wait(&comparison);
    }
    if !whole {
        // Whatever is at work ends before the program does.
        drop(comparison);
        return Err(Failure::Code(INTERRUPTED));
    }
    let table = comparison.read(Table::clone);
    let mut out = output();
    if arguments.csv {
        write_csv(&table, &mut out)?;
    } else if arguments.json {
        let rows = records(&table);
        writeln!(out, "{:#}", json!({ "lesson": lesson.id, "rows": rows }))?;
    } else {
        write_text(&table, lang, &mut out)?;
    }
    out.flush()?;
    if let Some(file) = &arguments.out {
        let image = compare_picture::draw(&table, lang, &Theme::desk(!arguments.light));
        image.save_png(file).map_err(|why| {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("file", &file.display()), ("why", &why)];
            Failure::Failed(text::NOT_SAVED.fill(lang, &values))
        })?;
    }
    Ok(())
}

fn write_text(table: &Table, lang: Lang, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", sample(table, lang))?;
    let mut lines: Vec<Vec<String>> = vec![
        COLUMNS
            .iter()
            .map(|(title, _)| title.get(lang).to_owned())
            .collect(),
    ];
    for row in &table.rows {
        let cells = cells(row, table, lang);
        lines.push(cells.into_iter().map(|cell| cell.words).collect());
    }
    let widths: Vec<usize> = (0..COLUMNS.len())
        .map(|at| lines.iter().map(|line| wide(&line[at])).max().unwrap_or(0))
        .collect();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - wide(cell) + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
