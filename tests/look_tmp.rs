use socklab::i18n::Lang;
use socklab::ui::centre::Centre;
use socklab::ui::command::Command;
use socklab::ui::lab::{Picture, Prefs};
use std::path::Path;

#[test]
fn look() {
    let Ok(dir) = std::env::var("LOOK") else {
        return;
    };
    let shots = [
        (
            "a",
            "length:u16:little",
            Lang::En,
            true,
            false,
            [1280.0, 800.0],
            1.0,
            true,
            "hello",
        ),
        (
            "b",
            "json",
            Lang::Zh,
            false,
            false,
            [1024.0, 768.0],
            1.0,
            true,
            "hello",
        ),
        (
            "c",
            "escaped:##",
            Lang::Zh,
            true,
            true,
            [1280.0, 800.0],
            1.0,
            true,
            "a##b\\c你好",
        ),
        (
            "d",
            "cobs",
            Lang::En,
            false,
            true,
            [1024.0, 768.0],
            1.0,
            true,
            "hello",
        ),
        (
            "e",
            "delimiter:##",
            Lang::En,
            false,
            false,
            [1280.0, 1500.0],
            1.0,
            false,
            "a##b",
        ),
        (
            "f",
            "ack",
            Lang::Zh,
            true,
            false,
            [1280.0, 800.0],
            1.0,
            false,
            "hello",
        ),
        (
            "g",
            "fixed:300:.",
            Lang::En,
            true,
            false,
            [2560.0, 1440.0],
            2.0,
            true,
            "hello",
        ),
        (
            "h",
            "pacing:5",
            Lang::Zh,
            true,
            false,
            [1024.0, 1400.0],
            1.0,
            false,
            "hello",
        ),
    ];
    for (name, framing, lang, dark, presenter, size, zoom, bench, text) in shots {
        let prefs = Prefs {
            lang,
            dark,
            presenter,
            lesson: "sticky-merge".into(),
            speed: None,
            ..Prefs::default()
        };
        let mut picture = Picture::new(prefs, None, size, zoom);
        picture.set(&[
            ("framing".into(), framing.into()),
            ("text".into(), text.into()),
        ]);
        for _ in 0..2 {
            picture.beat();
        }
        picture.settle(std::time::Duration::from_secs(5));
        if bench {
            picture.apply(Command::ShowCentre(Centre::Workbench));
        }
        picture
            .take()
            .save_png(&Path::new(&dir).join(format!("{name}.png")))
            .unwrap();
    }
}
