//! Phrases about the attacker between the ends: what it is told to do, and what it did.

super::phrases! {
    ATTACKER: "attacker", "攻击者";
    WIRE: "Wire", "线路";
    WIRE_HINT: "Put an attacker between the two programs: a real relay on this computer. The lab leads the client’s connection to it, and it connects to the server. Offsets count the bytes that the client sends. A change begins a new run.", "在两个程序之间放一个攻击者：本机上一个真实的中继。实验室把客户端的连接引到它那里，再由它连接服务器。偏移按客户端发出的字节计算。改动后会开始新的运行。";
    VALUE_OF: "{label} of the attack", "攻击的{label}";
    THROUGH: "through the attacker", "经过攻击者";
    LIMIT_NOTE: "While an attack is on, the decoder accepts at most {bytes} in one frame.", "攻击期间，解码器每帧最多接受 {bytes}。";
    NOT_APPLICABLE: "This framing announces no length, so there is none to forge: the bytes pass untouched.", "这种分帧方式不声明长度，没有长度可以伪造：字节原样通过。";

    WIRE_IS: "wire: {attack}", "线路：{attack}";

    NONE: "untouched", "不改动";
    SLICE: "slice", "切成小块";
    MERGE: "merge", "合并";
    STALL: "stall", "停顿";
    CUT: "cut off", "截断";
    RESET: "reset", "强行断开";
    FLIP: "flip a bit", "翻转一位";
    INSERT: "insert bytes", "插入字节";
    ABSURD_LENGTH: "absurd length", "不合理的长度";
    ENDLESS: "never-ending frame", "永不结束的帧";

    NONE_IS: "The two programs are joined directly; nobody stands between them.", "两个程序直接相连，中间没有别人。";
    SLICE_IS: "Passes the client’s bytes on in pieces of {size}, {gap} ms apart.", "把客户端的字节切成每块 {size} 转发，间隔 {gap} 毫秒。";
    MERGE_IS: "Holds everything back until nothing has come for {ms} ms, then passes it on at once.", "先全部扣下，直到 {ms} 毫秒内没有新数据，再一次转发。";
    STALL_IS: "Holds the stream up for {ms} ms before the byte at offset {at}.", "在偏移 {at} 的字节之前停顿 {ms} 毫秒。";
    CUT_IS: "Ends the stream cleanly after {at} bytes; what the client sends after that is lost.", "转发 {at} 字节后正常结束字节流；客户端此后发送的都会丢失。";
    RESET_IS: "Breaks both connections off after {at} bytes (RST).", "转发 {at} 字节后强行断开两条连接（RST）。";
    FLIP_IS: "Turns bit {bit} of the byte at offset {at} round.", "翻转偏移 {at} 处字节的第 {bit} 位。";
    INSERT_IS: "Puts {text} before the byte at offset {at}.", "在偏移 {at} 的字节之前插入 {text}。";
    ABSURD_LENGTH_IS: "Puts a header at offset {at} that announces 4 GiB, or the most it can say.", "在偏移 {at} 处放入一个声明 4 GiB（或头部能表示的最大值）的头部。";
    ENDLESS_IS: "From offset {at} on sends letters without an end mark, until the decoder gives up.", "从偏移 {at} 起不断发送没有结束标记的字母，直到解码器放弃。";

    P_AT: "Offset", "偏移";
    P_SIZE: "Piece", "每块";
    P_GAP: "Pause", "间隔";
    P_IDLE: "Silence", "静默";
    P_TIME: "Time", "时长";
    P_BIT: "Bit", "位";
    P_BYTES: "Bytes", "字节";
    BYTES_BAD: "{text} cannot be inserted: 1 to 64 bytes, with the escapes of C.", "无法插入 {text}：1 到 64 字节，可用 C 语言转义。";

    JOINED: "The attacker stands between the two programs: the lab led the client’s connection to it, and it connected to the server.", "攻击者位于两个程序之间：实验室把客户端的连接引到了它那里，它再连接服务器。";
    COPIED: "The attacker passes on {what}, unchanged.", "攻击者原样转发{what}。";
    ALTERED: "The attacker changes {bytes} of {what} at offset {at} and passes it on.", "攻击者改动了偏移 {at} 处{what}的 {bytes}，再转发。";
    INSERTED: "The attacker puts {bytes} of its own into the stream, at offset {at}.", "攻击者在偏移 {at} 处插入了自己的 {bytes}。";
    DROPPED: "The attacker does not pass on {bytes} that the client sent: {what}.", "攻击者没有转发客户端发送的 {bytes}：{what}。";
    JOINED_SHORT: "joined", "接通";
    COPIED_SHORT: "passed on", "转发";
    ALTERED_SHORT: "changed", "改动";
    INSERTED_SHORT: "inserted", "插入";
    DROPPED_SHORT: "dropped", "丢弃";

    PART: "{bytes} of the attacker", "攻击者的 {bytes}";
    PART_ALTERED: "message {n} with a byte changed by the attacker", "被攻击者改动过一个字节的消息 {n}";
    BYTES_OF: "bytes of the attacker", "攻击者的字节";
    REPORT_BYTES: "{n} B of the attacker", "攻击者 {n} 字节";
    REPORT_ALTERED: "message {n}, altered", "消息 {n}，被改动";

    RELAY_NAME: "The attacker: {what}. It holds {held}; it inserted {inserted}, changed {altered}, dropped {dropped}", "攻击者：{what}。扣下 {held}；插入 {inserted}，改动 {altered}，丢弃 {dropped}";
    HOLDS: "holds {bytes}", "扣下 {bytes}";
    DID_INSERT: "inserted {bytes}", "插入 {bytes}";
    DID_ALTER: "changed {bytes}", "改动 {bytes}";
    DID_DROP: "dropped {bytes}", "丢弃 {bytes}";
    PASSED_ON: "passed on {bytes}", "转发 {bytes}";
    TRACK: "attacker", "攻击者";
    ITEM: "The attacker’s send {n}: {bytes} bytes, {what}", "攻击者的第 {n} 次 send：{bytes} 字节，{what}";
    NOT_PASSED_ON: "{bytes} not passed on", "{bytes} 未转发";
    ALTERED_MARK: "changed", "已改动";

    FRAME_WRONG: "not as it was sent", "与发送的不同";
    FRAME_WRONG_SHORT: "tampered ✗", "被篡改 ✗";

    ERROR_UNKNOWN: "{found} is not known; use none, slice:SIZE:MS, merge:MS, stall:AT:MS, cut:AT, reset:AT, flip:AT:BIT, insert:AT:BYTES, absurd-length:AT or endless:AT", "没有 {found}；可用 none、slice:SIZE:MS、merge:MS、stall:AT:MS、cut:AT、reset:AT、flip:AT:BIT、insert:AT:BYTES、absurd-length:AT 或 endless:AT";
    ERROR_VALUE: "{attack} needs a number from {min} to {max} here, not {found}", "{attack} 此处需要 {min} 到 {max} 的数，而不是 {found}";
    ERROR_TOO_MANY: "{attack} has fewer values; {found} means nothing here", "{attack} 没有这么多值；{found} 在此没有意义";
    ERROR_INSERTED: "insert takes 1 to 64 bytes, not {n}", "insert 可插入 1 到 64 字节，而不是 {n}";
    ERROR_ESCAPE: "{found} is no escape; known are \\n, \\r, \\t, \\0, \\\\ and \\xHH (two hexadecimal digits)", "{found} 不是转义；可用的有 \\n、\\r、\\t、\\0、\\\\ 和 \\xHH（两位十六进制数字）";
    ERROR_DANGLING: "a single backslash stands at the end; write \\\\ for a backslash", "末尾有单个反斜杠；反斜杠请写作 \\\\";
    REFUSED: "That is no attack: {error}.", "这不是一种攻击：{error}。";
    FIXED: "This lesson does not let the wire be attacked.", "本课不能攻击线路。";
    NO_LENGTH: "absurd-length needs a framing that announces lengths; {framing} announces none.", "absurd-length 需要声明长度的分帧方式；{framing} 不声明长度。";
    NO_SERVER: "An attacker has no place here: no program connects over TCP to another by its name.", "这里没有攻击者的位置：没有程序通过 TCP 按名称连接另一个程序。";
    CURE_NO_SERVER: "Take [attack] away, or write op = \"connect\" with to = the server’s name.", "请删除 [attack]，或用 op = \"connect\" 并把 to 写成服务器的名称。";
    NOT_OFFERED: "This lesson does not offer attacks.", "本课不提供攻击。";
    CURE_NOT_OFFERED: "Write offered = true under [attack].", "请在 [attack] 下写 offered = true。";
    CURE_VALUE: "lessons/README.md shows every form.", "lessons/README.md 列出了所有写法。";
}
