//! The comparison as a picture, for slides: the same table, without a window.

use egui::{Frame, RichText, Ui, Vec2, vec2};

use super::compare_table::{self, Look};
use super::compare_text::sample;
use crate::i18n::{Lang, compare as text, repeat};
use crate::ui::headless::Headless;
use crate::ui::raster::Image;
use crate::ui::theme::Theme;
use crate::workbench::compare::{Table, Time};

/// Pixels per point: sharp on a slide.
const SHARPNESS: f32 = 2.0;

/// Room in which the table is first laid out, in points; the picture is as large as it needs.
const ROOM: Vec2 = vec2(1400.0, 2400.0);

/// Draws the table with its title and what was compared.
pub fn draw(table: &Table, lang: Lang, theme: &Theme) -> Image {
    let mut needed = ROOM;
    let mut sizing = Headless::new(ROOM, 1.0, theme);
    // Texts are measured in one frame and placed in the next.
    for _ in 0..3 {
        sizing.frame(Vec::new(), |ui| needed = page(ui, table, lang, theme));
    }
    let mut window = Headless::new(needed.ceil(), SHARPNESS, theme);
    for _ in 0..3 {
        window.frame(Vec::new(), |ui| {
            page(ui, table, lang, theme);
        });
    }
    window.image()
}

/// Shows it; the room it needs.
fn page(ui: &mut Ui, table: &Table, lang: Lang, theme: &Theme) -> Vec2 {
    let c = &theme.colours;
    let frame = Frame::new()
        .fill(c.ground)
        .inner_margin(theme.gap(5.0))
        .show(ui, |ui| {
            ui.set_max_width(ROOM.x);
            let title = text::TITLE.get(lang);
            ui.label(RichText::new(title).font(theme.title()).color(c.text));
            let mut about = sample(table, lang);
            if table
                .rows
                .iter()
                .any(|row| matches!(row.time, Time::Measured(_)))
            {
                about = format!(
                    "{about} · {} ({} {})",
                    repeat::MEASURED.get(lang),
                    std::env::consts::OS,
                    std::env::consts::ARCH
                );
            }
            ui.label(RichText::new(about).font(theme.small()).color(c.text_soft));
            ui.add_space(theme.gap(2.0));
            let look = Look {
                theme,
                lang,
                in_use: None,
                chosen: None,
                few: false,
            };
            // Narrow enough for a slide; columns take what they need.
            ui.scope(|ui| {
                ui.set_max_width(760.0);
                compare_table::show(ui, &look, table);
            });
        });
    frame.response.rect.size()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framing::FramingSpec;
    use crate::workbench::Cancel;
    use crate::workbench::compare::{Row, Sample, find_out, strategies};

    /// A table of all strategies without measured times.
    fn table() -> Table {
        let messages: Vec<Vec<u8>> = vec![b"hello".to_vec(); 10];
        let sample = Sample::of(&messages);
        let rows = strategies(&FramingSpec::Raw).into_iter().map(|spec| Row {
            found: find_out(&spec, &sample, &Cancel::default()),
            time: Time::NotMeasured,
            spec,
        });
        Table {
            rows: rows.collect(),
            sample,
        }
    }

    #[test]
    fn pictures_hold_the_whole_table_in_both_languages() {
        let table = table();
        for lang in Lang::ALL {
            for dark in [true, false] {
                let theme = Theme::desk(dark);
                let image = draw(&table, lang, &theme);
                // An empty margin all around: nothing is cut.
                let ground = image.pixel(2, 2);
                assert!(ground.is_some());
                for x in 2..image.width - 2 {
                    assert_eq!(image.pixel(x, 2), ground);
                    assert_eq!(image.pixel(x, image.height - 3), ground);
                }
                for y in 2..image.height - 2 {
                    assert_eq!(image.pixel(image.width - 3, y), ground);
                }
                assert!(image.height > table.rows.len() * 30);
                assert!(image.width < 2800, "{}", image.width);
            }
        }
    }
}
