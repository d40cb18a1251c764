//! Phrases of datagrams: their view on the stage, and what their events mean.

super::phrases! {
    TITLE: "Datagrams", "数据报";
    NO_STREAM: "datagrams: no connection, no stream; each one stays by itself", "数据报：没有连接，没有字节流；每个各归各";
    EMPTY: "No datagram yet: the first sendto() draws the first box here.", "还没有数据报：第一次 sendto() 会在这里画出第一格。";
    SUMMARY: "{sent} sent, {received} received, {waiting} waiting, {dropped} dropped", "已发送 {sent}，已接收 {received}，等待 {waiting}，丢弃 {dropped}";
    DIRECTION: "{from} → {to}", "{from} → {to}";
    NOBODY: "nobody", "没有人";
    SENT: "sent", "发送";
    RECEIVED: "received", "接收";
    IN_BUFFER: "receive buffer of {who}: {n} waiting, {bytes}", "{who}的接收缓冲区：{n} 个等待，{bytes}";
    IN_BUFFER_SHORT: "{n} waiting", "{n} 个等待";
    DROPPED: "{n} dropped: the buffer was full", "丢弃 {n} 个：缓冲区已满";
    DROPPED_SHORT: "{n} dropped", "丢弃 {n} 个";
    DROPS_UNKNOWN: "dropped: not readable here", "丢弃数：此系统读不到";
    LAST_SHOWN: "the last {n} of {all}", "最后 {n} 个，共 {all} 个";

    // What became of one.
    FATE_UNDER_WAY: "under way", "发送中";
    FATE_REFUSED: "send failed ✗", "发送失败 ✗";
    FATE_WAITING: "waiting", "等待";
    FATE_GONE: "nobody ✗", "没有人 ✗";
    FATE_RECEIVED: "{bytes} ✓", "{bytes} ✓";
    FATE_CUT: "{n} of {bytes} ✗", "{n} / {bytes} ✗";
    FATE_DROPPED: "dropped ✗", "丢弃 ✗";
    FATE_DISCARDED: "unread ✗", "未读 ✗";
    ITEM: "datagram {n}: {bytes} bytes, {fate}", "数据报 {n}：{bytes} 字节，{fate}";

    // Sentences.
    WHY_BEGIN_SEND: "{who} calls {call}: it hands the kernel one datagram of {bytes}; its boundaries will be kept.", "{who}调用 {call}：交给内核一个 {bytes}的数据报；边界会保留。";
    WHY_BEGIN_RECV: "{who} calls {call}: it asks for one datagram, of which it has room for {bytes}.", "{who}调用 {call}：索取一个数据报，为它准备的空间是 {bytes}。";
    WHY_SENT: "{call} returned {n}: the datagram was handed on. Nobody has acknowledged it.", "{call} 返回 {n}：数据报已交出。没有人确认过它。";
    WHY_SENT_RELIABLY: "{call} returned {n}: the message is in the receiver’s buffer. Nothing gets lost inside one computer.", "{call} 返回 {n}：消息已在接收方的缓冲区里。在同一台计算机内不会丢失。";
    WHY_SENT_DROPPED: "{call} returned {n}, but the receiver’s buffer was full: the kernel dropped the datagram, and {who} is not told.", "{call} 返回 {n}，但接收方的缓冲区已满：内核丢弃了这个数据报，{who}并不知情。";
    WHY_SENT_NOBODY: "{call} returned {n}: the datagram has left. No socket of this run has that address, and {who} does not learn it.", "{call} 返回 {n}：数据报已发出。本次运行中没有套接字使用那个地址，而{who}无从得知。";
    WHY_RECEIVED: "{call} returned {n}: one datagram, whole.", "{call} 返回 {n}：一个完整的数据报。";
    WHY_CUT: "{call} returned {n}: the datagram had {all} bytes, and there was room for {n}. The other {lost} are lost.", "{call} 返回 {n}：数据报有 {all} 字节，而空间只有 {n} 字节。其余 {lost} 字节丢失了。";
    WHY_BLOCKED: "{call} blocks: no datagram is waiting. If none comes, it waits for ever.", "{call} 阻塞：没有数据报在等待。如果一直不来，就永远等下去。";
    WHY_CONNECTED: "{call} returned: nothing was sent. The kernel has noted the address; send() goes there, and errors from there will be reported.", "{call} 返回：什么也没有发出。内核记下了地址；send() 就发往那里，那里传回的错误也会报告。";
    WHY_UNLINKED: "{call} returned: the socket’s file is gone, its name is free again.", "{call} 返回：套接字文件已删除，名字又可以用了。";
    ASKS: "{who} asks you:", "{who}请你输入：";
    TYPE_IT: "Enter", "输入";
    WHY_ASKS: "{who} waits for a line to be typed.", "{who}等待有人输入一行。";
    WHY_TYPED: "{who} was given the line {line}.", "{who}得到输入的一行 {line}。";
    WHY_TYPED_NOTHING: "{who} was given an empty line.", "{who}得到一个空行。";
    WHY_JOINED: "The socket has joined the group: what is sent to the group's address now comes in, and each socket that has bound it gets a copy.", "套接字加入了组：发往组地址的数据报现在会进来，凡是绑定了它的套接字各得一份。";
    WHY_INTERFACE: "What the socket sends to a group leaves by that interface; 127.0.0.1 keeps it on this computer.", "套接字发往组的数据报从该接口出去；127.0.0.1 使它留在本机。";
}
