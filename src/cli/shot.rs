//! `socklab shot`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::builder::PossibleValuesParser;

use super::{CaptureArguments, Context, Failure, Outcome, SettingArguments, output};
use crate::i18n::{Lang, cli as text};
use crate::lesson::{ATTACK, FRAMING, Settings};
use crate::ui::centre::Centre;
use crate::ui::command::Command;
use crate::ui::lab::{Beat, Picture, Prefs};
use crate::ui::packets::{Inspector, Tab as PacketTab};
use crate::ui::raster::Image;
use crate::ui::reference::{Page, Wish};
use crate::ui::segments::Tab as SegmentTab;
use crate::ui::workbench::{Action, ProveAction, Tab};

/// How long a run may take to come to rest before the picture is taken.
const PATIENCE: Duration = Duration::from_secs(30);

/// The zooms that the window knows too.
const ZOOM: std::ops::RangeInclusive<f32> = 0.5..=3.0;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which lesson; `socklab list` names them
    #[arg(required_unless_present_any = ["all", "capture", "contact"])]
    lesson: Option<String>,
    /// Show a capture file instead of a lesson
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lesson", "beats"])]
    capture: Option<PathBuf>,
    /// Of a capture, or of a captured run: the packet to choose, by its number
    #[arg(long, value_name = "N")]
    packet: Option<u32>,
    /// Of packets: which to list
    #[arg(long, value_name = "EXPRESSION")]
    filter: Option<String>,
    /// Of packets: what to show of the chosen one
    #[arg(long, value_enum)]
    tab: Option<TabArgument>,
    /// Of packets: choose the field of that name
    #[arg(long, value_name = "FIELD", requires = "packet")]
    field: Option<String>,
    /// Where to write the PNG
    #[arg(long, value_name = "FILE", required_unless_present_any = ["all", "contact"])]
    out: Option<PathBuf>,
    /// Render the pictures of the README into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["lesson", "out"])]
    all: Option<PathBuf>,
    /// Render a contact sheet into this folder: every lesson in both languages, where it has shown its
    /// first answer and at its end
    #[arg(long, value_name = "DIR", conflicts_with_all = ["lesson", "out", "all", "capture", "beats"])]
    contact: Option<PathBuf>,
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
    network: CaptureArguments,
    /// What to show in the middle of the window
    #[arg(long, value_name = "VIEW", default_value = STAGE, value_parser = PossibleValuesParser::new(views()))]
    view: String,
    #[command(flatten)]
    settings: SettingArguments,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum TabArgument {
    Fields,
    Layers,
    Conversation,
}

/// The window with a capture file in it.
fn capture(context: &Context, arguments: &Arguments, file: &Path) -> Result<Picture, Failure> {
    let (size, zoom) = measures(arguments, context.lang)?;
    let look = Look {
        lang: context.lang,
        dark: !arguments.light,
        presenter: arguments.presenter,
    };
    let mut picture = picture(context, "", size, zoom, &look);
    picture.open(file);
    // Rows are found over a few frames.
    for _ in 0..100 {
        picture.frame(Vec::new());
    }
    let lang = context.lang;
    if let Some(capture) = picture.lab_mut().capture_mut() {
        let packets = &capture.packets;
        choose(&mut capture.inspector, packets.len(), arguments, lang)?;
        if let Some(field) = &arguments.field {
            capture.inspector.choose_field(packets, field);
        }
    }
    for _ in 0..50 {
        picture.frame(Vec::new());
    }
    Ok(picture)
}

/// The packets of a captured run.
fn segments(picture: &mut Picture, arguments: &Arguments, lang: Lang) -> Result<(), Failure> {
    for _ in 0..100 {
        picture.frame(Vec::new());
    }
    let count = picture.lab_mut().trace().frames().len();
    let inspector = picture.lab_mut().segments_mut().inspector_mut();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    choose(inspector, count, arguments, lang)?;
    for _ in 0..50 {
        picture.frame(Vec::new());
    }
    Ok(())
}

/// Filter, packet and page as the arguments ask for them.
fn choose(
    inspector: &mut Inspector,
    count: u32,
    arguments: &Arguments,
    lang: Lang,
) -> Result<(), Failure> {
    if let Some(words) = &arguments.filter
        && let Some(error) = inspector.set_filter(words)
    {
        let why = error.say(words, lang);
        return Err(Failure::Usage(
            text::FILTER_REFUSED.fill(lang, &[("given", words), ("why", &why)]),
        ));
    }
    if let Some(number) = arguments.packet {
        let row = number.checked_sub(1).filter(|r| *r < count);
        let row = row.ok_or_else(|| {
            Failure::Usage(text::PACKET_REFUSED.fill(lang, &[("given", &number), ("n", &count)]))
        })?;
        inspector.select(Some(row));
    }
    if let Some(given) = &arguments.settings.framing
        && arguments.capture.is_some()
    {
        let framing = given
            .parse()
            .map_err(|e| super::refused("--framing", given, &e, lang))?;
        inspector.set_framing(Some(framing));
    }
    inspector.show_tab(match arguments.tab {
        None | Some(TabArgument::Fields) => PacketTab::Fields,
        Some(TabArgument::Layers) => PacketTab::Layers,
        Some(TabArgument::Conversation) => PacketTab::Conversation,
    });
    Ok(())
}

/// Size and zoom of the window.
fn measures(arguments: &Arguments, lang: Lang) -> Result<([f32; 2], f32), Failure> {
    let size = parse_size(&arguments.size)
        .ok_or_else(|| Failure::Usage(text::SHOT_SIZE.fill(lang, &[("given", &arguments.size)])))?;
    let zoom = arguments.zoom;
    if !ZOOM.contains(&zoom) {
        return Err(Failure::Usage(
            text::SHOT_ZOOM.fill(lang, &[("given", &zoom)]),
        ));
    }
    Ok((size, zoom))
}

/// The view that is no tab of the workbench.
const STAGE: &str = "stage";

/// The two pages of the reference.
const REFERENCE: &str = "reference";
const BELIEFS: &str = "beliefs";

fn views() -> Vec<&'static str> {
    let tabs = Tab::ALL.iter().map(|tab| tab.name());
    let on_wire = SegmentTab::ALL.iter().map(|tab| tab.name());
    [STAGE]
        .into_iter()
        .chain(tabs)
        .chain(on_wire)
        .chain([REFERENCE, BELIEFS])
        .collect()
}

pub(super) fn shot(context: &Context, arguments: &Arguments) -> Outcome {
    if let Some(folder) = &arguments.all {
        return all(context, folder);
    }
    if let Some(folder) = &arguments.contact {
        return contact(context, arguments, folder);
    }
    if let (Some(file), Some(out)) = (&arguments.capture, &arguments.out) {
        let mut picture = capture(context, arguments, file)?;
        return write(&mut picture, out, context.lang);
    }
    let (Some(id), Some(out)) = (&arguments.lesson, &arguments.out) else {
        return Ok(());
    };
    let mut picture = prepare(context, arguments, id)?;
    match arguments.beats {
        Some(beats) => {
            for _ in 0..beats {
                beat(&mut picture)?;
            }
        }
        None => picture.run_to_end(PATIENCE).map_err(Failure::Failed)?,
    }
    if let Some(tab) = Tab::ALL.iter().find(|tab| tab.name() == arguments.view) {
        picture.apply(Command::ShowCentre(Centre::Workbench));
        picture.apply(Command::Workbench(Action::ShowTab(*tab)));
        if *tab == Tab::Prove {
            prove(&mut picture)?;
        }
    }
    if let Some(tab) = SegmentTab::ALL.iter().find(|t| t.name() == arguments.view) {
        picture.apply(Command::ShowCentre(Centre::Segments));
        picture.lab_mut().segments_mut().show_tab(*tab);
        segments(&mut picture, arguments, context.lang)?;
    }
    let page = match arguments.view.as_str() {
        REFERENCE => Some(Page::Calls),
        BELIEFS => Some(Page::Beliefs),
        _ => None,
    };
    if let Some(page) = page {
        picture.apply(Command::ShowCentre(Centre::Reference));
        picture.apply(Command::Reference(Wish::Page(page)));
    }
    write(&mut picture, out, context.lang)
}

/// The window with the settings asked for, before anything has run.
fn prepare(context: &Context, arguments: &Arguments, id: &str) -> Result<Picture, Failure> {
    let lesson = context.lesson(id)?;
    let mut settings = Settings::defaults(&lesson);
    arguments
        .settings
        .apply(&lesson, &mut settings, context.lang)?;
    arguments
        .network
        .apply(&lesson, &mut settings, context.lang)?;
    let (size, zoom) = measures(arguments, context.lang)?;
    let mut changes = settings.to_pairs();
    changes.push((FRAMING.to_owned(), settings.framing.to_string()));
    changes.push((ATTACK.to_owned(), settings.attack.to_string()));
    let mut picture = picture(
        context,
        id,
        size,
        zoom,
        &Look {
            lang: context.lang,
            dark: !arguments.light,
            presenter: arguments.presenter,
        },
    );
    picture.capture(&settings.capture);
    picture.set(&changes);
    Ok(picture)
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
        // Nobody watches it happen.
        speed: None,
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

/// A picture of the prover shows what it found.
fn prove(picture: &mut Picture) -> Outcome {
    picture.apply(Command::Workbench(Action::Prove(ProveAction::Start)));
    let deadline = Instant::now() + PATIENCE;
    while picture.lab().workbench().prove().is_proving() {
        std::thread::sleep(Duration::from_millis(5));
        picture.wait();
        if Instant::now() > deadline {
            return Err(Failure::Failed(
                "the proof did not end within 30 s".to_owned(),
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
    let mut out = output();
    writeln!(
        out,
        "{}",
        text::SHOT_DONE.fill(
            lang,
            &[
                ("file", &file.display()),
                ("width", &image.width),
                ("height", &image.height),
            ]
        )
    )?;
    Ok(out.flush()?)
}

fn parse_size(text: &str) -> Option<[f32; 2]> {
    let (width, height) = text.split_once(['x', 'X', '×'])?;
    let (width, height): (u16, u16) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    ((640..=3840).contains(&width) && (480..=2160).contains(&height))
        .then_some([f32::from(width), f32::from(height)])
}

/// One picture of the README.
struct Scene {
    name: &'static str,
    lesson: &'static str,
    lang: Lang,
    dark: bool,
    presenter: bool,
    size: [f32; 2],
    /// How often "next" is pressed.
    beats: u32,
}

/// A desk in the dark; the others say what is different.
const DESK: Scene = Scene {
    name: "sticky-merge-en-dark",
    lesson: "sticky-merge",
    lang: Lang::En,
    dark: true,
    presenter: false,
    size: [1280.0, 800.0],
    beats: 3,
};

const SCENES: [Scene; 8] = [
    DESK,
    Scene {
        name: "sticky-merge-zh-light",
        lang: Lang::Zh,
        dark: false,
        ..DESK
    },
    Scene {
        name: "framing-en-light",
        dark: false,
        beats: 13,
        ..DESK
    },
    Scene {
        name: "framing-zh-dark",
        lang: Lang::Zh,
        beats: 13,
        ..DESK
    },
    Scene {
        name: "sticky-split-en-light",
        lesson: "sticky-split",
        dark: false,
        ..DESK
    },
    Scene {
        name: "sticky-split-zh-dark",
        lesson: "sticky-split",
        lang: Lang::Zh,
        ..DESK
    },
    Scene {
        name: "presenter-zh-dark",
        lang: Lang::Zh,
        presenter: true,
        ..DESK
    },
    Scene {
        name: "small-en-light",
        dark: false,
        size: [1024.0, 768.0],
        ..DESK
    },
];

/// The pictures of the README, each from a real run.
fn all(context: &Context, folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    for scene in &SCENES {
        let look = Look {
            lang: scene.lang,
            dark: scene.dark,
            presenter: scene.presenter,
        };
        let mut picture = picture(context, scene.lesson, scene.size, 1.0, &look);
        for _ in 0..scene.beats {
            beat(&mut picture)?;
        }
        let file = folder.join(format!("{}.png", scene.name));
        write(&mut picture, &file, context.lang)?;
    }
    Ok(())
}

/// Thumbnails have a half of each side.
const THUMB: usize = 2;

/// All lessons in both languages on one sheet, a lesson a row: in English and in Chinese, first where
/// the first answer stands there, then at the lesson's end. Beside it each of the pictures in full.
fn contact(context: &Context, arguments: &Arguments, folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    let (size, zoom) = measures(arguments, context.lang)?;
    let mut out = output();
    let mut rows = Vec::new();
    for lesson in &context.catalogue().lessons {
        let mut row = Vec::new();
        for lang in Lang::ALL {
            let look = Look {
                lang,
                dark: !arguments.light,
                presenter: arguments.presenter,
            };
            let mut picture = picture(context, &lesson.id, size, zoom, &look);
            // The wrong answer first: then there is most to read.
            picture.apply(Command::Predict { step: 0, option: 0 });
            beat(&mut picture)?;
            let mut shots = vec![("first", picture.take())];
            while picture.lab().course().step + 1 < lesson.steps.len() {
                beat(&mut picture)?;
            }
            shots.push(("end", picture.take()));
            for (what, image) in shots {
                let name = format!("{}-{}-{what}.png", lesson.id, lang.code());
                let file = folder.join(name);
                image
                    .save_png(&file)
                    .map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
                row.push(image.smaller(THUMB));
            }
        }
        rows.push(row);
    }
    let sheet = Image::sheet(&rows);
    let file = folder.join("sheet.png");
    sheet
        .save_png(&file)
        .map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
    writeln!(
        out,
        "{}",
        text::SHOT_DONE.fill(
            context.lang,
            &[
                ("file", &file.display()),
                ("width", &sheet.width),
                ("height", &sheet.height),
            ]
        )
    )?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_framing_reach_the_window() {
        let arguments = Arguments {
            network: CaptureArguments::default(),
            lesson: None,
            capture: None,
            packet: None,
            filter: None,
            tab: None,
            field: None,
            out: None,
            all: None,
            contact: None,
            size: "1024x768".to_owned(),
            zoom: 1.0,
            light: false,
            presenter: false,
            beats: None,
            view: STAGE.to_owned(),
            settings: SettingArguments {
                set: vec!["recv_size=7".to_owned()],
                attack: None,
                framing: Some("length:u32:big".to_owned()),
            },
        };
        let context = Context {
            lang: Lang::En,
            lessons: None,
        };
        let picture = prepare(&context, &arguments, "sticky-merge").expect("valid");
        let view = picture.lab().view();
        assert_eq!(view.framing.to_string(), "length:u32:big");
        let meta = view.trace.meta();
        assert!(meta.settings.contains(&("recv_size".into(), "7".into())));
    }
}
