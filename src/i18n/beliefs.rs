//! Phrases of the index "Things people believe".

super::phrases! {
    THEY_SAY: "People say", "有人说";
    HANDOUT_SAYS: "A handout says", "讲义说";
    KERNEL_SAYS: "The kernel says", "内核说";

    ONE_SEND: "One send() is one recv().", "一次 send() 对应一次 recv()。";
    ONE_SEND_TRUTH: "A stream has no borders: three sends come out of one recv.", "字节流没有边界：三次 send 由一次 recv 取出。";
    NAGLE: "Nagle's algorithm makes packets stick; TCP_NODELAY cures it.", "粘包是 Nagle 算法造成的，TCP_NODELAY 能治好。";
    NAGLE_TRUTH: "With TCP_NODELAY ten messages still come out of one recv.", "设置 TCP_NODELAY 之后，十条消息仍由一次 recv 取出。";
    SLEEP: "A sleep after each send() cures it.", "每次 send() 之后睡一下就好了。";
    SLEEP_TRUTH: "It hides it until the reader is late once.", "只是掩盖了问题，接收方迟到一次就会出错。";
    RECV_N: "recv(n) returns n bytes, or one message.", "recv(n) 返回 n 个字节，或者一条消息。";
    RECV_N_TRUTH: "It returns between one byte and n: recv(7) cuts ten hellos into seven times 7 and once 1.", "它返回一到 n 个字节：recv(7) 把十个 hello 切成七个 7 字节和一个 1 字节。";
    SHORT_RECV: "A short recv() means that the message has ended.", "recv() 返回得少，说明消息结束了。";
    SHORT_RECV_TRUTH: "It means that no more had come yet: 10 of 16 bytes, and the message goes on.", "只说明当时还没有更多：16 字节来了 10 个，消息还没完。";
    RECV_HEADER: "recv(4) returns the whole header.", "recv(4) 返回完整的头部。";
    RECV_HEADER_TRUTH: "It may return two bytes of it.", "可能只返回其中两个字节。";
    HEALS: "A length prefix finds its way back by itself.", "长度前缀能自己恢复。";
    HEALS_TRUTH: "After one stray byte nothing is right any more.", "多出一个字节之后，就再也没有一条是对的。";
    SENDS_ALL: "send() sends everything.", "send() 会发送全部。";
    SENDS_ALL_TRUTH: "It takes what fits and returns how much that was.", "它只接受放得下的，并返回数目。";
    LOCALHOST: "It works on localhost, so it is correct.", "在 localhost 上能用，所以是对的。";
    LOCALHOST_TRUTH: "Held up for a moment on the way, the same program is wrong.", "途中只要耽搁一下，同一个程序就错了。";
    ARRIVED: "send() has returned, so the peer has it; after the peer's close it fails at once.", "send() 返回了，对方就收到了；对方关闭之后它会立即失败。";
    ARRIVED_TRUTH: "The first send after the peer's close succeeds, and nobody will read it.", "对方关闭之后的第一次 send 会成功，却永远不会有人读。";
    EMPTY: "b'' means that there is no data yet.", "b'' 表示还没有数据。";
    EMPTY_TRUTH: "It means that none will ever come; for data one waits.", "它表示再也不会有了；没有数据时会等待。";
    END_MARK: "## is a safe end mark.", "## 是可靠的结束标记。";
    END_MARK_TRUTH: "Five messages that arrive together are taken for one.", "五条消息一起到达，就被当成了一条。";
    LEN: "len(text) is the number of bytes.", "len(文字) 就是字节数。";
    LEN_TRUTH: "Two Chinese characters are six bytes.", "“你好”是两个字符、六个字节。";
    DECODE: "Each recv() can be decoded by itself.", "每次 recv() 的结果都可以单独解码。";
    DECODE_TRUTH: "recv(4) cuts a Chinese character in two.", "recv(4) 会把一个汉字切成两半。";
    STRUCT: "struct formats mean the same everywhere.", "struct 的格式在哪里都一样。";
    STRUCT_TRUTH: "5 written by !I is 83,886,080 for a reader with the other byte order.", "用 !I 写的 5，按另一种字节序来读就是 83,886,080。";
    ACK: "To wait for an acknowledgement of each header costs nothing.", "每个头部都等一次应答，不花什么代价。";
    ACK_TRUTH: "It costs a round trip per message: half a second instead of a tenth for five.", "每条消息一次往返：五条要半秒，而不是十分之一秒。";
    IN_USE: "\"Address in use\" is a process that has not ended.", "“地址已被占用”是因为有进程没退出。";
    IN_USE_TRUTH: "Everything is closed; the kernel keeps the connection in TIME_WAIT.", "全都关闭了，是内核让连接留在 TIME_WAIT 状态。";
    BACKLOG: "connect() waits for accept(), and the backlog is the number of clients.", "connect() 会等 accept()，监听队列就是客户端的数量。";
    BACKLOG_TRUTH: "The kernel completes the handshake; connect() succeeds though nobody has called accept().", "握手由内核完成；没有人调用 accept()，connect() 也会成功。";
    GRANTED: "SO_RCVBUF = n gives a buffer of n bytes.", "SO_RCVBUF = n 就得到 n 字节的缓冲区。";
    GRANTED_TRUTH: "Linux doubles the wish: 4096 gives 8192.", "Linux 会加倍：要 4096 给 8192。";
    CHARACTERS: "send() returns the number of characters.", "send() 返回字符数。";
    CHARACTERS_TRUTH: "Bytes: six for two Chinese characters.", "是字节数：“你好”是 6。";
    ERROR_48: "Address in use is error 48.", "地址已被占用是错误 48。";
    ERROR_48_TRUTH: "On macOS. On Linux it is 98; the name EADDRINUSE is the same.", "那是在 macOS 上。在 Linux 上是 98；名称 EADDRINUSE 相同。";
    CUT_OFF: "What is longer than the recv size is cut off.", "超过 recv 大小的部分会被截掉。";
    CUT_OFF_TRUTH: "In a stream it stays in the buffer, and the next recv returns it.", "在字节流里它留在缓冲区中，由下一次 recv 返回。";
    SLEEP_CURES: "A longer sleep helps against sticky packets.", "睡得久一点就不会粘包。";
    SLEEP_CURES_TRUTH: "A tenth of a second after each send: slower, and still one chunk.", "每次 send 之后睡十分之一秒：更慢，仍是一个块。";
    NAGLE_CAUSES: "Sticky packets are caused by Nagle's algorithm.", "粘包由 Nagle 算法引起。";
    NAGLE_CAUSES_TRUTH: "They stick without it too: the bytes wait in the receive buffer.", "没有它也照样粘：字节是在接收缓冲区里等待的。";
}
