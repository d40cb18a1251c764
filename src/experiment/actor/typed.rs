//! Lines that a person types.

use super::{Begin, Call, Detail, End, Interpreter, LONGEST_LINE, Num, Status, Text, Var, ends};
use crate::i18n::program as say;

impl Interpreter<'_> {
    /// Asks for a line and keeps it in `name`. It needs no step: the person typing is the clock.
    pub(super) fn prompt(
        &mut self,
        op: u16,
        name: &str,
        ask: &Text,
        lines: &[Text],
        person: &Num,
    ) -> Result<(), End> {
        let ask = self.text(ask)?;
        let asks_person = self.actor.typing.is_attended() && self.int(person)? != 0;
        let asked = self.asked.entry(op).or_default();
        let turn = *asked;
        *asked += 1;
        self.rec
            .begin(Begin::new(Call::Prompt, op), Some(Detail::Text(ask)), &[]);
        let line = if asks_person {
            self.rec.blocked();
            self.actor.gate.set_status(Status::Waiting);
            let line = self.actor.typing.line(self.actor.index);
            self.actor.gate.set_status(Status::Running);
            line
        } else {
            let Some(line) = lines.get(turn) else {
                self.rec.returned(Ok(0), 0, None, &[]);
                return Err(ends(say::NOBODY_TYPES, &[]));
            };
            Some(self.text(line)?)
        };
        let Some(mut line) = line else {
            self.rec.returned(Ok(0), 0, None, &[]);
            return Err(End::Stopped);
        };
        line.truncate(line.floor_char_boundary(LONGEST_LINE));
        let length = line.len() as i64;
        self.rec
            .returned(Ok(length), 0, Some(Detail::Text(line.clone())), &[]);
        self.keep(name, Var::Bytes(line.into_bytes()));
        Ok(())
    }

    /// Does the variable hold one of these texts?
    pub(super) fn is_one_of(&self, name: &str, texts: &[Text]) -> Result<bool, End> {
        let bytes = self.bytes(name)?;
        for text in texts {
            if self.text(text)?.as_bytes() == bytes {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
