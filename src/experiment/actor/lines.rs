//! Buffers that a program has: filled by `recv_into`, and the one of a file around a socket.

use super::{End, Interpreter, LONGEST_RECV, Num, Var, ends};
use crate::experiment::program::FILE_BUFFER;
use crate::i18n::program as say;
use crate::trace::SocketId;

/// What a file around a socket has received and not given out yet.
pub(super) struct Lines {
    /// The variable of the socket.
    on: String,
    held: Vec<u8>,
    /// Where in the stream the first byte of `held` stands, counted from the file's first.
    start: u64,
    given: u32,
    ended: bool,
}

impl Lines {
    /// The bytes of the next line, once it is whole: up to its line feed, `most` of them, or what is
    /// left at the end.
    fn next(&self, most: usize) -> Option<usize> {
        let front = &self.held[..self.held.len().min(most)];
        match front.iter().position(|&byte| byte == b'\n') {
            Some(at) => Some(at + 1),
            None if self.held.len() >= most || self.ended => Some(front.len()),
            None => None,
        }
    }
}

impl Interpreter<'_> {
    /// See [`super::Op::RecvInto`].
    pub(super) fn recv_into(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        name: &str,
    ) -> Result<(), End> {
        let size = self.int(size)?.clamp(0, LONGEST_RECV) as usize;
        let mut buffer = vec![0; size];
        let mut held = 0;
        while held < size {
            self.pass(op)?;
            let n = self.with(on, |socket, rec| {
                socket.recv_into(rec, op, &mut buffer, held)
            })?;
            if n > 0 {
                self.count_received(n);
            }
            self.settle();
            if n == 0 {
                break;
            }
            held += n;
        }
        buffer.truncate(held);
        self.keep(name, Var::Bytes(buffer));
        Ok(())
    }

    /// See [`super::Op::MakeFile`].
    pub(super) fn make_file(&mut self, op: u16, on: &str, name: &str) -> Result<(), End> {
        self.with(on, |socket, rec| socket.make_file(rec, op))?;
        let lines = Lines {
            on: on.to_owned(),
            held: Vec::new(),
            start: 0,
            given: 0,
            ended: false,
        };
        self.keep(name, Var::Lines(lines));
        Ok(())
    }

    /// See [`super::Op::ReadLine`]: as many recvs as it takes, each through the gate, or none. Then
    /// the line is there at once, which is a step as well.
    pub(super) fn read_line(
        &mut self,
        op: u16,
        file: &str,
        size: &Num,
        name: &str,
    ) -> Result<(), End> {
        let missing = || ends(say::NO_FILE, &[("file", &file)]);
        let most = self.int(size)?.clamp(1, LONGEST_RECV) as usize;
        let Some(Var::Lines(mut lines)) = self.vars.remove(file) else {
            return Err(missing());
        };
        let line = self.next_line(op, &mut lines, most);
        self.vars.insert(file.to_owned(), Var::Lines(lines));
        self.keep(name, Var::Bytes(line?));
        Ok(())
    }

    fn next_line(&mut self, op: u16, lines: &mut Lines, most: usize) -> Result<Vec<u8>, End> {
        let on = lines.on.clone();
        let mut asked = false;
        let length = loop {
            if let Some(length) = lines.next(most) {
                break length;
            }
            let n = self.recv(op, &on, &Num::Lit(FILE_BUFFER as i64), false)?;
            lines.held.extend_from_slice(&self.buffer[..n]);
            lines.ended |= n == 0;
            asked = true;
        };
        if !asked {
            self.pass(op)?;
        }
        let line: Vec<u8> = lines.held.drain(..length).collect();
        self.with(&on, |socket, rec| socket.read_line(rec, op, most, &line))?;
        if let Some(Var::Socket(socket)) = self.vars.get(&on)
            && !line.is_empty()
        {
            let (id, length) = (socket.id(), u32::try_from(length).unwrap_or(u32::MAX));
            self.rec
                .frame(id, lines.start, length, 0, lines.given, None);
            lines.given += 1;
        }
        lines.start += length as u64;
        if !asked {
            self.settle();
        }
        Ok(line)
    }

    /// What is kept of a socket goes with its last descriptor.
    pub(super) fn forget(&mut self, id: SocketId) {
        let is = |var: &Var| matches!(var, Var::Socket(socket) if socket.id() == id);
        if !self.vars.values().any(is) {
            self.incoming.remove(&id);
        }
    }

    /// What a call through `on` has changed in its socket counts for its other descriptors.
    pub(super) fn tell_duplicates(&mut self, on: &str) {
        let Some(Var::Socket(changed)) = self.vars.remove(on) else {
            return;
        };
        for var in self.vars.values_mut() {
            if let Var::Socket(other) = var {
                other.follow(&changed);
            }
        }
        self.vars.insert(on.to_owned(), Var::Socket(changed));
    }
}
