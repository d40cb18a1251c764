//! Operations of sockets that keep boundaries.

use super::{
    Address, Data, End, Interpreter, LONGEST_RECV, Num, SocketKind, Target, Text, Var, ends,
};
use crate::experiment::echo;
use crate::i18n::program as say;
use crate::net::{Begin, Ipv4Addr};
use crate::trace::{Call, Detail};

impl Interpreter<'_> {
    /// `sendto`; the gate has been passed.
    pub(super) fn send_to(
        &mut self,
        op: u16,
        on: &str,
        data: &Data,
        to: &Address,
    ) -> Result<(), End> {
        let message = self.fill_wire(on, data)?;
        let target = self.target(op, to)?;
        let wire = std::mem::take(&mut self.wire);
        let sent = self.with(on, |socket, rec| {
            socket.send_to(rec, op, &wire, message, &target)
        });
        self.wire = wire;
        sent?;
        self.count_sent(message);
        Ok(())
    }

    /// `recvfrom`; the gate has been passed.
    pub(super) fn recv_from(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        name: &str,
        from: Option<&str>,
    ) -> Result<(), End> {
        let size = self.int(size)?.clamp(0, LONGEST_RECV) as usize;
        let mut buffer = vec![0; size];
        let (n, sender) = self.with(on, |socket, rec| {
            socket.recv_from(rec, op, &mut buffer, false)
        })?;
        self.count_received(n);
        buffer.truncate(n);
        self.keep(name, Var::Bytes(buffer));
        if let Some(from) = from {
            self.keep(from, Var::Sender(sender));
        }
        Ok(())
    }

    /// `join_group`; the gate has been passed.
    pub(super) fn join_group(
        &mut self,
        op: u16,
        on: &str,
        group: &Text,
        interface: &Text,
    ) -> Result<(), End> {
        let (group, interface) = (self.ipv4(group)?, self.ipv4(interface)?);
        self.with(on, |socket, rec| {
            socket.join_group(rec, op, group, interface)
        })
    }

    /// An IPv4 address in numbers.
    pub(super) fn ipv4(&self, text: &Text) -> Result<Ipv4Addr, End> {
        let text = self.text(text)?;
        text.parse()
            .map_err(|_| ends(say::NOT_IPV4, &[("given", &text)]))
    }

    /// `echo_request`: no call, so no gate.
    pub(super) fn echo_request(
        &mut self,
        name: &str,
        number: &Num,
        data: &Text,
        wrong: &Num,
    ) -> Result<(), End> {
        let number = self.int(number)?.clamp(0, i64::from(u16::MAX)) as u16;
        let wrong = u16::from(self.int(wrong)? != 0);
        let packet = echo::request(number, self.text(data)?.as_bytes(), wrong);
        self.keep(name, Var::Bytes(packet));
        Ok(())
    }

    /// Whence the datagram came whose sender that variable holds.
    pub(super) fn sender(&self, name: &str) -> Result<Target, End> {
        match self.vars.get(name) {
            Some(Var::Sender(Some(target))) => Ok(target.clone()),
            Some(Var::Sender(None)) => Err(ends(say::NO_SENDERS_ADDRESS, &[])),
            _ => Err(ends(say::NO_DATAGRAM, &[("name", &name)])),
        }
    }

    pub(super) fn kind_of(&self, on: &str) -> Option<SocketKind> {
        match self.vars.get(on) {
            Some(Var::Socket(socket)) => Some(socket.kind()),
            _ => None,
        }
    }

    /// `unlink`; the gate has been passed.
    pub(super) fn unlink(&mut self, op: u16, path: &str) -> Result<(), End> {
        let Target::Path(file) = self.target(op, &Address::Path(path.to_owned()))? else {
            return Ok(());
        };
        let shown = Detail::Text(file.display().to_string());
        self.rec
            .begin(Begin::new(Call::Unlink, op), Some(shown), &[]);
        match std::fs::remove_file(&file) {
            Ok(()) => {
                self.rec.returned(Ok(0), 0, None, &[]);
                Ok(())
            }
            Err(error) => {
                let errno = error.raw_os_error().unwrap_or(1);
                let words = error.to_string();
                self.rec
                    .returned(Err(errno), 0, Some(Detail::Error(words.clone())), &[]);
                Err(ends(say::NOT_UNLINKED, &[("why", &words)]))
            }
        }
    }
}
