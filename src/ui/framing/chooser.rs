//! Choosing the strategy.

use egui::{ComboBox, Id, Label, RichText, Ui};

use crate::framing::FramingSpec;
use crate::i18n::{Phrase, framing_panel as text, panels};
use crate::ui::command::Command;
use crate::ui::section;
use crate::ui::strategies;
use crate::ui::view::View;

/// The strategies by what they do, in teaching order.
const GROUPS: [(Phrase, &[&str]); 4] = [
    (text::GROUP_WRONG, &["raw", "pacing", "end-mark"]),
    (text::GROUP_MARKS, &["fixed", "delimiter", "escaped"]),
    (text::GROUP_LENGTHS, &["length", "varint", "ack", "json"]),
    (text::GROUP_STUFFING, &["cobs"]),
];

/// Shows the chosen strategy and, once opened, all of them, each with the settings it had last.
pub fn chooser(
    ui: &mut Ui,
    view: &View<'_>,
    now: &FramingSpec,
    width: f32,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let memory = |spec: &FramingSpec| Id::unique(("framing had", spec.keyword()));
    ui.data_mut(|data| data.insert_temp(memory(now), now.clone()));
    let response = ComboBox::from_id_salt("framing")
        .selected_text(strategies::name(now, view.lang))
        .width(width)
        .height(theme.sizes.body * 40.0)
        .truncate()
        .show_ui(ui, |ui| {
            let all = FramingSpec::strategies();
            for (caption, keywords) in GROUPS {
                let caption = RichText::new(view.say(caption))
                    .font(theme.small())
                    .color(theme.colours.text_faint);
                ui.add(Label::new(caption).selectable(false));
                for usual in keywords
                    .iter()
                    .filter_map(|keyword| all.iter().find(|spec| spec.keyword() == *keyword))
                {
                    let had = ui.data(|data| data.get_temp::<FramingSpec>(memory(usual)));
                    let spec = had.unwrap_or_else(|| usual.clone());
                    let chosen = spec.keyword() == now.keyword();
                    let button = ui
                        .selectable_label(chosen, strategies::name(&spec, view.lang))
                        .on_hover_text(strategies::help(&spec, view.lang));
                    if button.clicked() {
                        // A screen reader's click, too, leaves the list.
                        ui.close();
                        if !chosen {
                            out.push(Command::SetFraming(spec));
                        }
                    }
                }
            }
        })
        .response;
    section::named(&response, view.say(panels::FRAMING));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, k)| k.iter().copied()).collect();
        let mut all: Vec<&str> = FramingSpec::strategies()
            .iter()
            .map(FramingSpec::keyword)
            .collect();
        grouped.sort_unstable();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
