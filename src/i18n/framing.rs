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

    DELIMITER_NAME: "Delimiter {delimiter}", "分隔符 {delimiter}";
    DELIMITER_HOW: "The sender puts {delimiter} after each message. The receiver collects bytes until it finds {delimiter}; what came before is one message, what comes after stays for the next.", "发送方在每条消息后面加上 {delimiter}。接收方不断收集字节，直到找到 {delimiter}：它前面的是一条消息，后面的留给下一条。";
    DELIMITER_OVERHEAD: "{n} extra bytes per message, and every byte must be looked at.", "每条消息多 {n} 字节，而且每个字节都要检查。";
    DELIMITER_BREAKS: "A message that contains {delimiter} is cut there. Use a delimiter that cannot occur, or escape it.", "消息内容里如果出现 {delimiter}，就会在那里被切断。要么选用不可能出现的分隔符，要么对它转义。";
    DELIMITER_LIMIT: "If no delimiter comes within {limit} bytes, the decoder gives up. Without this limit, a peer that never sends one would fill the memory.", "如果 {limit} 字节之内没有出现分隔符，解码器就放弃。没有这个上限，一个从不发送分隔符的对端会占满内存。";

    LENGTH_NAME: "Length prefix {width}, {order}", "长度前缀 {width}，{order}";
    LENGTH_HOW: "The sender puts the number of bytes before each message, in a header of {n} bytes. The receiver reads the header, then exactly that many bytes, however many recvs this takes.", "发送方在每条消息前面写上它的字节数，报头占 {n} 字节。接收方先读报头，再恰好读那么多字节，不管需要多少次 recv。";
    LENGTH_OVERHEAD: "{n} extra bytes per message. No byte of the message needs to be looked at.", "每条消息多 {n} 字节。消息本身的字节不需要检查。";
    LENGTH_BREAKS: "One byte too many or too few, or the other byte order, and payload is taken for a header. From there on everything is wrong; it does not heal.", "只要多一个字节、少一个字节，或者字节序不一致，消息内容就会被当成报头。从那里开始全都错位，而且不会自行恢复。";
    LENGTH_LIMIT: "A header that announces more than {limit} bytes is refused. Without this limit, four wrong bytes could make the receiver wait for gigabytes.", "报头声明的长度超过 {limit} 字节就拒绝。没有这个上限，四个错误的字节就能让接收方去等几个 GB 的数据。";

    ORDER_BIG: "big-endian", "大端序";
    ORDER_LITTLE: "little-endian", "小端序";

    FIELD_HEADER: "length header", "长度报头";
    FIELD_PAYLOAD: "payload", "载荷";
    FIELD_DELIMITER: "delimiter", "分隔符";

    HAZARD_CONTAINS_DELIMITER: "This message contains the delimiter at byte {at}: the receiver will cut it there.", "这条消息在第 {at} 字节处含有分隔符：接收方会在那里把它切断。";
    HAZARD_VANISHES: "An empty message puts no byte on the wire: the receiver will never know of it.", "空消息不会在网络上产生任何字节：接收方永远不会知道它。";

    ERROR_FRAME_TOO_LONG: "At offset {offset} the header announces {value} bytes; the limit is {limit}. Most likely this is not a header at all: the decoder has lost its place.", "偏移量 {offset} 处的报头声明了 {value} 字节，而上限是 {limit}。这很可能根本不是报头：解码器已经错位。";
    ERROR_NEGATIVE_LENGTH: "At offset {offset} the header announces {value} bytes. A length cannot be negative: wrong byte order, or the decoder has lost its place.", "偏移量 {offset} 处的报头声明了 {value} 字节。长度不可能是负数：不是字节序不对，就是解码器已经错位。";
    ERROR_UNTERMINATED: "From offset {offset} on there is no delimiter within {value} bytes; the longest message accepted has {limit}.", "从偏移量 {offset} 起的 {value} 字节之内没有分隔符；可接受的最长消息是 {limit} 字节。";
    ERROR_ENDED_MID_FRAME: "The stream ended inside the frame that begins at offset {offset}: {value} of its bytes had come.", "字节流在一帧的中间结束：这一帧从偏移量 {offset} 开始，只到达了 {value} 字节。";
    ERROR_MESSAGE_TOO_LONG: "The message has {length} bytes; this framing takes at most {limit}.", "这条消息有 {length} 字节；这种分帧方式最多容纳 {limit} 字节。";
}
