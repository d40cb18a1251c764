//! How the private network is to be.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Smallest MTU: what IPv4 must carry whole with the largest headers, and some data
/// (RFC 791 demands 68; below 576 Linux still works, and small segments teach well).
const MTU_LEAST: u32 = 128;
/// Largest MTU: what the loopback has by itself.
const MTU_MOST: u32 = 65_536;

/// Least and largest limit on the rate: slower, and a handshake takes minutes.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=1_000_000_000;

/// How the private network of a run is to be.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each switches something of its own"
)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamespaceOptions {
    /// Largest packet, bytes (128 … 65,536). Ethernet's 1500 unless said otherwise.
    pub mtu: u32,
    /// TCP timestamps (RFC 7323). Off, a segment's header is the textbook's 20 bytes.
    pub timestamps: bool,
    /// Selective acknowledgements (RFC 2018).
    pub sack: bool,
    /// Window scaling (RFC 7323). Off, windows are the figures in the header.
    pub window_scaling: bool,
    /// The tail-loss probe (RFC 8985), which sends the last segment again after a few
    /// milliseconds also when nothing was lost.
    pub tail_loss_probe: bool,
    /// Per cent of the segments with data (and of datagrams) that are lost on arrival.
    pub loss: f32,
    /// Bytes per second that each socket sends at most (1000 … 10⁹); 0 = no limit.
    pub rate: u32,
}

impl Default for NamespaceOptions {
    fn default() -> Self {
        NamespaceOptions {
            mtu: 1500,
            timestamps: true,
            sack: true,
            window_scaling: true,
            tail_loss_probe: true,
            loss: 0.0,
            rate: 0,
        }
    }
}

/// An option that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum OptionProblem {
    /// See [`NamespaceOptions::mtu`].
    #[error("an MTU of {0} cannot be; choose 128 to 65536 bytes")]
    Mtu(u32),
    /// See [`NamespaceOptions::loss`].
    #[error("a loss of {0} % cannot be; choose 0 to 90")]
    Loss(f32),
    /// See [`NamespaceOptions::rate`].
    #[error("a rate of {0} bytes/s cannot be; choose 0 (no limit) or 1000 to 1000000000")]
    Rate(u32),
}

impl NamespaceOptions {
    /// Can these be?
    ///
    /// # Errors
    /// The first option that is out of range.
    pub fn check(&self) -> Result<(), OptionProblem> {
        if !(MTU_LEAST..=MTU_MOST).contains(&self.mtu) {
            return Err(OptionProblem::Mtu(self.mtu));
        }
        if !(0.0..=90.0).contains(&self.loss) {
            return Err(OptionProblem::Loss(self.loss));
        }
        if self.rate != 0 && !RATES.contains(&self.rate) {
            return Err(OptionProblem::Rate(self.rate));
        }
        Ok(())
    }
}

impl NamespaceOptions {
    /// What differs from [`NamespaceOptions::default`], beside the MTU: name and value as text.
    pub fn settings(&self) -> Vec<(String, String)> {
        let usual = NamespaceOptions::default();
        let mut list = Vec::new();
        for (name, on, usually) in [
            ("timestamps", self.timestamps, usual.timestamps),
            ("sack", self.sack, usual.sack),
            ("window_scaling", self.window_scaling, usual.window_scaling),
            (
                "tail_loss_probe",
                self.tail_loss_probe,
                usual.tail_loss_probe,
            ),
        ] {
            if on != usually {
                list.push((name.to_owned(), if on { "on" } else { "off" }.to_owned()));
            }
        }
        if self.loss > 0.0 {
            list.push(("loss".to_owned(), format!("{} %", self.loss)));
        }
        if self.rate > 0 {
            list.push(("rate".to_owned(), format!("{} B/s", self.rate)));
        }
        list
    }
}

/// As the helper is told: what it sets by itself (loss and rate are set on each socket).
impl fmt::Display for NamespaceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bit = u8::from;
        write!(
            f,
            "{},{},{},{},{}",
            self.mtu,
            bit(self.timestamps),
            bit(self.sack),
            bit(self.window_scaling),
            bit(self.tail_loss_probe)
        )
    }
}

impl FromStr for NamespaceOptions {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(',').map(str::parse::<u32>);
        let mut next = || parts.next().and_then(Result::ok).ok_or(());
        let options = NamespaceOptions {
            mtu: next()?,
            timestamps: next()? != 0,
            sack: next()? != 0,
            window_scaling: next()? != 0,
            tail_loss_probe: next()? != 0,
            ..NamespaceOptions::default()
        };
        options.check().map(|()| options).map_err(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_helper_is_told_is_what_was_meant() {
        for n in 0..16 {
            let options = NamespaceOptions {
                mtu: 300 + n,
                timestamps: n & 1 != 0,
                sack: n & 2 != 0,
                window_scaling: n & 4 != 0,
                tail_loss_probe: n & 8 != 0,
                ..NamespaceOptions::default()
            };
            assert_eq!(options.to_string().parse(), Ok(options));
        }
        assert!("1500,1,1,1".parse::<NamespaceOptions>().is_err());
        assert!("12,1,1,1,1".parse::<NamespaceOptions>().is_err());
    }
}
