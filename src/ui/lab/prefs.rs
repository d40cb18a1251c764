//! What the window remembers from one day to the next.

use serde::{Deserialize, Serialize};

use super::Progress;
use crate::experiment::codegen::Language;
use crate::i18n::Lang;

/// Settings of the window itself; lessons have their own.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that a person sets"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Language of every phrase.
    pub lang: Lang,
    /// Dark theme.
    pub dark: bool,
    /// For a room, not for a desk.
    pub presenter: bool,
    /// Size of everything.
    pub zoom: f32,
    /// Language of the code pane.
    pub code: Language,
    /// Calls per second when programs run by themselves; `None` = as fast as the kernel allows.
    pub speed: Option<u32>,
    /// Capture the packets of runs, in a private network, where that can be had.
    pub capture: bool,
    /// Is the list of lessons open?
    pub lessons_open: bool,
    /// Is the packet inspector open?
    pub inspector_open: bool,
    /// The lesson on show.
    pub lesson: String,
    /// The route through the lessons that the list shows; `None` = all lessons.
    pub route: Option<String>,
    /// Which steps have been seen, and which tasks solved.
    pub progress: Progress,
}

/// Smallest and largest zoom.
pub(super) const ZOOM: std::ops::RangeInclusive<f32> = 0.5..=3.0;

impl Default for Prefs {
    fn default() -> Self {
        Prefs {
            lang: Lang::from_env(),
            dark: true,
            presenter: false,
            zoom: 1.0,
            code: Language::default(),
            speed: Some(4),
            capture: false,
            lessons_open: true,
            inspector_open: true,
            lesson: String::new(),
            route: None,
            progress: Progress::default(),
        }
    }
}

impl Prefs {
    /// From what [`Prefs::to_text`] wrote; anything unreadable counts as not there.
    pub fn from_text(text: &str) -> Self {
        let mut prefs: Prefs = serde_json::from_str(text).unwrap_or_default();
        if !ZOOM.contains(&prefs.zoom) {
            prefs.zoom = 1.0;
        }
        prefs
    }

    /// As text, to be kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back_and_rubbish_does_no_harm() {
        let prefs = Prefs {
            zoom: 2.0,
            lang: Lang::Zh,
            dark: false,
            ..Prefs::default()
        };
        assert_eq!(Prefs::from_text(&prefs.to_text()), prefs);
        for rubbish in ["", "{", "[]", r#"{"zoom": -4}"#, r#"{"zoom": "x"}"#] {
            assert!(ZOOM.contains(&Prefs::from_text(rubbish).zoom), "{rubbish}");
        }
        assert_eq!(
            Prefs::from_text(r#"{"lang":"zh","unknown":1}"#).lang,
            Lang::Zh
        );
    }
}
