//! Commands of the fixed list.

use super::{Begin, Call, Detail, End, Interpreter, Pass, Var};
use crate::experiment::commands::{self, Command, Output};

/// Letters of a line that are shown.
const SHOWN: usize = 200;

impl Interpreter<'_> {
    /// `run_command`. It needs no step: it is no call on a socket.
    pub(super) fn run_command(&mut self, op: u16, line: &str, name: &str) -> Result<(), End> {
        let line = self.bytes(line)?.to_vec();
        let shown: String = String::from_utf8_lossy(&line).chars().take(SHOWN).collect();
        let begin = Begin::new(Call::Command, op);
        self.rec.begin(begin, Some(Detail::Text(shown)), &[]);
        let output = match Command::asked(&line) {
            Some(command) => {
                // It runs, and does not wait: nobody's turn comes before it has ended.
                self.rec.idle();
                let gate = self.actor.gate.clone();
                match commands::run(command, &mut |time| gate.sleep(time) != Pass::Stop) {
                    Ok(Some(output)) => output,
                    Ok(None) => {
                        self.rec.returned(Ok(0), 0, None, &[]);
                        return Err(End::Stopped);
                    }
                    Err(error) => Output {
                        err: format!("{error}\n").into_bytes(),
                        exit: Some(126),
                        ..Output::default()
                    },
                }
            }
            None => commands::not_on_the_list(&line),
        };
        let told = Detail::Ran {
            exit: output.exit,
            out: output.out.len() as u64,
            err: output.err.len() as u64,
            cut: output.cut.to_owned(),
        };
        let mut answer = output.out;
        answer.extend(output.err);
        let length = answer.len() as i64;
        self.rec.returned(Ok(length), 0, Some(told), &[]);
        self.keep(name, Var::Bytes(answer));
        Ok(())
    }
}
