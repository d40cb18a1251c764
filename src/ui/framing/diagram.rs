//! A message as it goes onto the wire: every byte in hex and as text, on the colour and pattern
//! of the field it belongs to.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Align2, Color32, FontId, Id, Painter, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

use crate::framing::{EncodeError, Field, FieldRole, Framing, FramingSpec};
use crate::i18n::framing_panel as text;
use crate::lesson::MessageSource;
use crate::ui::figures::{bytes, grouped};
use crate::ui::pattern::{self, Fill, Ink, Pattern, Swatch};
use crate::ui::strategies;
use crate::ui::theme::Theme;
use crate::ui::view::View;

use super::Own;

/// Bytes shown of a long message: so many from its beginning, so many from its end.
const HEAD: usize = 60;
const TAIL: usize = 20;

/// One byte of an encoded message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Byte {
    at: usize,
    value: u8,
    role: FieldRole,
    /// Its character, where it begins one.
    letter: String,
}

/// One place of the diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Byte(Byte),
    /// So many bytes are left out.
    LeftOut(usize),
}

/// An encoded message: as much of it as is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    /// Its number, from 0.
    number: u32,
    /// Bytes on the wire.
    pub(super) length: usize,
    places: Vec<Place>,
    /// The roles there are, in order, with how many bytes each has.
    roles: Vec<(FieldRole, usize)>,
}

impl Encoded {
    /// What that message becomes.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub(super) fn new(
        framing: &dyn Framing,
        message: &[u8],
        number: u32,
    ) -> Result<Self, EncodeError> {
        let mut wire = Vec::new();
        framing.encode(message, &mut wire)?;
        let fields = framing.layout(message)?;
        let mut roles: Vec<(FieldRole, usize)> = Vec::new();
        for field in &fields {
            match roles.iter_mut().find(|(role, _)| *role == field.role) {
                Some((_, n)) => *n += field.range.len(),
                None => roles.push((field.role, field.range.len())),
            }
        }
        let mut places = Vec::new();
        if wire.len() <= HEAD + TAIL + 4 {
            show(&wire, &fields, 0..wire.len(), &mut places);
        } else {
            let tail = wire.len() - TAIL;
            show(&wire, &fields, 0..HEAD, &mut places);
            places.push(Place::LeftOut(tail - HEAD));
            show(&wire, &fields, tail..wire.len(), &mut places);
        }
        Ok(Encoded {
            number,
            length: wire.len(),
            places,
            roles,
        })
    }

    /// The same, kept from frame to frame while nothing changes.
    pub(super) fn cached(ui: &Ui, own: &Own<'_>, number: u32) -> Arc<Result<Self, EncodeError>> {
        type Kept = (
            FramingSpec,
            MessageSource,
            u32,
            Arc<Result<Encoded, EncodeError>>,
        );
        let id = Id::unique("framing diagram");
        let kept = ui.data(|data| data.get_temp::<Arc<Kept>>(id));
        let same = |k: &Arc<Kept>| k.0 == *own.framing && k.1 == own.messages && k.2 == number;
        if let Some(kept) = kept.filter(same) {
            return kept.3.clone();
        }
        let message = own.messages.message(number);
        let encoded = Arc::new(Encoded::new(&*own.build(), &message, number));
        let kept: Arc<Kept> = Arc::new((
            own.framing.clone(),
            own.messages.clone(),
            number,
            encoded.clone(),
        ));
        ui.data_mut(|data| data.insert_temp(id, kept));
        encoded
    }
}

fn show(wire: &[u8], fields: &[Field], range: Range<usize>, places: &mut Vec<Place>) {
    let letters = letters(&wire[range.clone()]);
    let mut field = 0;
    for (at, letter) in range.zip(letters) {
        while fields.get(field).is_some_and(|f| f.range.end <= at) {
            field += 1;
        }
        places.push(Place::Byte(Byte {
            at,
            value: wire[at],
            role: fields.get(field).map_or(FieldRole::Payload, |f| f.role),
            letter,
        }));
    }
}

/// Shows it, with the names of its fields below.
pub(super) fn diagram(ui: &mut Ui, view: &View<'_>, encoded: &Encoded, font: &FontId) {
    let theme = view.theme;
    let row = (font.size * 1.35).round();
    let advance = ui
        .painter()
        .layout_no_wrap("0".repeat(8), font.clone(), Color32::WHITE)
        .size()
        .x
        / 8.0;
    let cell = vec2((advance * 2.9).round(), 2.0 * row + 4.0);
    let gap = row * 0.35;
    let columns = ((ui.available_width() / cell.x) as usize).max(6);
    let places = laid_out(&encoded.places, columns);
    let rows = places.last().map_or(0, |(_, _, y)| y + 1);
    let size = vec2(
        columns as f32 * cell.x,
        rows as f32 * (cell.y + gap) - gap.min(rows as f32),
    );
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(view, encoded)));
    let place_of = |x: usize, y: usize, wide: usize| {
        let min = area.min + vec2(x as f32 * cell.x, y as f32 * (cell.y + gap));
        Rect::from_min_size(min, vec2(wide as f32 * cell.x, cell.y))
    };
    let painter = ui.painter_at(area.expand(2.0));
    let mut next = 0;
    while let Some((place, x, y)) = places.get(next).copied() {
        next += 1;
        match place {
            Place::LeftOut(n) => {
                let words = view.fill(text::LEFT_OUT, &[("n", &grouped(*n as u64))]);
                painter.text(
                    place_of(x, y, LEFT_OUT_CELLS).center(),
                    Align2::CENTER_CENTER,
                    format!("… {words} …"),
                    theme.small(),
                    theme.colours.text_faint,
                );
            }
            Place::Byte(first) => {
                // Bytes of one field in one row are one area.
                let mut run = vec![(first, x)];
                while let Some((Place::Byte(byte), x, line)) = places.get(next).copied()
                    && byte.role == first.role
                    && line == y
                {
                    run.push((byte, x));
                    next += 1;
                }
                let swatch = swatch(first.role, encoded.number, theme);
                let rect = place_of(x, y, run.len()).shrink2(vec2(1.0, 0.0));
                pattern::paint(&painter, rect, &swatch, &Fill::new(theme, &[]));
                for (byte, x) in run {
                    figures(&painter, place_of(x, y, 1), &swatch, font, byte);
                }
            }
        }
    }
    if let Some(pointer) = response.hover_pos() {
        let found = places.iter().find_map(|(place, x, y)| match place {
            Place::Byte(byte) => place_of(*x, *y, 1).contains(pointer).then_some(byte),
            Place::LeftOut(_) => None,
        });
        if let Some(byte) = found {
            let words = view.fill(
                text::CELL,
                &[
                    ("at", &(byte.at + 1)),
                    ("of", &encoded.length),
                    ("hex", &format!("{:02x}", byte.value)),
                    ("field", &view.say(strategies::role(byte.role))),
                ],
            );
            response.on_hover_text_at_pointer(words);
        }
    }
    legend(ui, view, encoded);
}

/// Cells that "… 1 944 more …" takes up.
const LEFT_OUT_CELLS: usize = 6;

/// Each place with its column and row.
fn laid_out(places: &[Place], columns: usize) -> Vec<(&Place, usize, usize)> {
    let (mut x, mut y) = (0, 0);
    places
        .iter()
        .map(|place| {
            let wide = match place {
                Place::Byte(_) => 1,
                Place::LeftOut(_) => LEFT_OUT_CELLS,
            };
            if x + wide > columns {
                (x, y) = (0, y + 1);
            }
            let laid = (place, x, y);
            x += wide;
            laid
        })
        .collect()
}

fn figures(painter: &Painter, rect: Rect, swatch: &Swatch, font: &FontId, byte: &Byte) {
    let half = rect.height() / 4.0;
    let put = |at: Pos2, words: &str| {
        let galley = painter.layout_no_wrap(words.to_owned(), font.clone(), swatch.label);
        let area = Align2::CENTER_CENTER.anchor_size(at, galley.size());
        painter.galley(area.min, galley, swatch.label);
    };
    put(
        pos2(rect.center().x, rect.min.y + half + 1.0),
        &format!("{:02x}", byte.value),
    );
    if !byte.letter.is_empty() {
        put(pos2(rect.center().x, rect.max.y - half - 1.0), &byte.letter);
    }
}

/// For each byte what stands below it: its character, where it begins one.
fn letters(wire: &[u8]) -> Vec<String> {
    let mut letters = Vec::with_capacity(wire.len());
    for chunk in wire.utf8_chunks() {
        for c in chunk.valid().chars() {
            letters.push(match c {
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                '\0' => "\\0".to_owned(),
                ' ' => "␣".to_owned(),
                c if c.is_control() => "·".to_owned(),
                c => c.to_string(),
            });
            letters.extend((1..c.len_utf8()).map(|_| String::new()));
        }
        letters.extend(chunk.invalid().iter().map(|_| "·".to_owned()));
    }
    letters
}

/// A field's look. The payload has that of its message; the others are told apart by pattern and
/// name.
pub(super) fn swatch(role: FieldRole, message: u32, theme: &Theme) -> Swatch {
    let c = &theme.colours;
    let (fill, edge, pattern) = match role {
        FieldRole::Payload => {
            let swatch = Swatch::of(Ink::Message(message), theme);
            return Swatch {
                mark: swatch.fill.lerp_to_gamma(swatch.mark, 0.4),
                ..swatch
            };
        }
        FieldRole::Header => (c.accent_fill, c.accent, Pattern::Solid),
        FieldRole::Description => (c.good_fill, c.good, Pattern::Horizontal),
        FieldRole::Delimiter => (c.warn_fill, c.warn, Pattern::Rising),
        FieldRole::Padding => (c.sunken, c.line_strong, Pattern::Dots),
        FieldRole::Escape => (c.bad_fill, c.bad, Pattern::Falling),
        FieldRole::Code => (c.client_fill, c.client, Pattern::Vertical),
    };
    Swatch {
        fill,
        mark: fill.lerp_to_gamma(edge, 0.25),
        label: c.text,
        edge,
        pattern,
    }
}

fn legend(ui: &mut Ui, view: &View<'_>, encoded: &Encoded) {
    let theme = view.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.0), theme.gap(0.5));
        for (role, n) in encoded.roles.iter().copied() {
            let high = theme.sizes.small;
            let size = vec2((high * 1.8).round(), (high * 1.2).round());
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            let swatch = swatch(role, encoded.number, theme);
            pattern::paint(ui.painter(), rect, &swatch, &Fill::new(theme, &[]));
            let words = field_words(view, role, n);
            let words = egui::RichText::new(words)
                .font(theme.small())
                .color(theme.colours.text_soft);
            ui.add(egui::Label::new(words).selectable(false));
            ui.add_space(theme.gap(1.5).round());
        }
    });
}

fn field_words(view: &View<'_>, role: FieldRole, n: usize) -> String {
    view.fill(
        text::SPOKEN_FIELD,
        &[
            ("field", &view.say(strategies::role(role))),
            ("bytes", &bytes(n as u64)),
        ],
    )
}

fn spoken(view: &View<'_>, encoded: &Encoded) -> String {
    let fields: Vec<String> = encoded
        .roles
        .iter()
        .map(|(role, n)| field_words(view, *role, *n))
        .collect();
    view.fill(
        text::SPOKEN,
        &[
            ("n", &(u64::from(encoded.number) + 1)),
            ("bytes", &bytes(encoded.length as u64)),
            ("fields", &fields.join(", ")),
        ],
    )
}
