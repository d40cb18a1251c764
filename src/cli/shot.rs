//! `socklab shot`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Context, Failure, Outcome, SettingArguments};
use crate::i18n::{Lang, cli as text};
use crate::lesson::Settings;
use crate::ui::lab::{Beat, Picture, Prefs};

/// How long a run may take to come to rest before the picture is taken.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which lesson; `socklab list` names them
    #[arg(required_unless_present = "all")]
    lesson: Option<String>,
    /// Where to write the PNG
    #[arg(long, value_name = "FILE", required_unless_present = "all")]
    out: Option<PathBuf>,
    /// Render the pictures of the README into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["lesson", "out"])]
    all: Option<PathBuf>,
    /// Size of the window in points
    #[arg(long, value_name = "WxH", default_value = "1280x800")]
    size: String,
    /// Zoom, as Ctrl + gives it
    #[arg(long, default_value_t = 1.0)]
    zoom: f32,
    /// Light theme
    #[arg(long)]
    light: bool,
    /// Presenter mode
    #[arg(long)]
    presenter: bool,
    /// How often to press the clicker's "next"; without it the lesson runs freely to its end
    #[arg(long, value_name = "N")]
    beats: Option<u32>,
    #[command(flatten)]
    settings: SettingArguments,
}

pub(super) fn shot(context: &Context, arguments: &Arguments) -> Outcome {
    if let Some(folder) = &arguments.all {
        return all(context, folder);
    }
    let (Some(id), Some(out)) = (&arguments.lesson, &arguments.out) else {
        return Ok(());
    };
    let lesson = context.lesson(id)?;
    let mut settings = Settings::defaults(&lesson);
    arguments
        .settings
        .apply(&lesson, &mut settings, context.lang)?;
    let size = parse_size(&arguments.size).ok_or_else(|| {
        Failure::Usage(text::SHOT_SIZE.fill(context.lang, &[("given", &arguments.size)]))
    })?;
    let changes = settings.to_pairs();
    let mut picture = picture(
        context,
        id,
        size,
        arguments.zoom,
        &Look {
            lang: context.lang,
            dark: !arguments.light,
            presenter: arguments.presenter,
        },
    );
    picture.set(&changes);
    match arguments.beats {
        Some(beats) => {
            for _ in 0..beats {
                beat(&mut picture)?;
            }
        }
        None => picture.run_to_end(PATIENCE).map_err(Failure::Failed)?,
    }
    write(&mut picture, out, context.lang)
}

struct Look {
    lang: Lang,
    dark: bool,
    presenter: bool,
}

fn picture(context: &Context, lesson: &str, size: [f32; 2], zoom: f32, look: &Look) -> Picture {
    let prefs = Prefs {
        lang: look.lang,
        dark: look.dark,
        presenter: look.presenter,
        lesson: lesson.to_owned(),
        ..Prefs::default()
    };
    Picture::new(prefs, context.lessons.as_deref(), size, zoom)
}

fn beat(picture: &mut Picture) -> Outcome {
    picture.beat();
    let deadline = Instant::now() + PATIENCE;
    while picture.lab().course().beat == Beat::Releasing {
        picture.wait();
        if Instant::now() > deadline {
            return Err(Failure::Failed(
                "the released calls did not come to rest within 30 s".to_owned(),
            ));
        }
    }
    Ok(())
}

fn write(picture: &mut Picture, file: &Path, lang: Lang) -> Outcome {
    let image = picture.take();
    image
        .save_png(file)
        .map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
    println!(
        "{}",
        text::SHOT_DONE.fill(
            lang,
            &[
                ("file", &file.display()),
                ("width", &image.width),
                ("height", &image.height),
            ]
        )
    );
    Ok(())
}

fn parse_size(text: &str) -> Option<[f32; 2]> {
    let (width, height) = text.split_once(['x', 'X', '×'])?;
    let (width, height): (u16, u16) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    ((640..=3840).contains(&width) && (480..=2160).contains(&height))
        .then_some([f32::from(width), f32::from(height)])
}

/// The pictures of the README, each from a real run.
fn all(context: &Context, folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    let (en, zh) = (Lang::En, Lang::Zh);
    let scenes: &[(&str, &str, Look, [f32; 2], f32, u32)] = &[
        (
            "sticky-merge-en-dark",
            "sticky-merge",
            Look {
                lang: en,
                dark: true,
                presenter: false,
            },
            [1280.0, 800.0],
            1.0,
            4,
        ),
        (
            "sticky-merge-zh-light",
            "sticky-merge",
            Look {
                lang: zh,
                dark: false,
                presenter: false,
            },
            [1280.0, 800.0],
            1.0,
            4,
        ),
        (
            "sticky-split-en-light",
            "sticky-split",
            Look {
                lang: en,
                dark: false,
                presenter: false,
            },
            [1280.0, 800.0],
            1.0,
            4,
        ),
        (
            "sticky-split-zh-dark",
            "sticky-split",
            Look {
                lang: zh,
                dark: true,
                presenter: false,
            },
            [1280.0, 800.0],
            1.0,
            4,
        ),
        (
            "presenter-zh-dark",
            "sticky-merge",
            Look {
                lang: zh,
                dark: true,
                presenter: true,
            },
            [1280.0, 800.0],
            1.0,
            4,
        ),
        (
            "small-en-dark",
            "sticky-merge",
            Look {
                lang: en,
                dark: true,
                presenter: false,
            },
            [1024.0, 768.0],
            1.0,
            4,
        ),
    ];
    for (name, lesson, look, size, zoom, beats) in scenes {
        let mut picture = picture(context, lesson, *size, *zoom, look);
        for _ in 0..*beats {
            beat(&mut picture)?;
        }
        write(
            &mut picture,
            &folder.join(format!("{name}.png")),
            context.lang,
        )?;
    }
    Ok(())
}
