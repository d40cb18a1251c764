//! Phrases of packets: layers, fields with a sentence each, judgements, capture files.

super::phrases! {
    // Layers.
    LAYER_FRAME: "Capture", "捕获";
    LAYER_FRAME_IS: "What the capture itself knows: when, how long, and which call it belongs to.", "捕获本身记录的信息：时间、长度，以及属于哪次调用。";
    LAYER_LINK: "Link layer", "链路层";
    LAYER_LINK_IS: "Carries the packet to the next station on the same network.", "把数据包送到同一网络上的下一站。";
    LAYER_NET: "Network layer", "网络层";
    LAYER_NET_IS: "Carries the packet from computer to computer, across networks.", "跨越网络，把数据包从一台计算机送到另一台。";
    LAYER_TRANSPORT: "Transport layer", "传输层";
    LAYER_TRANSPORT_IS: "Carries data between two programs; the ports name them.", "在两个程序之间传送数据；端口号指明是哪两个程序。";
    LAYER_PAYLOAD: "Application data", "应用数据";
    LAYER_PAYLOAD_IS: "What the program handed to send, or a piece of it.", "程序交给 send 的内容，或其中一段。";
    LAYER_PADDING: "Padding", "填充";
    LAYER_PADDING_IS: "Bytes behind the packet that only fill up a short frame.", "数据包之后的字节，只为补足过短的帧。";
    LAYER_QUOTED: "Quoted packet", "引用的数据包";
    LAYER_QUOTED_IS: "The beginning of the packet that this message is about.", "这条报文所针对的数据包的开头部分。";
    LAYER_UNKNOWN: "Not understood", "无法解析";
    LAYER_UNKNOWN_IS: "Bytes of a protocol that is not taken apart here.", "此处不解析的协议的字节。";
    OSI_LINK: "OSI 1–2", "OSI 1–2 层";
    OSI_NET: "OSI 3", "OSI 3 层";
    OSI_TRANSPORT: "OSI 4", "OSI 4 层";
    OSI_APPLICATION: "OSI 5–7", "OSI 5–7 层";

    // Capture.
    F_NUMBER: "number", "编号";
    F_NUMBER_IS: "Its place in the capture, counted from 1.", "在捕获中的位置，从 1 数起。";
    F_TIME: "time", "时间";
    F_TIME_IS: "Seconds since the first packet of the capture.", "距捕获中第一个数据包的秒数。";
    F_LENGTH: "length on the wire", "线上长度";
    F_LENGTH_IS: "Bytes that were really sent, all headers included.", "实际发送的字节数，包括所有头部。";
    F_CAPTURED: "captured", "已捕获";
    F_CAPTURED_IS: "Bytes that were kept; fewer than were sent if the capture cuts packets short.", "保存下来的字节数；捕获时若截短数据包，则少于实际发送的。";
    F_SENT_BY: "sent by", "发送者";
    F_SENT_BY_IS: "The program whose socket sent it.", "由哪个程序的套接字发送。";
    F_SEND_CALL: "send call", "send 调用";
    F_SEND_CALL_IS: "The event of the call that handed its first byte to the kernel.", "把它的首字节交给内核的那次调用的事件号。";
    F_RECV_CALL: "recv call", "recv 调用";
    F_RECV_CALL_IS: "The event of the call that got its last byte.", "取走它的末字节的那次调用的事件号。";
    F_COMMENT: "remark", "备注";
    F_COMMENT_IS: "Stored with the packet in the capture file.", "与数据包一起保存在捕获文件中。";

    // Link layer.
    F_DST_MAC: "to hardware address", "目的硬件地址";
    F_DST_MAC_IS: "The network card that shall take the frame.", "应当接收这个帧的网卡。";
    F_SRC_MAC: "from hardware address", "源硬件地址";
    F_SRC_MAC_IS: "The network card that sent the frame.", "发出这个帧的网卡。";
    F_ETHER_TYPE: "carries", "承载";
    F_ETHER_TYPE_IS: "Which protocol comes next.", "下一层是什么协议。";
    F_VLAN: "VLAN", "虚拟局域网";
    F_VLAN_IS: "The virtual network that the frame belongs to.", "这个帧所属的虚拟局域网。";
    F_FAMILY: "address family", "地址族";
    F_FAMILY_IS: "A loopback has no hardware addresses; only the family of the packet stands in front.", "环回接口没有硬件地址，前面只写明数据包的地址族。";
    F_PACKET_TYPE: "seen as", "方向";
    F_PACKET_TYPE_IS: "0 to this computer, 1 to all, 2 to a group, 3 to somebody else, 4 sent by this computer.", "0 发给本机，1 广播，2 组播，3 发给他人，4 本机发出。";
    F_ARP_OP: "operation", "操作";
    F_ARP_OP_IS: "1 asks who has an address, 2 answers.", "1 询问某地址属于谁，2 回答。";
    F_ARP_SENDER: "sender", "发送方";
    F_ARP_SENDER_IS: "The network address of who asks or answers.", "询问者或回答者的网络地址。";
    F_ARP_TARGET: "target", "目标";
    F_ARP_TARGET_IS: "The network address that is asked for.", "所询问的网络地址。";

    // IPv4 and IPv6.
    F_VERSION: "version", "版本";
    F_VERSION_IS: "4 or 6: which form the header has.", "4 或 6：头部采用哪种格式。";
    F_HEADER_LENGTH: "header length", "头部长度";
    F_HEADER_LENGTH_IS: "Bytes of this header; more than 20 if there are options.", "这个头部的字节数；有选项时超过 20。";
    F_DSCP: "service class", "服务类别";
    F_DSCP_IS: "How routers should treat the packet, and whether congestion was seen on the way.", "路由器应如何对待这个数据包，以及途中是否发生拥塞。";
    F_TOTAL_LENGTH: "total length", "总长度";
    F_TOTAL_LENGTH_IS: "Bytes of this header and everything it carries.", "这个头部及其承载内容的总字节数。";
    F_PAYLOAD_LENGTH: "payload length", "载荷长度";
    F_PAYLOAD_LENGTH_IS: "Bytes behind the fixed header of 40 bytes.", "40 字节固定头部之后的字节数。";
    F_ID: "identification", "标识";
    F_ID_IS: "Pieces of one datagram carry the same number.", "同一数据报的各个分片编号相同。";
    F_IP_FLAGS: "fragment flags", "分片标志";
    F_IP_FLAGS_IS: "DF: must not be cut into pieces. MF: more pieces follow.", "DF：不许分片。MF：后面还有分片。";
    F_FRAGMENT: "fragment offset", "片偏移";
    F_FRAGMENT_IS: "Where in the whole datagram this piece belongs, in bytes.", "这一片在整个数据报中的位置，单位字节。";
    F_TTL: "time to live", "生存时间";
    F_TTL_IS: "Each router takes off one; at 0 the packet is dropped.", "每经过一个路由器减一，减到 0 即丢弃。";
    F_HOP_LIMIT: "hop limit", "跳数限制";
    F_PROTOCOL: "carries", "承载";
    F_PROTOCOL_IS: "Which protocol comes next: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6.", "下一层是什么协议：6 TCP，17 UDP，1 ICMP，58 ICMPv6。";
    F_IP_CHECKSUM: "header checksum", "头部校验和";
    F_IP_CHECKSUM_IS: "Tells whether the header was damaged on the way. It says nothing of the data.", "用于判断头部在途中是否受损，不涉及数据。";
    F_SRC: "from", "源地址";
    F_SRC_IS: "The computer that sent it.", "发送它的计算机。";
    F_DST: "to", "目的地址";
    F_DST_IS: "The computer that shall get it.", "应当收到它的计算机。";
    F_IP_OPTIONS: "options", "选项";
    F_IP_OPTIONS_IS: "Rarely used additions to the header.", "头部中很少使用的附加内容。";
    F_FLOW: "flow label", "流标签";
    F_FLOW_IS: "Packets of one flow carry the same label, so that routers keep them together.", "同一条流的数据包标签相同，便于路由器一并处理。";
    F_EXTENSION: "extension header", "扩展头部";
    F_EXTENSION_IS: "Further headers between IPv6 and what it carries.", "IPv6 与其承载内容之间的附加头部。";

    // TCP and UDP.
    F_SRC_PORT: "from port", "源端口";
    F_SRC_PORT_IS: "The socket that sent it, on its computer.", "发送方计算机上的那个套接字。";
    F_DST_PORT: "to port", "目的端口";
    F_DST_PORT_IS: "The socket that shall get it, on its computer.", "接收方计算机上的那个套接字。";
    F_STREAM: "connection", "连接";
    F_STREAM_IS: "Its number among the connections of this capture, counted from 0.", "它在本次捕获的各个连接中的编号，从 0 数起。";
    F_SEQ: "sequence number", "序号";
    F_SEQ_IS: "Counted from the SYN: the number of its first byte in the stream; the first of all is 1.", "从 SYN 数起：它的首字节在字节流中的编号；第一个字节是 1。";
    F_SEQ_RAW: "sequence number, absolute", "绝对序号";
    F_SEQ_RAW_IS: "As it stands in the header. Each connection begins at a number chosen at random.", "头部中的原始值。每个连接从随机选定的数开始。";
    F_ACK: "acknowledgement number", "确认号";
    F_ACK_IS: "Counted from the peer's SYN: the next byte that is expected; everything before has arrived.", "从对端的 SYN 数起：期待的下一个字节；此前的都已到达。";
    F_ACK_RAW: "acknowledgement number, absolute", "绝对确认号";
    F_ACK_RAW_IS: "As it stands in the header.", "头部中的原始值。";
    F_FLAGS: "flags", "标志";
    F_FLAGS_IS: "What this segment is for, one bit each.", "这个报文段的用途，每个标志占一位。";
    F_SYN: "SYN", "SYN（同步）";
    F_SYN_IS: "Begins a connection and tells the first sequence number.", "建立连接，并告知初始序号。";
    F_ACK_FLAG: "ACK", "ACK（确认）";
    F_ACK_FLAG_IS: "The acknowledgement number counts; set in every segment but the first.", "确认号有效；除第一个报文段外都置位。";
    F_FIN: "FIN", "FIN（结束）";
    F_FIN_IS: "The sender has no more data; the other direction stays open.", "发送方不再有数据；另一个方向仍然打开。";
    F_RST: "RST", "RST（复位）";
    F_RST_IS: "Ends the connection at once; what was under way is lost.", "立即终止连接；尚在途中的数据丢失。";
    F_PSH: "PSH", "PSH（推送）";
    F_PSH_IS: "Hand this to the program now. It marks no end of a message.", "请立即交给程序。它并不表示一条消息的结束。";
    F_URG: "URG", "URG（紧急）";
    F_URG_IS: "The urgent pointer counts; hardly used any more.", "紧急指针有效；现已很少使用。";
    F_ECE: "ECE", "ECE（拥塞回显）";
    F_ECE_IS: "Tells the sender that congestion was seen.", "告诉发送方途中出现了拥塞。";
    F_CWR: "CWR", "CWR（窗口缩小）";
    F_CWR_IS: "The sender has slowed down because of congestion.", "发送方已因拥塞放慢速度。";
    F_WINDOW: "window", "窗口";
    F_WINDOW_IS: "Bytes that this end has room for now: the most the other may send on.", "本端现在还能容纳的字节数：对方最多还能发送这么多。";
    F_WINDOW_RAW: "window as in the header", "头部中的窗口值";
    F_WINDOW_RAW_IS: "To be multiplied by the scale that the handshake agreed on.", "需乘以三次握手时商定的倍数。";
    F_TCP_CHECKSUM: "checksum", "校验和";
    F_TCP_CHECKSUM_IS: "Tells whether header or data were damaged on the way.", "用于判断头部或数据在途中是否受损。";
    F_URGENT: "urgent pointer", "紧急指针";
    F_URGENT_IS: "Where urgent data ends; counts only with URG.", "紧急数据的结束位置；仅在 URG 置位时有效。";
    F_LEN: "data bytes", "数据字节数";
    F_LEN_IS: "Bytes of the stream that this segment carries.", "这个报文段承载的字节流的字节数。";
    F_ANALYSIS: "judgement", "判断";
    F_UDP_LENGTH: "length", "长度";
    F_UDP_LENGTH_IS: "Bytes of this header (8) and the data.", "这个头部（8 字节）与数据的总字节数。";
    F_UDP_CHECKSUM_IS: "Tells whether header or data were damaged; 0 means not computed.", "用于判断头部或数据是否受损；0 表示未计算。";
    F_DATA: "data", "数据";
    F_DATA_IS: "The bytes themselves.", "字节本身。";
    CHECKSUM_GOOD: "correct", "正确";
    CHECKSUM_BAD: "not correct", "不正确";
    CHECKSUM_PARTIAL: "left to the network card", "留给网卡计算";
    CHECKSUM_UNKNOWN: "not checked: the packet is not whole", "未检查：数据包不完整";

    // TCP options.
    OPT: "option", "选项";
    OPT_END: "end of options", "选项结束";
    OPT_END_IS: "No option follows.", "后面没有选项。";
    OPT_NOP: "filler", "占位";
    OPT_NOP_IS: "One byte that only aligns the next option.", "一个字节，仅用于对齐下一个选项。";
    OPT_MSS: "maximum segment size", "最大报文段长度";
    OPT_MSS_IS: "The most data bytes this end takes in one segment.", "本端在一个报文段中最多接收的数据字节数。";
    OPT_SCALE: "window scale", "窗口缩放";
    OPT_SCALE_IS: "Windows of this end are to be multiplied by 2 to this power, if both ends offer it.", "若双方都提供，本端的窗口值要乘以 2 的这么多次方。";
    OPT_SACK_OK: "selective acknowledgement allowed", "允许选择确认";
    OPT_SACK_OK_IS: "This end understands acknowledgements of pieces.", "本端理解对部分数据的确认。";
    OPT_SACK: "selective acknowledgement", "选择确认";
    OPT_SACK_IS: "Pieces that have arrived beyond a gap: only the gap must be sent again.", "缺口之后已经到达的部分：只需重传缺口。";
    OPT_TIMESTAMP: "timestamps", "时间戳";
    OPT_TIMESTAMP_IS: "The sender's clock and the last one it saw, to measure the round trip.", "发送方的时钟和它最近看到的对方时钟，用于测量往返时间。";
    OPT_FASTOPEN: "fast open", "快速打开";
    OPT_FASTOPEN_IS: "A cookie that lets data travel with the SYN.", "一个凭据，使数据可以随 SYN 一起发送。";
    OPT_OTHER_IS: "An option that is not taken apart here.", "此处不解析的选项。";

    // ICMP.
    F_ICMP_TYPE: "type", "类型";
    F_ICMP_TYPE_IS: "What the message says: unreachable, echo, time exceeded …", "报文的含义：不可达、回显、超时……";
    F_ICMP_CODE: "code", "代码";
    F_ICMP_CODE_IS: "More exactly: of unreachable, 0 network, 1 host, 3 port (IPv4).", "更具体的说明：不可达时 0 网络、1 主机、3 端口（IPv4）。";
    F_ICMP_REST: "rest of the header", "头部其余部分";
    F_ICMP_REST_IS: "Four bytes whose meaning depends on the type.", "四个字节，含义取决于类型。";

    // Judgements.
    MARK_RETRANSMISSION: "retransmission", "重传";
    MARK_RETRANSMISSION_IS: "These bytes were sent before.", "这些字节以前发送过。";
    MARK_FAST: "fast retransmission", "快速重传";
    MARK_FAST_IS: "Sent again because duplicate acknowledgements asked for it.", "因重复确认而再次发送。";
    MARK_SPURIOUS: "needless retransmission", "多余的重传";
    MARK_SPURIOUS_IS: "Sent again although it had been acknowledged.", "已被确认，却又再次发送。";
    MARK_OUT_OF_ORDER: "out of order", "乱序";
    MARK_OUT_OF_ORDER_IS: "Earlier bytes that came after later ones.", "较早的字节晚于较后的字节到达。";
    MARK_DUP_ACK: "duplicate ACK", "重复确认";
    MARK_DUP_ACK_IS: "Says once more what was said before: something before is missing, or nothing is new.", "再次重复先前的确认：前面有缺失，或没有新情况。";
    MARK_ZERO_WINDOW: "zero window", "零窗口";
    MARK_ZERO_WINDOW_IS: "The receive buffer is full: the other end must wait.", "接收缓冲区已满：对方必须等待。";
    MARK_PROBE: "window probe", "窗口探测";
    MARK_PROBE_IS: "One byte, to learn whether there is room again.", "发送一个字节，看是否又有空间。";
    MARK_PROBE_ACK: "answer to the probe", "对探测的答复";
    MARK_PROBE_ACK_IS: "There is still no room.", "仍然没有空间。";
    MARK_KEEP_ALIVE: "keep-alive", "保活";
    MARK_KEEP_ALIVE_IS: "Asks whether the other end is still there.", "询问对方是否还在。";
    MARK_KEEP_ALIVE_ACK: "answer to keep-alive", "对保活的答复";
    MARK_KEEP_ALIVE_ACK_IS: "It is.", "还在。";
    MARK_WINDOW_UPDATE: "window update", "窗口更新";
    MARK_WINDOW_UPDATE_IS: "Says nothing but that there is another amount of room.", "只说明可用空间有了变化。";
    MARK_WINDOW_FULL: "window full", "窗口已满";
    MARK_WINDOW_FULL_IS: "Fills the room that the receiver granted, to the last byte.", "用尽了接收方给出的空间。";
    MARK_GAP: "gap before it", "前有缺口";
    MARK_GAP_IS: "Bytes before these were not captured.", "在此之前的字节未被捕获。";
    MARK_ACK_UNSEEN: "acknowledges unseen bytes", "确认了未见的字节";
    MARK_ACK_UNSEEN_IS: "It acknowledges bytes that were not captured.", "它确认的字节未被捕获。";
    MARK_TROUBLE: "malformed", "格式错误";
    MARK_TROUBLE_IS: "Something in this packet contradicts the rules of its protocol.", "这个数据包中有不符合协议规定之处。";

    // What is wrong where.
    WRONG_SHORT: "{part} at byte {at}: the header needs {needs} bytes, {has} are there.", "{part}，第 {at} 字节：头部需要 {needs} 字节，只有 {has} 字节。";
    WRONG_VERSION: "{part} at byte {at}: the version is {found}, which is not that of this protocol.", "{part}，第 {at} 字节：版本号为 {found}，不属于该协议。";
    WRONG_SMALL: "{part} at byte {at}: the length field says {says}; it cannot be less than {least}.", "{part}，第 {at} 字节：长度字段为 {says}，不能小于 {least}。";
    WRONG_LARGE: "{part} at byte {at}: the length field says {says}, but only {has} bytes are there.", "{part}，第 {at} 字节：长度字段为 {says}，但只有 {has} 字节。";
    WRONG_MANY: "{part} at byte {at}: more headers follow one another than anybody sends.", "{part}，第 {at} 字节：相连的头部过多。";

    // Capture files.
    OPEN_IO: "{file}: {why}. Check that the path exists and that you may read it.", "{file}：{why}。请检查路径是否存在、是否有权限读取。";
    OPEN_EMPTY: "{file} is empty. Capture again.", "{file} 是空文件。请重新捕获。";
    OPEN_FOREIGN: "{file} begins with {bytes} and is no capture file. Choose a .pcap or .pcapng file, or one of them packed with gzip.", "{file} 以 {bytes} 开头，不是捕获文件。请选择 .pcap 或 .pcapng 文件，或其 gzip 压缩文件。";
    OPEN_HEADER: "The header of {file} is cut short or damaged, so nothing of it can be shown. Capture again, or repair it with an editor for capture files.", "{file} 的文件头不完整或已损坏，无法显示任何内容。请重新捕获，或用捕获文件编辑工具修复。";
    OPEN_PACKED: "{file} cannot be unpacked: {why}. Copy it again, or unpack it with gunzip and open the result.", "{file} 无法解压：{why}。请重新复制，或先用 gunzip 解压再打开。";
    OPEN_UNPACKS_LARGE: "{file} unpacks to more than {gib} GiB. Unpack it with gunzip and open the result: then it need not fit into memory.", "{file} 解压后超过 {gib} GiB。请先用 gunzip 解压再打开，这样无需全部装入内存。";
    CUT: "{file} is not whole: at offset {offset}, {what}. Shown are the {n} packets before that.", "{file} 不完整：在偏移 {offset} 处，{what}。下面显示此前的 {n} 个数据包。";
    CUT_ENDS: "the file ends in the middle of a record", "文件在一条记录中间结束";
    CUT_LENGTH: "a record says it is {n} bytes long", "一条记录声称长达 {n} 字节";
    CUT_CONTRADICTION: "a record contradicts itself", "一条记录自相矛盾";
    CUT_INTERFACE: "a packet names interface {n}, which was not described", "一个数据包引用了未描述的接口 {n}";
    CUT_READ: "the file could not be read on", "文件无法继续读取";
    CUT_PACKED: "the packed data end or are damaged", "压缩数据中断或已损坏";
    CUT_MANY: "there are more packets than can be held", "数据包数量超出可容纳的上限";
}
