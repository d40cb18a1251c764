//! One message at a time, sent and received by the run's framing.

use std::collections::VecDeque;

use super::{
    Data, DecodeError, Decoder, Detail, End, FRAME_LIMIT, Interpreter, Num, Var, decode_detail,
    encode_detail, missing_socket,
};
use crate::framing::{DecodeErrorKind, Frame, FramingSpec, MAX_JSON_HEADER};

/// What has come on a socket and has not been asked for yet.
pub(super) struct Incoming {
    decoder: Box<dyn Decoder>,
    /// Messages that are complete.
    ready: VecDeque<Taken>,
    /// Bytes given to the decoder.
    fed: u64,
    /// The first bytes since the latest frame ended, as they came: `most` of them at most.
    begun: Vec<u8>,
    most: usize,
    frames: u32,
    acknowledged: u64,
    ended: bool,
}

/// A message taken off a stream.
pub(super) struct Taken {
    /// What stood before it, as far as kept.
    pub(super) header: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

impl Incoming {
    /// Takes the next chunk in, or the end of the stream; `told` hears of every frame.
    fn feed(
        &mut self,
        chunk: Option<&[u8]>,
        told: &mut dyn FnMut(&Frame<'_>, u32),
    ) -> Result<(), DecodeError> {
        let base = self.fed;
        let bytes = chunk.unwrap_or_default();
        self.fed += bytes.len() as u64;
        let mut used = 0;
        let (begun, most) = (&mut self.begun, self.most);
        let (ready, frames) = (&mut self.ready, &mut self.frames);
        let keep = |from: usize, to: usize, begun: &mut Vec<u8>| {
            let room = most.saturating_sub(begun.len());
            let to = to.clamp(from, bytes.len());
            begun.extend_from_slice(&bytes[from..to.min(from + room)]);
        };
        let mut sink = |frame: Frame<'_>| {
            told(&frame, *frames);
            *frames += 1;
            let end = frame.end.saturating_sub(base) as usize;
            keep(used, end, begun);
            used = end.clamp(used, bytes.len());
            let mut header = std::mem::take(begun);
            header.truncate(usize::from(frame.header));
            ready.push_back(Taken {
                header,
                payload: frame.payload.to_vec(),
            });
        };
        let result = match chunk {
            Some(chunk) => self.decoder.feed(chunk, &mut sink),
            None => self.decoder.finish(&mut sink),
        };
        keep(used, bytes.len(), begun);
        self.ended |= chunk.is_none();
        result
    }
}

impl Interpreter<'_> {
    fn new_incoming(&self, exact: bool) -> Incoming {
        let spec = self.actor.framing.spec();
        let limit = self.actor.framing.longest().unwrap_or(FRAME_LIMIT);
        let (decoder, most) = match spec {
            FramingSpec::EndMark { mark } => {
                let most = limit + mark.len();
                let decoder = if exact {
                    Box::new(ExactMark::new(mark, limit))
                } else {
                    self.actor.framing.decoder()
                };
                (decoder, most)
            }
            _ => (self.actor.framing.decoder(), 4 + MAX_JSON_HEADER),
        };
        Incoming {
            decoder,
            ready: VecDeque::new(),
            fed: 0,
            begun: Vec::new(),
            most,
            frames: 0,
            acknowledged: 0,
            ended: false,
        }
    }

    /// The next message; `None` at the end of the stream. `exact`: see `Op::ReceiveFile`; it
    /// counts from the first message on.
    pub(super) fn next_message(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        exact: bool,
    ) -> Result<Option<Taken>, End> {
        let Some(Var::Socket(socket)) = self.vars.get(on) else {
            return Err(missing_socket(on));
        };
        let id = socket.id();
        let mut incoming = match self.incoming.remove(&id) {
            Some(incoming) => incoming,
            None => self.new_incoming(exact),
        };
        let result = self.fill(op, on, size, &mut incoming);
        self.incoming.insert(id, incoming);
        result
    }

    fn fill(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        incoming: &mut Incoming,
    ) -> Result<Option<Taken>, End> {
        loop {
            if let Some(taken) = incoming.ready.pop_front() {
                return Ok(Some(taken));
            }
            if incoming.ended {
                return Ok(None);
            }
            let n = self.recv(op, on, size, false)?;
            let Some(Var::Socket(socket)) = self.vars.get(on) else {
                return Err(missing_socket(on));
            };
            let id = socket.id();
            let rec = &mut *self.rec;
            let result = incoming.feed((n > 0).then(|| &self.buffer[..n]), &mut |frame, number| {
                let length = u32::try_from(frame.end - frame.start).unwrap_or(u32::MAX);
                rec.frame(id, frame.start, length, frame.header, number, None);
            });
            if let Err(error) = result {
                self.decode_failed(on, &error)?;
                return Err(End::Framing(decode_detail(&error)));
            }
            if let Some(header) = self.acknowledged {
                let begun = incoming.decoder.buffered() >= header;
                let headers = u64::from(incoming.frames) + u64::from(begun);
                while incoming.acknowledged < headers {
                    self.acknowledge(op, on)?;
                    incoming.acknowledged += 1;
                }
            }
        }
    }

    /// Bytes of a message that has begun on that socket, if its framing lets them be told apart.
    pub(super) fn unfinished(&self, on: &str) -> Option<&[u8]> {
        let Some(Var::Socket(socket)) = self.vars.get(on) else {
            return None;
        };
        let marked = matches!(self.actor.framing.spec(), FramingSpec::EndMark { .. });
        let incoming = self.incoming.get(&socket.id())?;
        (marked && incoming.ended && !incoming.begun.is_empty()).then_some(&*incoming.begun)
    }

    /// `receive_message`
    pub(super) fn receive_message(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        name: &str,
    ) -> Result<(), End> {
        let taken = self.next_message(op, on, size, false)?;
        let bytes = taken.map(|taken| taken.payload).unwrap_or_default();
        self.keep(name, Var::Bytes(bytes));
        Ok(())
    }

    /// `send_message`
    pub(super) fn send_message(&mut self, op: u16, on: &str, data: &Data) -> Result<(), End> {
        self.fill_wire(on, data)?;
        let payload = std::mem::take(&mut self.wire);
        let mut wire = Vec::new();
        self.actor
            .framing
            .encode(&payload, &mut wire)
            .map_err(|error| End::Framing(encode_detail(error)))?;
        let number = self.next_number();
        self.pass(op)?;
        match self.acknowledged {
            Some(header) => {
                self.send_acknowledged(op, on, wire.split_at(header), Some(number), true)?;
            }
            None => self.send_bytes(op, on, &wire, Some(number), true)?,
        }
        self.count_sent(Some(number));
        self.settle();
        self.sleep(op, self.pause)
    }

    /// The number of the next message that is none of the lesson's own.
    pub(super) fn next_number(&mut self) -> u32 {
        let number = self
            .actor
            .messages
            .count()
            .saturating_add(self.own_messages);
        self.own_messages += 1;
        number
    }
}

/// An end mark that counts only as a whole chunk: `if data == b"##"`, as the handout has it.
struct ExactMark {
    mark: Vec<u8>,
    limit: usize,
    start: u64,
    held: Vec<u8>,
    failed: Option<DecodeError>,
}

impl ExactMark {
    fn new(mark: Vec<u8>, limit: usize) -> Self {
        ExactMark {
            mark,
            limit,
            start: 0,
            held: Vec::new(),
            failed: None,
        }
    }

    fn fail(&mut self, kind: DecodeErrorKind) -> DecodeError {
        self.held = Vec::new();
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        error
    }
}

impl Decoder for ExactMark {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if chunk == self.mark {
            let held = std::mem::take(&mut self.held);
            let start = self.start;
            self.start += (held.len() + chunk.len()) as u64;
            sink(Frame {
                start,
                end: self.start,
                header: 0,
                payload: &held,
            });
            return Ok(());
        }
        // What has stuck to the mark may be the whole of a longest message.
        let window = self.limit.saturating_add(self.mark.len());
        if self.held.len() + chunk.len() > window {
            return Err(self.fail(DecodeErrorKind::Unterminated {
                searched: window as u64,
                limit: self.limit as u64,
            }));
        }
        self.held.extend_from_slice(chunk);
        Ok(())
    }

    fn finish(&mut self, _sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        match (self.failed, self.held.len()) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()),
            (None, held) => Err(self.fail(DecodeErrorKind::EndedMidFrame {
                held: held as u64,
                needed: 0,
            })),
        }
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }

    fn reserved(&self) -> usize {
        self.held.capacity()
    }
}

/// The error of a file, as the trace keeps it.
pub(super) fn refused(error: crate::experiment::files::FileError) -> Detail {
    Detail::FileRefused {
        code: error.code.to_owned(),
        name: error.name.chars().take(300).collect(),
        words: error.words,
    }
}
