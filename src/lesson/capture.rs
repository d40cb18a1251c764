//! Whether and how the packets of a lesson's runs are captured: the `[capture]` table, its changes
//! in `set = { capture.mtu = 576 }`, and `--set capture.mtu=576`.

use crate::experiment::{NamespaceOptions, OptionProblem};
use crate::i18n::capture as phrase;

use super::{Said, SettingError};

/// Capturing, as a setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capture {
    /// Make runs in a private network and capture their packets, where that is possible.
    pub on: bool,
    /// How that network is.
    pub network: NamespaceOptions,
}

/// Capturing in a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct CaptureChoice {
    /// What runs begin with.
    pub default: Capture,
    /// May the student switch it?
    pub offered: bool,
}

impl Default for CaptureChoice {
    /// Nothing said: off, and anybody may switch it on.
    fn default() -> Self {
        CaptureChoice {
            default: Capture::default(),
            offered: true,
        }
    }
}

/// One setting of the private network changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CaptureChange {
    /// Capture, or do not.
    On(bool),
    /// Largest packet, bytes.
    Mtu(u32),
    /// Per cent of the segments with data that are lost.
    Loss(f32),
    /// Bytes per second that each socket sends at most; 0 = no limit.
    Rate(u32),
    /// TCP timestamps.
    Timestamps(bool),
    /// Selective acknowledgements.
    Sack(bool),
    /// Window scaling.
    WindowScaling(bool),
    /// The tail-loss probe.
    TailLossProbe(bool),
}

/// The names of the settings, as files and the command line write them.
pub const CAPTURE_KEYS: [&str; 8] = [
    "on",
    "mtu",
    "loss",
    "rate",
    "timestamps",
    "sack",
    "window_scaling",
    "tail_loss_probe",
];

impl CaptureChange {
    /// The change that `key = value` writes: `true` or `on`, `false` or `off`, or a figure.
    ///
    /// # Errors
    /// An unknown key, a value of the wrong sort or out of range.
    pub fn read(key: &str, value: &str) -> Result<Self, SettingError> {
        let text = value.trim();
        let refused = |valid: Said| SettingError::Capture {
            key: key.to_owned(),
            found: value.to_owned(),
            valid: Box::new(valid),
        };
        let switch = || match text {
            "true" | "on" | "yes" | "1" => Ok(true),
            "false" | "off" | "no" | "0" => Ok(false),
            _ => Err(refused(Said::new(phrase::VALID_SWITCH))),
        };
        let digits: String = text.chars().filter(|&c| c != '_').collect();
        let change = match key {
            "on" => CaptureChange::On(switch()?),
            "timestamps" => CaptureChange::Timestamps(switch()?),
            "sack" => CaptureChange::Sack(switch()?),
            "window_scaling" => CaptureChange::WindowScaling(switch()?),
            "tail_loss_probe" => CaptureChange::TailLossProbe(switch()?),
            "mtu" => {
                let mtu = digits.parse();
                CaptureChange::Mtu(mtu.map_err(|_| refused(Said::new(phrase::VALID_MTU)))?)
            }
            "loss" => {
                let loss = digits.parse();
                CaptureChange::Loss(loss.map_err(|_| refused(Said::new(phrase::VALID_LOSS)))?)
            }
            "rate" => {
                let rate = digits.parse();
                CaptureChange::Rate(rate.map_err(|_| refused(Said::new(phrase::VALID_RATE)))?)
            }
            _ => {
                return Err(SettingError::Unknown {
                    name: format!("capture.{key}"),
                    valid: CAPTURE_KEYS.map(|key| format!("capture.{key}")).to_vec(),
                });
            }
        };
        let mut tried = Capture::default();
        tried.change(change);
        match tried.network.check() {
            Ok(()) => Ok(change),
            Err(OptionProblem::Mtu(_)) => Err(refused(Said::new(phrase::VALID_MTU))),
            Err(OptionProblem::Loss(_)) => Err(refused(Said::new(phrase::VALID_LOSS))),
            Err(OptionProblem::Rate(_)) => Err(refused(Said::new(phrase::VALID_RATE))),
        }
    }
}

impl Capture {
    /// Makes the change.
    pub fn change(&mut self, change: CaptureChange) {
        let network = &mut self.network;
        match change {
            CaptureChange::On(on) => self.on = on,
            CaptureChange::Mtu(mtu) => network.mtu = mtu,
            CaptureChange::Loss(loss) => network.loss = loss,
            CaptureChange::Rate(rate) => network.rate = rate,
            CaptureChange::Timestamps(on) => network.timestamps = on,
            CaptureChange::Sack(on) => network.sack = on,
            CaptureChange::WindowScaling(on) => network.window_scaling = on,
            CaptureChange::TailLossProbe(on) => network.tail_loss_probe = on,
        }
    }

    /// As a run takes it: the network it wants, if it wants one.
    pub fn wanted(&self) -> Option<NamespaceOptions> {
        self.on.then_some(self.network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn every_key_is_read_and_changes_something() {
        for key in CAPTURE_KEYS {
            let value = match key {
                "on" => "yes",
                "mtu" => "5_76",
                "loss" => "12.5",
                "rate" => "100000",
                _ => "off",
            };
            let mut capture = Capture::default();
            capture.change(CaptureChange::read(key, value).expect(key));
            assert_ne!(capture, Capture::default(), "{key}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_can() {
        for (key, value, says) in [
            ("mtu", "12", "128 to 65536"),
            ("mtu", "many", "128 to 65536"),
            ("loss", "91", "0 to 90"),
            ("loss", "NaN", "0 to 90"),
            ("rate", "5", "1000"),
            ("sack", "perhaps", "true or false"),
        ] {
            let error = CaptureChange::read(key, value).expect_err(value);
            let words = error.said().get(Lang::En);
            assert!(words.contains(says) && words.contains(value), "{words}");
            assert!(words.contains(&format!("capture.{key}")), "{words}");
        }
        let unknown = CaptureChange::read("ttl", "3").expect_err("no such key");
        assert!(unknown.to_string().contains("capture.mtu"), "{unknown}");
    }
}
