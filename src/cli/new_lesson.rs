//! `socklab new-lesson` and `socklab lesson-schema`

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Failure, Outcome, output};
use crate::i18n::new_lesson as text;
use crate::lesson::{Catalogue, new_lesson as write, schema_text};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The lesson's name: small letters, digits and -; with a number in front, such as 12-my-lesson,
    /// it says where in the list it comes
    name: String,
    /// The folder that holds your lessons; it is made where it is missing
    #[arg(long, value_name = "DIR", default_value = "my-lessons")]
    dir: PathBuf,
}

pub(super) fn new_lesson(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    let new = write(&arguments.dir, &arguments.name)
        .map_err(|error| Failure::Failed(error.said().get(lang)))?;
    let mut out = output();
    writeln!(out, "{}", text::WRITTEN.fill(lang, &[("id", &new.id)]))?;
    for file in &new.files {
        writeln!(out, "  {}", file.display())?;
    }
    if Catalogue::load_embedded().get(&new.id).is_some() {
        writeln!(out, "{}", text::REPLACES.fill(lang, &[("id", &new.id)]))?;
    }
    let (folder, dir) = (new.folder.display(), arguments.dir.display());
    writeln!(
        out,
        "{}",
        text::NEXT.fill(lang, &[("folder", &folder), ("dir", &dir)])
    )?;
    out.flush()?;
    Ok(())
}

pub(super) fn lesson_schema() -> Outcome {
    let mut out = output();
    out.write_all(schema_text().as_bytes())?;
    out.flush()?;
    Ok(())
}
