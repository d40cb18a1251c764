//! Files, and messages taken one by one.
#![allow(
    clippy::format_push_string,
    reason = "a few lines of text, put together once per listing"
)]

use crate::experiment::codegen::files::{LONGEST_KEPT, Uses};
use crate::experiment::codegen::wire::{Receiving, Sending};
use crate::experiment::program::{Data, Num, Program, Text};
use crate::framing::{FramingSpec, MAX_JSON_HEADER};

use super::C;
use super::words::{ident, literal, microseconds};

const READ_FILE: &str = r#"
static char *read_file(const char *path, long *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (*size = ftell(file)) < 0)
        fail("the file cannot be read");
    rewind(file);
    char *data = malloc(*size + 1);
    if (data == NULL || fread(data, 1, *size, file) != (size_t)*size)
        fail("the file cannot be read");
    fclose(file);
    return data;
}
"#;

const SEND_CHUNKS: &str = r"
static void send_chunks(int fd, const char *data, long size, long chunk) {
    for (long at = 0; at < size; at += chunk)
        send_all(fd, data + at, size - at < chunk ? size - at : chunk);
}
";

const SEND_FILE: &str = r#"
/* sha256sum(1) prints the SHA-256 of both files. */
static void send_file(int fd, const char *path, long chunk) {
    long length;
    char *message = read_file(path, &length);
    printf("%s %ld\n", path, length);
"#;

const DESCRIBE: &str = r#"    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    char header[1024];
    if (strpbrk(name, "\"\\") != NULL || strlen(name) > 500)
        fail("a name that would need escapes");
    int size = sprintf(header + 4, "{\"name\": \"%s\", \"size\": %ld, \"checksum\": %lu}",
                       name, length, crc32(message, length));
    uint32_t announced = htonl(size);
    memcpy(header, &announced, 4);
    send_all(fd, header, 4 + size);
    send_chunks(fd, message, length, chunk);
"#;

const SAVE: &str = r#"
/* The name may have come over the network: it must not lead out of the folder. */
static void save(const char *folder, const char *name, const char *data, long size) {
    char path[4096];
    if (*name == '\0' || *name == '.' || strpbrk(name, "/\\:") != NULL)
        fail("a bad name");
    const char *dot = strrchr(name, '.');
    int stem = dot == NULL ? (int)strlen(name) : (int)(dot - name);
    snprintf(path, sizeof path, "%s%s", folder, name);
    FILE *file = fopen(path, "wbx"); /* x: overwrites nothing */
    for (int number = 2; file == NULL && errno == EEXIST; number++) {
        snprintf(path, sizeof path, "%s%.*s (%d)%s", folder, stem, name, number, name + stem);
        file = fopen(path, "wbx");
    }
    if (file == NULL)
        check(-1, path);
    if (fwrite(data, 1, size, file) != (size_t)size || fclose(file) != 0)
        fail("not written");
    printf("%s %ld\n", path + strlen(folder), size);
}
"#;

/// Finds the name in a header; the framing has seen to it that there is one.
const FILE_NAME: &str = r#"
/* The name in the header of a file. A parser of JSON would do; this one reads no escapes. */
static void file_name(const char *buffer, char *name, size_t most) {
    uint32_t length;
    memcpy(&length, buffer, 4);
    char json[$most + 1];
    memcpy(json, buffer + 4, ntohl(length));
    json[ntohl(length)] = '\0';
    char *begin = strstr(json, "\"name\": \""), *end = begin ? strchr(begin + 9, '"') : NULL;
    if (end == NULL || (size_t)(end - begin) - 9 >= most || memchr(begin, '\\', end - begin))
        fail("a bad name");
    memcpy(name, begin + 9, end - begin - 9);
    name[end - begin - 9] = '\0';
}
"#;

impl C<'_> {
    /// The functions that they need.
    pub(super) fn file_functions(&self, program: &Program) -> Vec<String> {
        let uses = Uses::of(program);
        let mut functions = Vec::new();
        if uses.sends_file {
            functions.push(READ_FILE.to_owned());
            if self.ctx.sending() != Sending::Acknowledged {
                functions.push(SEND_CHUNKS.to_owned());
            }
            functions.push(self.send_file_function(program));
        }
        if uses.receives_message && self.ctx.has_buffer() {
            functions.push(self.receive_function(program, false));
        }
        if uses.receives_file {
            functions.push(SAVE.to_owned());
            if *self.ctx.framing == FramingSpec::Json {
                let most = MAX_JSON_HEADER.to_string();
                functions.push(FILE_NAME.replace("$most", &most));
            }
            functions.push(self.receive_function(program, true));
        }
        let samples = self.ctx.samples(program);
        if !samples.is_empty() {
            functions.push(MAKE_SAMPLE.to_owned());
        }
        functions
    }

    fn send_file_function(&self, program: &Program) -> String {
        let mut text = SEND_FILE.to_owned();
        match (self.ctx.framing, self.ctx.sending()) {
            (FramingSpec::EndMark { mark }, _) => {
                text += "    send_chunks(fd, message, length, chunk);\n";
                let pause = self.ctx.mark_pause(program);
                if pause > 0 {
                    text += &format!("    usleep({});\n", microseconds(pause));
                }
                text += &format!("    send_all(fd, {}, {});\n", literal(mark), mark.len());
            }
            (FramingSpec::Json, _) => text += DESCRIBE,
            (_, Sending::Acknowledged) => {
                text += "    (void)chunk;\n    send_acknowledged(fd, message, length);\n";
            }
            (_, Sending::Plain) => text += "    send_chunks(fd, message, length, chunk);\n",
            (_, Sending::Encoded) => {
                let room = self.ctx.most_on_the_wire(0) + 64;
                text += &format!("    char *frame = malloc(2 * length + {room});\n");
                text += "    if (frame == NULL)\n        fail(\"no memory\");\n";
                text += "    send_chunks(fd, frame, encode(message, length, frame), chunk);\n";
                text += "    free(frame);\n";
            }
        }
        text += "    free(message);\n}\n";
        text
    }

    /// A function that receives one file, or one message.
    fn receive_function(&self, program: &Program, file: bool) -> String {
        let buffered = self.ctx.has_buffer();
        let mut text = match (file, buffered) {
            (true, true) => "\nstatic void receive_file(int fd, long recv_size, char *buffer, long *held,\n                         const char *folder, const char *name) {\n",
            (true, false) => "\nstatic void receive_file(int fd, long recv_size, const char *folder, const char *name) {\n",
            (false, _) => "\n#define MOST_KEPT $kept\n\n/* The size of the next message; 0 at the end of the stream. */\nstatic long receive_message(int fd, long recv_size, char *buffer, long *held, char *to) {\n",
        }
        .replace("$kept", &LONGEST_KEPT.min(self.ctx.limit).to_string());
        let none = if file { "return" } else { "return 0" };
        match self.ctx.receiving() {
            Receiving::EachChunk => {
                text += "    static char chunk[1 << 20];\n";
                text +=
                    "    if (recv_size > (long)sizeof chunk)\n        recv_size = sizeof chunk;\n";
                text += "    long n = check(recv(fd, chunk, recv_size, 0), \"recv\");\n";
                text += "    save(folder, name, chunk, n); /* one recv is taken for the file */\n";
            }
            Receiving::ChunkEndsWith(mark) => {
                let (size, mark) = (mark.len(), literal(mark));
                let exact = file && self.ctx.exact_mark(program);
                let condition = if exact {
                    format!("n == {size} && memcmp(buffer + *held - n, {mark}, {size}) == 0")
                } else {
                    format!("n >= {size} && memcmp(buffer + *held - {size}, {mark}, {size}) == 0")
                };
                let comment = if exact {
                    "only if it comes alone"
                } else {
                    "looks only where a recv happens to end"
                };
                text += "    long n;\n";
                text += "    while ((n = check(recv(fd, buffer + *held, recv_size, 0), \"recv\")) > 0) {\n";
                text += "        *held += n;\n";
                text += &format!("        if ({condition}) {{ /* {comment} */\n");
                text +=
                    &format!("            long size = *held - {size};\n            *held = 0;\n");
                if file {
                    text += "            save(folder, name, buffer, size);\n            return;\n";
                } else {
                    text += "            if (size > MOST_KEPT)\n                fail(\"a message longer than its variable\");\n";
                    text += "            memcpy(to, buffer, size);\n            return size;\n";
                }
                text += &format!(
                    "        }}\n        if (*held > LIMIT + {size})\n            fail(\"no end mark\");\n    }}\n"
                );
                if file {
                    text += "    if (*held > 0) {\n        save(folder, name, buffer, *held);\n        fail(\"no end mark\");\n    }\n";
                } else {
                    text += "    return 0;\n";
                }
            }
            Receiving::Take { acknowledges } => {
                let arguments = if acknowledges {
                    "fd, recv_size, buffer, held"
                } else {
                    "buffer, *held"
                };
                text += "    char *found;\n    long size, taken;\n";
                text +=
                    &format!("    while ((taken = take({arguments}, &found, &size)) == 0) {{\n");
                text +=
                    "        long n = check(recv(fd, buffer + *held, recv_size, 0), \"recv\");\n";
                text += "        if (n == 0 && *held > 0)\n            fail(\"the stream ended inside a message\");\n";
                text += &format!(
                    "        if (n == 0)\n            {none};\n        *held += n;\n    }}\n"
                );
                if file && *self.ctx.framing == FramingSpec::Json {
                    text += "    char told[256];\n    file_name(buffer, told, sizeof told);\n    name = told;\n";
                }
                text += if file {
                    "    save(folder, name, found, size);\n"
                } else {
                    "    if (size > MOST_KEPT)\n        fail(\"a message longer than its variable\");\n    memcpy(to, found, size);\n"
                };
                text += "    *held -= taken;\n    memmove(buffer, buffer + taken, *held);\n";
                if !file {
                    text += "    return size;\n";
                }
            }
        }
        text += "}\n";
        text
    }

    /// Lines that make the lab's own files, unless they are there.
    pub(super) fn samples(&mut self, program: &Program) {
        for sample in self.ctx.samples(program) {
            let pattern = if sample.is_every_byte() {
                self.out.line("char every_byte[257];");
                self.out.line("for (int i = 0; i < 257; i++)");
                self.out
                    .indented(|out| out.line("every_byte[i] = i <= 35 ? i : i - 1;"));
                "every_byte".to_owned()
            } else {
                literal(sample.pattern)
            };
            self.out.line(format!(
                "make_sample({}, {pattern}, {}, {});",
                literal(sample.name.as_bytes()),
                sample.pattern.len(),
                sample.size
            ));
        }
    }

    pub(super) fn send_file(&mut self, on: &str, file: &Text, chunk: &Num) {
        let file = literal(self.ctx.text(file).trim().as_bytes());
        let chunk = self.ctx.count(chunk).max(1);
        self.out
            .call(format!("send_file({}, {file}, {chunk});", ident(on)));
        self.sleeps();
    }

    pub(super) fn receive_file(&mut self, on: &str, size: &Num, name: &Text, folder: &Text) {
        let (size, on_name) = (self.ctx.count(size), ident(on));
        let name = literal(self.ctx.text(name).as_bytes());
        let folder = literal(self.ctx.before_name(folder).as_bytes());
        self.out.call(if self.ctx.has_buffer() {
            let (buffer, held) = self.buffer(on);
            format!("receive_file({on_name}, {size}, {buffer}, &{held}, {folder}, {name});")
        } else {
            format!("receive_file({on_name}, {size}, {folder}, {name});")
        });
    }

    pub(super) fn send_message(&mut self, on: &str, data: &Data) {
        let (on, data) = (ident(on), self.data(data).unwrap_or_default());
        match self.ctx.sending() {
            Sending::Plain => self.out.call(format!("send_all({on}, {data});")),
            Sending::Acknowledged => self.out.call(format!("send_acknowledged({on}, {data});")),
            Sending::Encoded => {
                let name = self.fresh("frame_size");
                self.out
                    .line(format!("long {name} = encode({data}, frame);"));
                self.out.call(format!("send_all({on}, frame, {name});"));
            }
        }
        self.sleeps();
    }

    pub(super) fn receive_message(&mut self, on: &str, at: u16, size: &Num, name: &str) {
        let (on_name, size) = (ident(on), self.ctx.count(size));
        if self.ctx.has_buffer() {
            let (buffer, held) = self.buffer(on);
            self.received(name, at, |name| {
                format!("receive_message({on_name}, {size}, {buffer}, &{held}, {name})")
            });
        } else {
            self.received(name, at, |name| {
                format!("check(recv({on_name}, {name}, {size}, 0), \"recv\")")
            });
        }
    }

    fn sleeps(&mut self) {
        if let Some(ms) = self.ctx.pause_ms() {
            self.out.line(format!("usleep({});", microseconds(ms)));
        }
    }
}

const MAKE_SAMPLE: &str = r#"
/* Makes one of the lab's own files, unless it is there. */
static void make_sample(const char *path, const char *pattern, long length, long size) {
    FILE *file = fopen(path, "wbx");
    if (file == NULL)
        return;
    for (long at = 0; at < size; at++)
        fputc(pattern[at % length], file);
    fclose(file);
}
"#;
