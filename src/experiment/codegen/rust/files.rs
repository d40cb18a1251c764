//! Files, and messages taken one by one.
#![allow(
    clippy::format_push_string,
    reason = "a few lines of text, put together once per listing"
)]

use crate::experiment::codegen::files::Uses;
use crate::experiment::codegen::wire::{Receiving, Sending};
use crate::experiment::program::{Data, Num, Program, Text};
use crate::framing::FramingSpec;

use super::Rust;
use super::words::{ident, literal, quoted};

const SEND_FILE: &str = r#"
/// sha256sum(1) prints the SHA-256 of both files.
fn send_file(mut socket: &Socket, path: &str, size: usize) -> io::Result<()> {
    let message = std::fs::read(path)?;
    println!("{path} {}", message.len());
"#;

const SEND_FILE_ACKNOWLEDGED: &str = r#"
/// sha256sum(1) prints the SHA-256 of both files.
fn send_file(socket: &Socket, path: &str) -> io::Result<()> {
    let message = std::fs::read(path)?;
    println!("{path} {}", message.len());
    send_acknowledged(socket, &message)
}
"#;

const CHUNKS: &str = "    for chunk in message.chunks(size) {
        socket.write_all(chunk)?;
    }
";

const DESCRIBE: &str = r##"    let name = path.rsplit('/').next().unwrap_or_default();
    assert!(
        !name.contains(['"', '\\']),
        "a name that would need escapes"
    );
    let (length, checksum) = (message.len(), crc32(&message));
    let header = format!(r#"{{"name": "{name}", "size": {length}, "checksum": {checksum}}}"#);
    let length = (header.len() as u32).to_be_bytes();
    socket.write_all(&[&length[..], header.as_bytes()].concat())?;
"##;

const SAVE: &str = r#"
/// The name may have come over the network: it must not lead out of the folder.
fn save(folder: &str, name: &str, data: &[u8]) -> io::Result<()> {
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
        return Err(io::Error::other("a bad name"));
    }
    let (stem, ending) = name.split_at(name.rfind('.').unwrap_or(name.len()));
    let (mut path, mut number) = (format!("{folder}{name}"), 1);
    let mut file = loop {
        match std::fs::File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number += 1; // overwrites nothing
                path = format!("{folder}{stem} ({number}){ending}");
            }
            result => break result?,
        }
    };
    file.write_all(data)?;
    println!("{} {}", &path[folder.len()..], data.len());
    Ok(())
}
"#;

const FILE_NAME: &str = r#"
/// The name in the header of a file. (A parser of JSON would do; this one reads no escapes.)
fn file_name(buffer: &[u8]) -> Option<String> {
    let length = u32::from_be_bytes(*buffer.first_chunk()?) as usize;
    let header = std::str::from_utf8(buffer.get(4..4 + length)?).ok()?;
    let (_, rest) = header.split_once("\"name\": \"")?;
    let (name, _) = rest.split_once('"')?;
    (!name.contains('\\')).then(|| name.to_owned())
}
"#;

impl Rust<'_> {
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
            if *self.ctx.framing == FramingSpec::Json {
                functions.push(FILE_NAME.to_owned());
            }
            functions.push(self.receive_function(program, true));
        }
        functions
    }

    fn send_file_function(&self, program: &Program) -> String {
        if self.ctx.sending() == Sending::Acknowledged {
            return SEND_FILE_ACKNOWLEDGED.to_owned();
        }
        let mut text = SEND_FILE.to_owned();
        match (self.ctx.framing, self.ctx.sending()) {
            (FramingSpec::EndMark { mark }, _) => {
                text += CHUNKS;
                let pause = self.ctx.mark_pause(program);
                if pause > 0 {
                    text += &format!("    sleep(Duration::from_millis({pause}));\n");
                }
                text += &format!("    socket.write_all({})\n}}\n", literal(mark));
                return text;
            }
            (FramingSpec::Json, _) => text += DESCRIBE,
            (_, Sending::Encoded) => text += "    let message = encode(&message);\n",
            _ => {}
        }
        text += CHUNKS;
        text += "    Ok(())\n}\n";
        text
    }

    /// A function that receives one file, or one message.
    fn receive_function(&self, program: &Program, file: bool) -> String {
        let mut text = match (file, self.ctx.has_buffer()) {
            (true, true) => {
                "
fn receive_file(
    socket: &Socket,
    size: usize,
    buffer: &mut Vec<u8>,
    folder: &str,
    name: &str,
) -> io::Result<()> {
"
            }
            (true, false) => {
                "
fn receive_file(socket: &Socket, size: usize, folder: &str, name: &str) -> io::Result<()> {
"
            }
            (false, _) => {
                "
/// The next message; empty at the end of the stream.
fn receive_message(socket: &Socket, size: usize, buffer: &mut Vec<u8>) -> io::Result<Vec<u8>> {
"
            }
        }
        .to_owned();
        let nothing = if file { "Ok(())" } else { "Ok(Vec::new())" };
        match self.ctx.receiving() {
            Receiving::EachChunk => {
                text += "    // One recv is taken for the file.\n    save(folder, name, &recv(socket, size)?)\n}\n";
            }
            Receiving::ChunkEndsWith(mark) => {
                let length = mark.len();
                let (condition, comment) = if file && self.ctx.exact_mark(program) {
                    ("chunk == MARK", "only if it comes alone")
                } else {
                    ("chunk.ends_with(MARK)", "only where a recv ends")
                };
                text += "    loop {\n        let chunk = recv(socket, size)?;\n        if chunk.is_empty() {\n            break;\n        }\n";
                text += &format!("        let ends = {condition}; // {comment}\n");
                text += "        buffer.extend(chunk);\n        if ends {\n";
                text += &format!("            buffer.truncate(buffer.len() - {length});\n");
                text += if file {
                    "            return save(folder, name, &std::mem::take(buffer));\n"
                } else {
                    "            return Ok(std::mem::take(buffer));\n"
                };
                let most = self.ctx.limit + length;
                text += &format!("        }}\n        if buffer.len() > {most} {{\n");
                text += "            return Err(io::Error::other(\"no end mark\"));\n        }\n    }\n";
                if file {
                    text += "    if !buffer.is_empty() {\n        save(folder, name, buffer)?;\n        return Err(io::Error::other(\"no end mark\"));\n    }\n";
                }
                text += &format!("    {nothing}\n}}\n");
            }
            Receiving::Take { acknowledges } => {
                let arguments = if acknowledges {
                    "socket, size, buffer"
                } else {
                    "buffer"
                };
                text += "    loop {\n";
                let json = file && *self.ctx.framing == FramingSpec::Json;
                if json {
                    text += "        let told = file_name(buffer);\n";
                }
                text += &format!("        if let Some(message) = take({arguments})? {{\n");
                text += match (file, json) {
                    (true, true) => {
                        "            return save(folder, told.as_deref().unwrap_or(name), &message);\n"
                    }
                    (true, false) => "            return save(folder, name, &message);\n",
                    (false, _) => "            return Ok(message);\n",
                };
                text += "        }\n        let chunk = recv(socket, size)?;\n";
                text += "        if chunk.is_empty() && buffer.is_empty() {\n";
                text += &format!("            return {nothing};\n        }}\n");
                text += "        if chunk.is_empty() {\n            return Err(io::Error::other(\"the stream ended inside a message\"));\n        }\n";
                text += "        buffer.extend(chunk);\n    }\n}\n";
            }
        }
        text
    }

    /// Lines that make the lab's own files, unless they are there.
    pub(super) fn samples(&mut self, program: &Program) {
        for sample in self.ctx.samples(program) {
            let name = quoted(sample.name);
            let times = sample.size / sample.pattern.len() + 1;
            self.out.line(format!(
                "if let Ok(mut file) = std::fs::File::create_new({name}) {{"
            ));
            self.out.indented(|out| {
                out.line("// The lab's own file, unless it is there.");
                out.line(if sample.is_every_byte() {
                    "let pattern: Vec<u8> = (0..=35).chain(35..=255).collect();".to_owned()
                } else {
                    format!("let pattern = {};", literal(sample.pattern))
                });
                out.line(format!(
                    "file.write_all(&pattern.repeat({times})[..{}])?;",
                    sample.size
                ));
            });
            self.out.line("}");
        }
    }

    pub(super) fn send_file(&mut self, on: &str, file: &Text, chunk: &Num) {
        let file = quoted(self.ctx.text(file).trim());
        let chunk = self.ctx.count(chunk).max(1);
        let on = ident(on);
        self.out
            .call(if self.ctx.sending() == Sending::Acknowledged {
                format!("send_file(&{on}, {file})?;")
            } else {
                format!("send_file(&{on}, {file}, {chunk})?;")
            });
        self.sleeps();
    }

    pub(super) fn receive_file(&mut self, on: &str, size: &Num, name: &Text, folder: &Text) {
        let (size, on_name) = (self.ctx.count(size), ident(on));
        let name = quoted(&self.ctx.text(name));
        let folder = quoted(&self.ctx.before_name(folder));
        self.out.line(format!("let folder = {folder};"));
        self.out.call(if self.ctx.has_buffer() {
            let buffer = self.buffer(on);
            format!("receive_file(&{on_name}, {size}, &mut {buffer}, folder, {name})?;")
        } else {
            format!("receive_file(&{on_name}, {size}, folder, {name})?;")
        });
    }

    pub(super) fn send_message(&mut self, on: &str, data: &Data) {
        let (on, data) = (ident(on), self.data(data).unwrap_or_default());
        match self.ctx.sending() {
            Sending::Plain => self.out.call(format!("(&{on}).write_all({data})?;")),
            Sending::Acknowledged => {
                self.out.call(format!("send_acknowledged(&{on}, {data})?;"));
            }
            Sending::Encoded => {
                self.out.line(format!("let frame = encode({data});"));
                self.out.call(format!("(&{on}).write_all(&frame)?;"));
            }
        }
        self.sleeps();
    }

    pub(super) fn receive_message(&mut self, at: u16, on: &str, size: &Num, name: &str) {
        let (on_name, text, size) = (ident(on), ident(name), self.ctx.count(size));
        let assigned = self.assigned(name, at);
        self.out.call(if self.ctx.has_buffer() {
            let buffer = self.buffer(on);
            format!("{assigned} = receive_message(&{on_name}, {size}, &mut {buffer})?;")
        } else {
            format!("{assigned} = recv(&{on_name}, {size})?;")
        });
        self.out
            .line(format!("println!(\"{{}}\", {text}.escape_ascii());"));
    }

    fn sleeps(&mut self) {
        if let Some(ms) = self.ctx.pause_ms() {
            self.out
                .line(format!("sleep(Duration::from_millis({ms}));"));
        }
    }
}
