//! The inspector as a person uses it: a file opened, rows, fields and bytes chosen by their
//! accessible names, the filter typed, in both languages.

use std::sync::Arc;

use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socklab::i18n::{Lang, packet, packet_view as text};
use socklab::ui::fonts;
use socklab::ui::lab::{Lab, Prefs};

use super::craft;

fn window(lang: Lang, file: &std::path::Path) -> Harness<'static, Lab> {
    let prefs = Prefs {
        lang,
        ..Prefs::default()
    };
    let mut lab = Lab::new(prefs, None, Arc::new(|| {}));
    lab.open_recording(file);
    while lab.is_opening() {
        std::thread::yield_now();
        lab.logic();
    }
    let look = lab.theme().clone();
    let mut window = Harness::builder()
        .with_size(vec2(1280.0, 1000.0))
        .with_context_setup(move |ctx| {
            fonts::install(ctx, false);
            look.apply(ctx);
        })
        .build_ui_state(
            |ui, lab: &mut Lab| {
                lab.logic();
                lab.ui(ui);
            },
            lab,
        );
    window.run_steps(4);
    window
}

fn click(window: &mut Harness<'static, Lab>, part: &str) {
    window.get_by_label_contains(part).click();
    window.run_steps(3);
}

#[test]
fn a_capture_is_opened_filtered_and_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.pcapng");
    std::fs::write(&file, craft::everything().pcapng(false)).unwrap();
    for lang in Lang::ALL {
        let mut w = window(lang, &file);
        let row = |n: u32| match lang {
            Lang::En => format!("Packet {n}: "),
            Lang::Zh => format!("数据包 {n}："),
        };
        assert!(w.query_by_label_contains(&row(4)).is_some());
        // A row chosen by a click, the next by the keyboard.
        click(&mut w, &row(3));
        let selected =
            |w: &Harness<'static, Lab>| w.state().capture().unwrap().inspector.selected();
        assert_eq!(selected(&w), Some(2));
        w.key_press(Key::ArrowDown);
        w.run_steps(3);
        assert_eq!(selected(&w), Some(3));
        // Its data field says how many bytes; a click on a field shows its sentence and bytes.
        let field = format!("{}: 64", packet::F_TTL.get(lang));
        click(&mut w, &field);
        assert!(
            w.query_by_label_contains(packet::F_TTL_IS.get(lang))
                .is_some(),
            "{lang:?}"
        );
        // The filter, typed.
        w.key_press(Key::Slash);
        w.run_steps(2);
        for c in "tcp.flags.reset".chars() {
            w.event(egui::Event::Text(c.to_string()));
        }
        w.run_steps(4);
        let rows =
            |w: &Harness<'static, Lab>| w.state().capture().unwrap().inspector.rows().to_vec();
        assert_eq!(rows(&w), [18, 23]);
        assert!(w.query_by_label_contains(&row(19)).is_some());
        assert!(w.query_by_label_contains(&row(4)).is_none());
        // A mistake says where and leaves what was in force.
        w.event(egui::Event::Text(" =".to_owned()));
        w.run_steps(4);
        let column = match lang {
            Lang::En => "Column 17",
            Lang::Zh => "第 17 列",
        };
        assert!(w.query_by_label_contains(column).is_some());
        assert_eq!(rows(&w), [18, 23]);
        // Other views of the packet, then back to the lesson.
        for tab in [text::TAB_LAYERS, text::TAB_CONVERSATION] {
            w.get_by_label(tab.get(lang)).click();
            w.run_steps(3);
        }
        click(&mut w, text::BACK.get(lang));
        assert!(w.state().capture().is_none());
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.pcap");
    let bytes = craft::everything().pcap(1);
    std::fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    let w = window(Lang::En, &file);
    assert!(w.state().capture().is_some());
    assert!(w.query_by_label_contains("is not whole").is_some());
    std::fs::write(&file, &bytes[..12]).unwrap();
    let w = window(Lang::Zh, &file);
    assert!(w.state().capture().is_none());
    assert!(w.query_by_label_contains("文件头").is_some());
}
