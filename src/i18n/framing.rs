//! Phrases about the framing strategies: names, explanations, errors.
//!
//! Each strategy has `…_NAME` (short, for choosing), `…_HOW`, `…_OVERHEAD`, `…_BREAKS` and
//! `…_LIMIT`.

super::phrases! {
    FRAMING: "Framing", "分帧";

    RAW_NAME: "Raw (one recv = one message)", "不分帧（一次 recv 当作一条消息）";
    RAW_HOW: "Nothing marks where a message ends. The receiver takes whatever one recv returns for one message.", "没有任何东西标出消息在哪里结束。接收方把一次 recv 返回的内容当作一条消息。";
    RAW_OVERHEAD: "No extra bytes.", "没有额外字节。";
    RAW_BREAKS: "Messages that wait together in the receive buffer come out as one (sticky packets); a message longer than one recv comes out in pieces (splitting); an empty message never arrives.", "一起在接收缓冲区里等待的消息会连成一条（粘包）；比一次 recv 更长的消息会被分成几段（拆包）；空消息根本不会到达。";
    RAW_LIMIT: "No limit, because nothing is put together again.", "没有上限，因为什么都不会重新拼合。";

    PACING_NAME: "Pacing (sleep {ms} ms)", "间隔发送（每次 sleep {ms} 毫秒）";
    PACING_HOW: "Nothing marks where a message ends. The sender sleeps {ms} ms after each message, in the hope that the receiver has taken it by then; the receiver takes whatever one recv returns for one message.", "没有任何东西标出消息在哪里结束。发送方每发一条消息就 sleep {ms} 毫秒，指望接收方这时已经把它取走；接收方把一次 recv 返回的内容当作一条消息。";
    PACING_OVERHEAD: "No extra bytes, but at most one message in {ms} ms.", "没有额外字节，但每 {ms} 毫秒最多只能发一条消息。";
    PACING_BREAKS: "A receiver that is late once: the messages wait in the receive buffer and come out as one. A message longer than one recv is split as ever. Sleeping makes the fault rarer, not impossible.", "只要接收方迟到一次，消息就会在接收缓冲区里排队，然后连成一条。比一次 recv 更长的消息照样会被拆开。sleep 只是让错误变少，并不能让它消失。";
    PACING_LIMIT: "No limit, because nothing is put together again.", "没有上限，因为什么都不会重新拼合。";

    END_MARK_NAME: "End mark {delimiter}", "结束标记 {delimiter}";
    END_MARK_HOW: "The sender puts {delimiter} after each message. The receiver adds up what comes and stops when what one recv returned ends with {delimiter}. It does not look anywhere else.", "发送方在每条消息后面加上 {delimiter}。接收方把收到的内容累加起来，直到某次 recv 返回的内容以 {delimiter} 结尾为止。别的地方它一概不看。";
    END_MARK_OVERHEAD: "{n} extra bytes per message.", "每条消息多 {n} 字节。";
    END_MARK_BREAKS: "Two messages in one recv: the first {delimiter} is in the middle and is taken for content. A recv that ends inside {delimiter}: it is never found. A message that contains {delimiter}, if a recv happens to end there. In short: it depends on the cutting.", "两条消息进入同一次 recv：第一个 {delimiter} 在中间，会被当成内容。recv 恰好在 {delimiter} 中间结束：它就永远找不到了。消息本身含有 {delimiter}，而某次 recv 恰好在那里结束：消息被提前截断。总之，结果取决于怎么切。";
    END_MARK_LIMIT: "If no recv ends with {delimiter} within {limit} bytes, the decoder gives up.", "如果 {limit} 字节之内没有哪次 recv 以 {delimiter} 结尾，解码器就放弃。";

    FIXED_NAME: "Fixed size {size} bytes", "固定长度 {size} 字节";
    FIXED_HOW: "Every message is filled up to {size} bytes with {pad}. The receiver takes {size} bytes at a time, however many recvs this takes, and strips the {pad} from the end.", "每条消息都用 {pad} 填充到 {size} 字节。接收方每次恰好取 {size} 字节，不管需要多少次 recv，再去掉末尾的 {pad}。";
    FIXED_OVERHEAD: "{size} bytes per message, however short it is: what the message leaves free is padding.", "不管消息多短，每条都占 {size} 字节：消息没用完的部分都是填充。";
    FIXED_BREAKS: "A message longer than {size} bytes cannot be sent. One that ends with {pad} loses its end together with the padding. One byte lost, and every later message is shifted; it does not heal.", "超过 {size} 字节的消息无法发送。以 {pad} 结尾的消息，结尾会和填充一起被去掉。只要丢一个字节，后面的每条消息都会错位，而且不会自行恢复。";
    FIXED_LIMIT: "Each message has at most {size} bytes; the receiver never holds more.", "每条消息最多 {size} 字节；接收方永远不会保存更多。";

    DELIMITER_NAME: "Delimiter {delimiter}", "分隔符 {delimiter}";
    DELIMITER_HOW: "The sender puts {delimiter} after each message. The receiver collects bytes until it finds {delimiter}; what came before is one message, what comes after stays for the next.", "发送方在每条消息后面加上 {delimiter}。接收方不断收集字节，直到找到 {delimiter}：它前面的是一条消息，后面的留给下一条。";
    DELIMITER_OVERHEAD: "{n} extra bytes per message, and every byte must be looked at.", "每条消息多 {n} 字节，而且每个字节都要检查。";
    DELIMITER_BREAKS: "A message that contains {delimiter} is cut there. Use a delimiter that cannot occur, or escape it.", "消息内容里如果出现 {delimiter}，就会在那里被切断。要么选用不可能出现的分隔符，要么对它转义。";
    DELIMITER_LIMIT: "If no delimiter comes within {limit} bytes, the decoder gives up. Without this limit, a peer that never sends one would fill the memory.", "如果 {limit} 字节之内没有出现分隔符，解码器就放弃。没有这个上限，一个从不发送分隔符的对端会占满内存。";

    ESCAPED_NAME: "Delimiter {delimiter}, escaped", "分隔符 {delimiter}（带转义）";
    ESCAPED_HOW: "As with a delimiter, {delimiter} ends each message. Inside a message, a backslash is put before every {first} and every backslash; the receiver takes it away again. So {first} alone is always the delimiter.", "和分隔符一样，每条消息以 {delimiter} 结束。消息内部的每个 {first} 和每个反斜杠前面都加一个反斜杠，接收方再把它去掉。因此单独出现的 {first} 一定是分隔符。";
    ESCAPED_OVERHEAD: "{n} extra bytes per message, and one more for each {first} and each backslash in it: at worst, the message doubles.", "每条消息多 {n} 字节，内容里每有一个 {first} 或反斜杠再多 1 字节：最坏情况下消息会变成两倍长。";
    ESCAPED_BREAKS: "No content breaks it. A byte lost or changed on the way harms the message it belongs to; if it was part of a delimiter or an escape, the decoder notices.", "任何内容都不会破坏它。途中丢失或改变一个字节，只会损坏它所在的消息；如果那是分隔符或转义的一部分，解码器会发现。";
    ESCAPED_LIMIT: "If a message goes beyond {limit} bytes without a delimiter, the decoder gives up.", "如果一条消息超过 {limit} 字节还没有遇到分隔符，解码器就放弃。";

    LENGTH_NAME: "Length prefix {width}, {order}", "长度前缀 {width}，{order}";
    LENGTH_HOW: "The sender puts the number of bytes before each message, in a header of {n} bytes. The receiver reads the header, then exactly that many bytes, however many recvs this takes.", "发送方在每条消息前面写上它的字节数，头部占 {n} 字节。接收方先读头部，再恰好读那么多字节，不管需要多少次 recv。";
    LENGTH_OVERHEAD: "{n} extra bytes per message. No byte of the message needs to be looked at.", "每条消息多 {n} 字节。消息本身的字节不需要检查。";
    LENGTH_BREAKS: "One byte too many or too few, or the other byte order, and payload is taken for a header. From there on everything is wrong; it does not heal.", "只要多一个字节、少一个字节，或者字节序不一致，消息内容就会被当成头部。从那里开始全都错位，而且不会自行恢复。";
    LENGTH_LIMIT: "A header that announces more than {limit} bytes is refused. Without this limit, four wrong bytes could make the receiver wait for gigabytes.", "头部声明的长度超过 {limit} 字节就拒绝。没有这个上限，四个错误的字节就能让接收方去等几个 GB 的数据。";

    VARINT_NAME: "Varint length prefix", "变长整数长度前缀";
    VARINT_HOW: "The number of bytes stands before each message, in as few bytes as it needs: seven bits in each, and the top bit says that another byte follows. Up to 127 bytes one byte is enough. Protobuf does it this way.", "每条消息前面写上它的字节数，用尽可能少的字节表示：每个字节放 7 位，最高位表示后面还有。127 字节以内只需一个字节。Protobuf 就是这样做的。";
    VARINT_OVERHEAD: "1 byte per message up to 127 bytes, 2 up to 16,383, 3 up to 2,097,151.", "127 字节以内的消息多 1 字节，16 383 以内多 2 字节，2 097 151 以内多 3 字节。";
    VARINT_BREAKS: "As with every length prefix: one byte too many or too few, and payload is taken for a header. It does not heal.", "和所有长度前缀一样：多一个或少一个字节，消息内容就会被当成头部，而且不会自行恢复。";
    VARINT_LIMIT: "A length of more than {limit} bytes is refused, and so is one written in more than 10 bytes, or in more than it needs.", "声明的长度超过 {limit} 字节就拒绝；长度本身写了超过 10 个字节，或者写得比需要的长，也拒绝。";

    ACK_NAME: "Length, acknowledgement, message ({width}, {order})", "长度、确认、消息（{width}，{order}）";
    ACK_HOW: "The sender sends the number of bytes in a header of {n} bytes and waits. The receiver answers with one byte; only then comes the message.", "发送方先用 {n} 字节的头部发出字节数，然后等待。接收方回答一个字节，之后消息才发出。";
    ACK_OVERHEAD: "{n} extra bytes per message, 1 back, and one round trip: on a line of 50 ms at most 20 messages a second.", "每条消息多 {n} 字节，对方回 1 字节，再加一次往返：如果往返要 50 毫秒，每秒最多 20 条消息。";
    ACK_BREAKS: "Nothing that a length prefix alone survives: it is correct, and slow. If the answer does not come, both wait for ever.", "凡是单独用长度前缀能应付的，它都能应付：正确，但是慢。如果回答没有来，双方就会一直等下去。";
    ACK_LIMIT: "A header that announces more than {limit} bytes is refused before the message is sent.", "头部声明的长度超过 {limit} 字节就拒绝，这时消息还没有发出。";

    JSON_NAME: "JSON header (name, size, checksum)", "JSON 头部（名称、大小、校验和）";
    JSON_HOW: "Four bytes say how long the header is. The header is JSON and says what the message is called, how many bytes it has, and its CRC-32. Then comes the message.", "先用 4 个字节说明头部有多长。头部是 JSON，写明消息的名称、字节数和 CRC-32。随后才是消息本身。";
    JSON_OVERHEAD: "{n} bytes or more per message: much for short ones, nothing for a file.", "每条消息至少多 {n} 字节：对短消息来说很多，对文件来说可以忽略。";
    JSON_BREAKS: "A byte lost or added shifts everything after it, as with every length prefix. But a message that was changed on the way is found out by its checksum.", "和所有长度前缀一样，丢失或多出一个字节，后面就全部错位。但是途中被改动的消息会因校验和不符而被发现。";
    JSON_LIMIT: "Two limits: a header of more than 4,096 bytes is refused, and so is a message of more than {limit}.", "有两个上限：头部超过 4 096 字节就拒绝，消息超过 {limit} 字节也拒绝。";

    COBS_NAME: "COBS (zero ends a message)", "COBS（以零字节结束消息）";
    COBS_HOW: "The byte 0 ends each message. Inside, there is none: the message is cut at its zeros, and each piece gets a code before it that says how long it is. So 0 always means the end.", "每条消息以字节 0 结束。消息内部没有 0：先在零字节处把消息切开，每一段前面放一个编码字节，说明这一段有多长。因此 0 永远表示结束。";
    COBS_OVERHEAD: "2 extra bytes per message up to 254 bytes, and at most one more for every further 254, whatever is in it.", "254 字节以内的消息多 2 字节，此后每 254 字节最多再多 1 字节，内容不限。";
    COBS_BREAKS: "No content breaks it. A byte lost or changed harms one message; the next 0 is a safe place to go on.", "任何内容都不会破坏它。丢失或改变一个字节只损坏一条消息；从下一个 0 起又可以放心继续。";
    COBS_LIMIT: "If no 0 comes within {limit} bytes and their codes, the decoder gives up.", "如果 {limit} 字节连同编码字节之内没有出现 0，解码器就放弃。";

    ORDER_BIG: "big-endian", "大端序";
    ORDER_LITTLE: "little-endian", "小端序";

    FIELD_HEADER: "length header", "长度头部";
    FIELD_PAYLOAD: "payload", "载荷";
    FIELD_DELIMITER: "delimiter", "分隔符";
    FIELD_DESCRIPTION: "JSON header", "JSON 头部";
    FIELD_PADDING: "padding", "填充";
    FIELD_ESCAPE: "escape", "转义符";
    FIELD_CODE: "code", "编码字节";

    PARAMETER_MS: "pause (ms)", "间隔（毫秒）";
    PARAMETER_SIZE: "size (bytes)", "长度（字节）";
    PARAMETER_PAD: "padding byte", "填充字节";
    PARAMETER_DELIMITER: "delimiter", "分隔符";
    PARAMETER_WIDTH: "header", "头部";
    PARAMETER_ORDER: "byte order", "字节序";

    HAZARD_CONTAINS_DELIMITER: "This message contains the delimiter at byte {at}: the receiver will cut it there.", "这条消息在第 {at} 字节处含有分隔符：接收方会在那里把它切断。";
    HAZARD_VANISHES: "An empty message puts no byte on the wire: the receiver will never know of it.", "空消息不会在网络上产生任何字节：接收方永远不会知道它。";
    HAZARD_MAY_STOP: "This message contains the mark at byte {at}: if a recv ends just behind it, the receiver stops there.", "这条消息在第 {at} 字节处含有结束标记：如果某次 recv 恰好在它后面结束，接收方就会在那里停下。";
    HAZARD_ENDS_WITH_PADDING: "This message ends with {lost} bytes that look like padding: the receiver will strip them.", "这条消息的最后 {lost} 字节和填充一样：接收方会把它们去掉。";

    ERROR_FRAME_TOO_LONG: "At offset {offset} the header announces {value} bytes; the limit is {limit}. Most likely this is not a header at all: the decoder has lost its place.", "偏移量 {offset} 处的头部声明了 {value} 字节，而上限是 {limit}。这很可能根本不是头部：解码器已经错位。";
    ERROR_NEGATIVE_LENGTH: "At offset {offset} the header announces {value} bytes. A length cannot be negative: wrong byte order, or the decoder has lost its place.", "偏移量 {offset} 处的头部声明了 {value} 字节。长度不可能是负数：不是字节序不对，就是解码器已经错位。";
    ERROR_UNTERMINATED: "From offset {offset} on there is no delimiter within {value} bytes; the longest message accepted has {limit}.", "从偏移量 {offset} 起的 {value} 字节之内没有分隔符；可接受的最长消息是 {limit} 字节。";
    ERROR_ENDED_MID_FRAME: "The stream ended inside the frame that begins at offset {offset}: {value} of its bytes had come.", "字节流在一帧的中间结束：这一帧从偏移量 {offset} 开始，只到达了 {value} 字节。";
    ERROR_VARINT_TOO_LONG: "At offset {offset} the length does not end within {limit} bytes. Most likely this is not a length at all: the decoder has lost its place.", "偏移量 {offset} 处的长度在 {limit} 个字节之内没有结束。这很可能根本不是长度：解码器已经错位。";
    ERROR_VARINT_PADDED: "At offset {offset} the length is written in {value} bytes where {limit} are enough. No encoder does that: the decoder has lost its place.", "偏移量 {offset} 处的长度写了 {value} 个字节，而 {limit} 个就够了。没有编码器会这样写：解码器已经错位。";
    ERROR_HEADER_TOO_LONG: "At offset {offset} a header of {value} bytes is announced; the limit is {limit}. Most likely the decoder has lost its place.", "偏移量 {offset} 处声明了一个 {value} 字节的头部，而上限是 {limit}。解码器很可能已经错位。";
    ERROR_HEADER_SYNTAX: "In the frame at offset {offset} the header is no JSON: it stops making sense at its byte {value}.", "偏移量 {offset} 处那一帧的头部不是 JSON：从头部的第 {value} 字节起就读不懂了。";
    ERROR_HEADER_VALUE: "In the frame at offset {offset} the header has a value of the wrong type before its byte {value}: name is a text, size and checksum are numbers.", "偏移量 {offset} 处那一帧的头部里，第 {value} 字节之前的值类型不对：name 应是文本，size 和 checksum 应是数字。";
    ERROR_HEADER_MISSING: "In the frame at offset {offset} the header has no \"{value}\".", "偏移量 {offset} 处那一帧的头部里没有“{value}”。";
    ERROR_CHECKSUM: "In the frame at offset {offset} the header announces the checksum {value}, but the message that came has {limit}: it was changed on the way.", "偏移量 {offset} 处那一帧的头部声明校验和为 {value}，而收到的消息算出来是 {limit}：它在途中被改动了。";
    ERROR_COBS_CODE: "In the frame at offset {offset} the code {value} points past the end: {limit} bytes are left before the 0. A byte was lost or changed.", "偏移量 {offset} 处那一帧里，编码字节 {value} 指到了帧的末尾之外：到 0 为止只剩 {limit} 字节。有字节丢失或被改动了。";
    ERROR_BAD_ESCAPE: "In the frame at offset {offset} a backslash stands before the byte {value}, which nobody escapes.", "偏移量 {offset} 处那一帧里，反斜杠后面是字节 {value}，而它并不需要转义。";
    ERROR_BAD_DELIMITER: "In the frame at offset {offset} a delimiter begins, but goes on with the byte {value}.", "偏移量 {offset} 处那一帧里，分隔符开了头，后面却是字节 {value}。";
    ERROR_MESSAGE_TOO_LONG: "The message has {length} bytes; this framing takes at most {limit}.", "这条消息有 {length} 字节；这种分帧方式最多容纳 {limit} 字节。";
}
