//! Phrases about captured packets: what they are, and why there are none.

super::phrases! {
    NETWORK: "network", "网络";
    SYN: "SYN", "SYN";
    SYN_ACK: "SYN, ACK", "SYN、ACK";
    ACK: "ACK", "ACK";
    DATA: "data", "数据";
    RETRANSMISSION: "retransmission", "重传";
    FIN: "FIN", "FIN";
    RST: "RST", "RST";
    ZERO_WINDOW: "zero window", "零窗口";
    WINDOW_UPDATE: "window update", "窗口更新";
    WINDOW_PROBE: "window probe", "窗口探测";
    KEEP_ALIVE: "keep-alive", "保活探测";
    DUPLICATE_ACK: "duplicate ACK", "重复 ACK";
    UDP: "UDP datagram", "UDP 数据报";
    ICMP: "ICMP message", "ICMP 报文";
    OTHER: "packet", "分组";
    NOT_CAPTURED: "not captured", "未抓到";
    LEN: "{n} B", "{n} 字节";
    WAY: "{from} → {to}", "{from} → {to}";
    /// Sentences: {way} is "client → server", {n} the payload, {seq} and {ack} relative numbers.
    WHY_SYN: "{way}: the first segment of the connection. It says from which number the bytes are counted.", "{way}：连接的第一个报文段，告知字节从哪个序号开始编号。";
    WHY_SYN_ACK: "{way}: the answer to the SYN, with a first number of its own. The listening kernel sends it before anyone calls accept.", "{way}：对 SYN 的应答，并带上自己的初始序号。内核在 accept 之前就会发出它。";
    WHY_ACK: "{way}: a segment without data; everything up to byte {ack} has arrived.", "{way}：不带数据的报文段；第 {ack} 字节之前的数据都已到达。";
    WHY_DATA: "{way}: a segment with {n} B, bytes {from} to {to} of the stream, all of one send.", "{way}：携带 {n} 字节的报文段，是流中第 {from} 到 {to} 字节，全部来自同一次 send。";
    WHY_DATA_MERGED: "{way}: a segment with {n} B, bytes {from} to {to} of the stream, of {sends} sends: the sender's kernel has merged them before the network saw them.", "{way}：携带 {n} 字节的报文段，是流中第 {from} 到 {to} 字节，来自 {sends} 次 send：在上网之前，发送端内核就把它们合并了。";
    WHY_DATA_SPLIT: "{way}: a segment with {n} B, bytes {from} to {to} of the stream; its send had to be split over several segments.", "{way}：携带 {n} 字节的报文段，是流中第 {from} 到 {to} 字节；这次 send 被拆到了多个报文段里。";
    WHY_DATA_UNKNOWN: "{way}: a segment with {n} B of data.", "{way}：携带 {n} 字节数据的报文段。";
    WHY_RETRANSMISSION: "{way}: what this segment carries had been sent before; it is sent once more because no acknowledgement came in time.", "{way}：这个报文段的内容以前发过；因为没有及时收到确认，所以再发一次。";
    WHY_FIN: "{way}: no more data comes in this direction (close or shutdown).", "{way}：这个方向不再有数据（close 或 shutdown）。";
    WHY_RST: "{way}: the connection is broken off at once; what was under way is lost.", "{way}：连接立即中断；途中的数据都会丢失。";
    WHY_ZERO_WINDOW: "{way}: everything up to byte {ack} has arrived, but the receive buffer is full: send no more for now.", "{way}：第 {ack} 字节之前的数据都已到达，但接收缓冲区已满：请暂停发送。";
    WHY_WINDOW_UPDATE: "{way}: nothing new arrived, but there is room again: the window is {window}.", "{way}：没有新数据到达，但缓冲区又有空间了：窗口为 {window}。";
    WHY_WINDOW_PROBE: "{way}: a question: is the window still 0? It carries no data.", "{way}：询问窗口是否仍为 0，不携带数据。";
    WHY_KEEP_ALIVE: "{way}: a question whether the other end is still there. It carries no data.", "{way}：询问对方是否仍然在线，不携带数据。";
    WHY_DUPLICATE_ACK: "{way}: the same acknowledgement once more: byte {ack} is still the next one awaited.", "{way}：同样的确认再来一次：下一个等待的仍是第 {ack} 字节。";
    WHY_UDP: "{way}: a UDP datagram with {n} B.", "{way}：携带 {n} 字节的 UDP 数据报。";
    WHY_ICMP: "{way}: an ICMP message: the network says something about a packet.", "{way}：ICMP 报文：网络就某个分组给出的说明。";
    WHY_OTHER: "{way}: a packet of another protocol.", "{way}：其他协议的分组。";
    WHY_NOT_CAPTURED: "{n} packets were sent that the capture had no room for. The calls are all there; segments are missing here.", "有 {n} 个分组因抓包缓冲区已满而没有抓到。调用记录是完整的，但这里缺少报文段。";
    /// Fields.
    F_FLAGS: "flags", "标志";
    F_FLAGS_IS: "The control bits of the TCP header that are set.", "TCP 首部中置位的控制位。";
    F_SEQ: "seq", "序号 seq";
    F_SEQ_IS: "Number of its first byte, counted from the SYN; in brackets as it stands in the header.", "第一个字节的序号，从 SYN 算起；括号内是首部中的原值。";
    F_ACK: "ack", "确认号 ack";
    F_ACK_IS: "Number of the byte awaited next; everything before it has arrived.", "期待的下一个字节的序号；在它之前的都已到达。";
    F_WINDOW: "window", "窗口";
    F_WINDOW_IS: "Bytes that the sender of this segment has room for, with its window scale.", "发出此报文段的一端还能接收的字节数（已按窗口扩大因子换算）。";
    F_LENGTH: "data", "数据";
    F_LENGTH_IS: "Bytes of payload in it.", "其中的数据字节数。";
    F_WAY: "direction", "方向";
    F_WAY_IS: "From which socket to which.", "从哪个套接字到哪个套接字。";
    /// Mode.
    MODE_HOST: "host network: segments not captured", "本机网络：未抓包";
    MODE_CAPTURED: "private network, captured · MTU {mtu}", "专用网络，已抓包 · MTU {mtu}";
    MODE_ON_HOST: "the computer’s own loopback, captured · MTU {mtu}", "本机回环，已抓包 · MTU {mtu}";
    ON_HOST: "This program may capture on the computer’s own loopback (CAP_NET_RAW), so the run’s packets are captured there. Offloads are on: a packet may be larger than any wire would carry, and larger than the MTU. A private network would be better, but:", "本程序可以在本机回环上抓包（CAP_NET_RAW），因此在那里抓取本次运行的数据包。网卡卸载功能处于开启状态：一个数据包可能比真实线路能承载的更大，也可能超过 MTU。专用网络更好，但是：";
    MODE_HOST_SHORT: "host", "本机";
    MODE_CAPTURED_SHORT: "captured", "抓包";
    CAPTURE: "Capture segments", "抓取报文段";
    CAPTURE_HINT: "Make the run in a private network on this computer and capture every segment (Linux; no privilege needed). Starts the run anew.", "在本机的专用网络中运行，并抓取每个报文段（Linux，无需特权）。会重新开始运行。";
    LOST: "{n} packets not captured", "{n} 个分组未抓到";
    NOT_GRANTED: "refused by the system: {names}", "系统不允许：{names}";
    HOST_BY_CHOICE: "Capturing is off. Switch it on, and the next run is made in a private network in which every segment is captured.", "抓包已关闭。打开后，下一次运行将在专用网络中进行，并抓取每个报文段。";
    REFUSED_SYSTEM: "Capturing needs the network namespaces of Linux. On other systems the calls are recorded and the segments are not.", "抓包需要 Linux 的网络命名空间。在其他系统上只记录调用，不抓取报文段。";
    REFUSED_EXTERNAL: "A program outside the lab takes part, and it is not in the private network. Let the lab play every part to capture the segments.", "有实验室之外的程序参与，它不在专用网络中。让实验室扮演所有角色，即可抓取报文段。";
    REFUSED_HELPER: "The lab could not start itself a second time as the helper that makes the private network. Start it again; if that does not help, reinstall it.", "实验室无法再次启动自身来建立专用网络。请重新启动；如仍不行，请重新安装。";
    REFUSED_SWITCHED_OFF: "User namespaces are switched off on this system. The administrator can allow them: sysctl -w user.max_user_namespaces=10000 (on Debian also kernel.unprivileged_userns_clone=1).", "本系统关闭了用户命名空间。管理员可以放开：sysctl -w user.max_user_namespaces=10000（Debian 还需 kernel.unprivileged_userns_clone=1）。";
    REFUSED_APPARMOR: "AppArmor keeps programs from using user namespaces (Ubuntu 23.10 and later). The administrator can allow it: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.", "AppArmor 限制程序使用用户命名空间（Ubuntu 23.10 及以后）。管理员可以放开：sysctl -w kernel.apparmor_restrict_unprivileged_userns=0。";
    REFUSED_TOO_MANY: "This system allows no more namespaces just now. Close other programs that use them (containers, browsers), or raise user.max_net_namespaces.", "系统目前不允许再建立命名空间。请关闭使用它们的其他程序（例如容器），或调大 user.max_net_namespaces。";
    REFUSED_REFUSED: "The system refuses the private network, as containers and sandboxes do. Run the lab outside the container, or as root with --cap-add=SYS_ADMIN,NET_ADMIN,NET_RAW.", "系统不允许建立专用网络，容器和沙箱通常如此。请在容器外运行，或以 root 并加上 --cap-add=SYS_ADMIN,NET_ADMIN,NET_RAW 运行。";
}

/// Why nothing is captured, by the stable name of the reason.
pub fn refused(code: &str) -> super::Phrase {
    match code {
        "system" => REFUSED_SYSTEM,
        "external" => REFUSED_EXTERNAL,
        "helper" => REFUSED_HELPER,
        "switched-off" => REFUSED_SWITCHED_OFF,
        "apparmor" => REFUSED_APPARMOR,
        "too-many" => REFUSED_TOO_MANY,
        _ => REFUSED_REFUSED,
    }
}
