//! The comments in the programs of the code pane. Each stands there as its English is written here.

super::phrases! {
    // What a program does.
    DEFAULT: "{option}: the system's default", "{option}：用系统默认值";
    TIME_TO_SEND: "time for {actor} to send {n} messages", "等待 {actor} 发送 {n} 条消息";
    TIME_TO_RECEIVE: "time for {actor} to receive {n} bytes", "等待 {actor} 收到 {n} 个字节";
    TIME_TO_END: "time for {actor} to end", "等待 {actor} 结束";
    PEER_CLOSED_EMPTY: "b'': the peer has closed", "b''：对方已经关闭";
    PEER_CLOSED_ZERO: "0 bytes: the peer has closed", "0 个字节：对方已经关闭";
    CLOSES_IT: "closes it", "关闭它";
    REPLACED: "replaced below", "下面会替换";
    NEXT_CLIENT_WAITS: "the next client waits meanwhile", "这期间下一个客户端在等";
    SIGPIPE: "a failed send returns an error instead", "发送失败时改为返回错误";
    // Receiving.
    RECV_IS_MESSAGE: "one recv is taken for one message", "把一次 recv 当作一条消息";
    RECV_IS_MESSAGE_SENTENCE: "One recv is taken for one message.", "把一次 recv 当作一条消息。";
    RECV_IS_FILE: "one recv is taken for the file", "把一次 recv 当作整个文件";
    RECV_IS_FILE_SENTENCE: "One recv is taken for the file.", "把一次 recv 当作整个文件。";
    LOOKS_AT_ENDS: "looks only where a recv happens to end", "只看一次 recv 恰好结束的地方";
    ONLY_AT_ENDS: "only where a recv ends", "只在一次 recv 结束的地方";
    ONLY_ALONE: "only if it comes alone", "只有它单独到达时";
    NOT_YET_DECODED: "received, not yet decoded", "已收到，还没有解码";
    LONGEST: "longest message", "最长的消息";
    AT_MOST_SIZE: "At most `size` bytes; none at the end of the stream.", "最多 `size` 个字节；流结束时一个也没有。";
    PEEK: "As `recv`, but the bytes stay in the receive buffer.", "与 `recv` 相同，但字节留在接收缓冲区。";
    DATAGRAM: "A datagram, at most `size` bytes of it, and who sent it.", "一个数据报（最多取其中 `size` 个字节）以及发送者。";
    FILL: "Receives into the buffer until it is full or the stream ends; gives what came.", "不断接收到缓冲区，直到装满或流结束；返回收到的内容。";
    LINE: "A line with its end, at most `size` bytes of it; none at the end of the stream.", "带行尾的一行，最多取 `size` 个字节；流结束时没有。";
    LINE_C: "A line with its end; 0 bytes at the end of the stream.", "带行尾的一行；流结束时为 0 个字节。";
    NEXT_MESSAGE: "The next message; empty at the end of the stream.", "下一条消息；流结束时为空。";
    NEXT_SIZE: "The size of the next message; 0 at the end of the stream.", "下一条消息的大小；流结束时为 0。";
    // Framing.
    FIRST_PYTHON: "The first message and what follows it; None while it is incomplete.", "第一条消息和它后面的内容；不完整时为 None。";
    FIRST_RUST: "The first message, taken out of what was received; none while it is incomplete.", "从已收到的内容里取出第一条消息；不完整时没有。";
    FIRST_C: "Finds the first message in the buffer. Returns how many bytes it takes up, 0 = more must come.", "在缓冲区里找第一条消息。返回它占的字节数，0 = 还要再收。";
    REST_COMES: "the rest comes with a later recv", "其余部分随以后的 recv 到达";
    STANDS_FOR_ITSELF: "the next byte stands for itself", "下一个字节就是它本身";
    LENGTH_KNOWN: "wait until the receiver knows the length", "等接收方得知长度";
    ACKNOWLEDGE: "acknowledge the length", "确认长度";
    ACKNOWLEDGES: "Acknowledges the length of the first message and receives the rest of it.", "确认第一条消息的长度，再接收其余部分。";
    TAKES_UP: "Returns how many bytes it takes up, 0 = more must come.", "返回它占的字节数，0 = 还要再收。";
    NONE_INCOMPLETE: "None while its length is incomplete.", "长度不完整时没有。";
    VARINT: "seven bits a byte; the top bit: more follow", "每个字节七位；最高位表示后面还有";
    COBS: "the code before a piece says where the zero after it was", "每段前面的编码说明它后面的零在哪里";
    COBS_SENTENCE: "The code before a piece says where the zero after it was.", "每段前面的编码说明它后面的零在哪里。";
    CRC: "CRC-32 of IEEE 802.3, as Python's zlib.crc32", "IEEE 802.3 的 CRC-32，与 Python 的 zlib.crc32 相同";
    KEY_NUMBER: "The number behind that key. (A parser of JSON would do; this finds what matters.)", "该键后面的数字。（用 JSON 解析器也行；这里只找需要的。）";
    TWO_NUMBERS: "A parser of JSON would do; this finds the two numbers that matter.", "用 JSON 解析器也行；这里只找需要的两个数字。";
    MESSAGE_I: "Writes message i and returns its length.", "写出第 i 条消息，返回它的长度。";
    ONE_SEND_FEWER: "One send may take fewer bytes than asked.", "一次 send 取走的字节可能比要求的少。";
    // Files and commands.
    OWN_FILE: "the lab's own file", "实验室自带的文件";
    OWN_FILE_UNLESS: "The lab's own file, unless it is there.", "实验室自带的文件，除非已经存在。";
    MAKES_OWN_FILE: "Makes one of the lab's own files, unless it is there.", "生成一个实验室自带的文件，除非已经存在。";
    OVERWRITES_NOTHING: "overwrites nothing", "不覆盖任何文件";
    OVERWRITES_NOTHING_X: "x: overwrites nothing", "x：不覆盖任何文件";
    NAME_OVER_NETWORK: "The name may have come over the network: it must not lead out of the folder.", "文件名可能来自网络：不能指向文件夹之外。";
    NAME_IN_HEADER: "The name in the header of a file. A parser of JSON would do; this one reads no escapes.", "文件头部里的名字。用 JSON 解析器也行；这里不处理转义。";
    NAME_IN_HEADER_RUST: "The name in the header of a file. (A parser of JSON would do; this one reads no escapes.)", "文件头部里的名字。（用 JSON 解析器也行；这里不处理转义。）";
    SHA256: "sha256sum(1) prints the SHA-256 of both files.", "用 sha256sum(1) 可以打印两个文件的 SHA-256。";
    NO_SHELL: "No shell, and nothing of what came becomes an argument: it only chooses a row of the list.", "不经过 shell，收到的内容也不会成为参数：它只用来选出列表中的一行。";
    ONE_PIPE: "Both outputs go into one pipe; at most `most` bytes of them are kept.", "两种输出进入同一个管道；最多保留 `most` 个字节。";
    FIVE_SECONDS: "no longer than five seconds", "不超过五秒";
    TYPED: "A line typed by a person, without its end.", "人输入的一行，不含行尾。";
    // Raw sockets.
    ICMP: "RFC 792: type 8, code 0, checksum, identifier, number, data.", "RFC 792：类型 8、代码 0、校验和、标识、序号、数据。";
    ICMP_C: "RFC 792: type 8, code 0, checksum, identifier, number, data. Returns its length.", "RFC 792：类型 8、代码 0、校验和、标识、序号、数据。返回它的长度。";
    CHECKSUM: "RFC 1071: the complement of the sum of all 16-bit words, the carries added again.", "RFC 1071：所有 16 位字之和的反码，进位要加回去。";
    // What C and Rust need beside.
    SERVING: "the connection that this thread serves", "这个线程服务的连接";
    ENDS_THREAD: "Ends the thread; in main, the program.", "结束这个线程；在 main 里则结束程序。";
    ENDS_THREAD_FAILED: "Ends the thread if a call has failed.", "调用失败时结束这个线程。";
    ENDS_PROGRAM: "Ends the program if a call has failed.", "调用失败时结束程序。";
    HAS_FAILED: "has the latest attempt?", "最近一次尝试失败了吗？";
    SAYS_FAILED: "Says so if a call has failed.", "调用失败时说明。";
    TIME_24: "The time, 24 characters.", "时间，24 个字符。";
    TIME_ASCTIME: "The time as C's asctime writes it, in UTC.", "UTC 时间，格式与 C 的 asctime 相同。";
    NO_TIMEOUT: "0 = none", "0 = 没有";
    TIMEOUT_C: "Milliseconds; 0 = non-blocking, -1 = none", "毫秒；0 = 非阻塞，-1 = 没有超时";
    TIMEOUT_RUST: "How long calls wait: `None` for ever, zero not at all.", "调用等待多久：`None` 表示一直等，零表示不等。";
    BUFFERED_FILE: "A file with a buffer. fclose closes its descriptor, so it has one of its own.", "带缓冲区的文件。fclose 会关闭它的描述符，所以它有自己的一个。";
    SAFETY: "SAFETY: the kernel has written the first n bytes.", "SAFETY: 内核已经写入前 n 个字节。";
}

/// Is that comment the same in both languages? Names of files, of calls and of crates are.
pub(crate) fn is_the_same(comment: &str) -> bool {
    const NAMES: [&str; 5] = [
        "{file}.c: cc{options}",
        "{file}.py",
        "{file}.rs",
        "Cargo.toml: {crates}",
        "memmem",
    ];
    NAMES
        .iter()
        .any(|name| super::filled(name, comment).is_some())
}
