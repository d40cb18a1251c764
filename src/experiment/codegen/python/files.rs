//! Files, and messages taken one by one.
#![allow(
    clippy::format_push_string,
    reason = "a few lines of text, put together once per listing"
)]

use crate::experiment::codegen::files::Uses;
use crate::experiment::codegen::wire::{Receiving, Sending};
use crate::experiment::program::{Data, Num, Program, Text};
use crate::framing::FramingSpec;

use super::Python;
use super::words::{bytes, ident, literal, quoted, seconds};

const SEND_FILE: &str = r#"
def send_file(sock, path, size):
    with open(path, "rb") as file:
        message = file.read()
    print(path, len(message), hashlib.sha256(message).hexdigest())
"#;

const DESCRIBE: &str = r#"
    header = {"name": os.path.basename(path), "size": len(message)}
    header["checksum"] = zlib.crc32(message)
    header["sha256"] = hashlib.sha256(message).hexdigest()
    header = json.dumps(header).encode()
    sock.sendall(struct.pack("!I", len(header)) + header)
"#;

const SAVE: &str = r#"
# The name may have come over the network: it must not lead out of the folder.
def save(path, name, data):
    if not name or name[0] == "." or any(c in "/\\:\0" for c in name):
        raise ValueError(f"a bad name: {name!r}")
    (stem, ending), number = os.path.splitext(name), 1
    while True:
        try:
            with open(path + name, "xb") as file:  # x: overwrites nothing
                file.write(data)
            break
        except FileExistsError:
            number += 1
            name = f"{stem} ({number}){ending}"
    print(name, len(data), hashlib.sha256(data).hexdigest())
"#;

impl Python<'_> {
    /// The functions that they need.
    pub(super) fn file_functions(&self, program: &Program) -> Vec<String> {
        let uses = Uses::of(program);
        let mut functions = Vec::new();
        if uses.sends_file {
            functions.push(self.send_file_function(program));
        }
        if uses.receives_message && self.ctx.has_buffer() {
            functions.push(self.receive_function(program, false));
        }
        if uses.receives_file {
            functions.push(SAVE.to_owned());
            functions.push(self.receive_function(program, true));
        }
        functions
    }

    fn send_file_function(&self, program: &Program) -> String {
        let mut text = SEND_FILE.to_owned();
        let chunks = |what: &str| {
            format!(
                "    for at in range(0, len({what}), size):\n        sock.sendall({what}[at:at + size])\n"
            )
        };
        match (self.ctx.framing, self.ctx.sending()) {
            (FramingSpec::EndMark { mark }, _) => {
                text += &chunks("message");
                let pause = self.ctx.mark_pause(program);
                if pause > 0 {
                    text += &format!("    time.sleep({})\n", seconds(pause));
                }
                text += &format!("    sock.sendall({})\n", literal(mark));
            }
            (FramingSpec::Json, _) => {
                text += DESCRIBE.trim_start_matches('\n');
                text += &chunks("message");
            }
            (_, Sending::Acknowledged) => text += "    send_acknowledged(sock, message)\n",
            (_, Sending::Plain) => text += &chunks("message"),
            (_, Sending::Encoded) => {
                text += &format!("    frame = {}\n", self.encoded());
                text += &chunks("frame");
            }
        }
        text
    }

    /// A function that receives one file, or one message.
    fn receive_function(&self, program: &Program, file: bool) -> String {
        let (head, done, none) = if file {
            let head = if self.ctx.has_buffer() {
                "def receive_file(sock, size, buffer, path, name):\n"
            } else {
                "def receive_file(sock, size, path, name):\n"
            };
            (head, "return buffer", "return b\"\"")
        } else {
            (
                "def receive_message(sock, size, buffer):\n",
                "return taken",
                "return b\"\", b\"\"",
            )
        };
        let mut text = format!("\n{head}");
        match self.ctx.receiving() {
            Receiving::EachChunk => {
                text += "    save(path, name, sock.recv(size))  # one recv is taken for the file\n";
            }
            Receiving::ChunkEndsWith(mark) => {
                let (length, mark) = (mark.len(), literal(mark));
                let found = if file && self.ctx.exact_mark(program) {
                    format!("chunk == {mark}:  # only if it comes alone")
                } else {
                    format!("chunk.endswith({mark}):  # looks only where a recv happens to end")
                };
                text += &format!(
                    "    while chunk := sock.recv(size):\n        buffer += chunk\n        if {found}\n"
                );
                if file {
                    text += &format!(
                        "            save(path, name, buffer[:-{length}])\n            return b\"\"\n"
                    );
                    text += "    if buffer:\n        save(path, name, buffer)\n        raise ConnectionError(\"no end mark\")\n";
                } else {
                    text += &format!("            return buffer[:-{length}], b\"\"\n");
                }
                text += &format!("    {none}\n");
            }
            Receiving::Take { acknowledges } => {
                let arguments = if acknowledges {
                    "sock, size, buffer"
                } else {
                    "buffer"
                };
                text += &format!("    while not (taken := take({arguments})):\n");
                text += "        chunk = sock.recv(size)\n        if not chunk:\n";
                text += "            if buffer:\n                raise ConnectionError(\"the stream ended inside a message\")\n";
                text += &format!("            {none}\n        buffer += chunk\n");
                if file {
                    if *self.ctx.framing == FramingSpec::Json {
                        text += "    (length,) = struct.unpack_from(\"!I\", buffer)\n";
                        text += "    name = json.loads(buffer[4:4 + length])[\"name\"]\n";
                    }
                    text += "    message, buffer = taken\n    save(path, name, message)\n";
                }
                text += &format!("    {done}\n");
            }
        }
        text
    }

    /// Lines that make the lab's own files, unless they are there.
    pub(super) fn samples(&mut self, program: &Program) {
        for sample in self.ctx.samples(program) {
            let name = quoted(sample.name);
            let size = sample.size;
            let pattern = if sample.is_every_byte() {
                "(bytes(range(36)) + bytes(range(35, 256)))".to_owned()
            } else {
                literal(sample.pattern)
            };
            let times = size / sample.pattern.len() + 1;
            self.out.line(format!(
                "if not os.path.exists({name}):  # the lab's own file"
            ));
            self.out.indented(|out| {
                out.line(format!("with open({name}, \"wb\") as file:"));
                out.indented(|out| out.line(format!("file.write(({pattern} * {times})[:{size}])")));
            });
            self.out.gap();
        }
    }

    pub(super) fn send_file(&mut self, on: &str, file: &Text, chunk: &Num) {
        let file = quoted(self.ctx.text(file).trim());
        let chunk = self.ctx.count(chunk).max(1);
        self.out
            .call(format!("send_file({}, {file}, {chunk})", ident(on)));
        self.sleeps();
    }

    pub(super) fn receive_file(&mut self, on: &str, size: &Num, name: &Text, folder: &Text) {
        let (size, name) = (self.ctx.count(size), quoted(&self.ctx.text(name)));
        let path = quoted(&self.ctx.before_name(folder));
        let on_name = ident(on);
        self.out.call(if self.ctx.has_buffer() {
            let buffer = self.buffer(on);
            format!("{buffer} = receive_file({on_name}, {size}, {buffer}, {path}, {name})")
        } else {
            format!("receive_file({on_name}, {size}, {path}, {name})")
        });
    }

    pub(super) fn send_message(&mut self, on: &str, data: &Data) {
        let on = ident(on);
        let data = match data {
            Data::Text(text) => bytes(&self.ctx.text(text)),
            data => self.data(data),
        };
        match self.ctx.sending() {
            Sending::Plain => self.out.call(format!("{on}.sendall({data})")),
            Sending::Acknowledged => self.out.call(format!("send_acknowledged({on}, {data})")),
            Sending::Encoded => {
                self.out.line(format!("message = {data}"));
                let encoded = self.encoded();
                self.out.call(format!("{on}.sendall({encoded})"));
            }
        }
        self.sleeps();
    }

    pub(super) fn receive_message(&mut self, on: &str, size: &Num, name: &str) {
        let (name, on_name, size) = (ident(name), ident(on), self.ctx.count(size));
        self.out.call(if self.ctx.has_buffer() {
            let buffer = self.buffer(on);
            format!("{name}, {buffer} = receive_message({on_name}, {size}, {buffer})")
        } else {
            format!("{name} = {on_name}.recv({size})  # one recv is taken for one message")
        });
        self.out.line(format!("print({name})"));
    }

    fn sleeps(&mut self) {
        if let Some(ms) = self.ctx.pause_ms() {
            self.out.line(format!("time.sleep({})", seconds(ms)));
        }
    }
}
