//! Phrases about what the kernel tells of TCP ends: states, windows, counts, and how far bytes got.

super::phrases! {
    STATE_SHORT: "TCP state", "TCP 状态";
    SENT_SHORT: "segments counted", "报文段计数";
    PROGRESS_SHORT: "bytes under way", "途中字节";
    STATE_RESULT: "{state} · congestion window {cwnd} × {mss} B", "{state} · 拥塞窗口 {cwnd} × {mss} 字节";
    SENT_RESULT: "{n} with data, {acked} acknowledged, {again} again", "带数据 {n} 个，已确认 {acked}，重传 {again} 个";
    PROGRESS_RESULT: "{stage} up to byte {end}", "{stage}：第 {end} 字节之前";
    SCHEDULED: "scheduled", "已排队";
    LEFT: "left", "已离开";
    ACKED: "acknowledged", "已确认";
    OTHER_END: "other end: {state}", "对端：{state}";

    WHY_STATE: "The kernel was asked: {who}’s end of the connection is in the state {state}.", "询问了内核：{who}这一端的连接处于 {state} 状态。";
    WHY_STATE_PEER: "The kernel was asked: the other end of {who}’s connection is in the state {state}. No socket of this run belongs to it (it is not accepted yet, or a program outside has it).", "询问了内核：{who}的连接，其对端处于 {state} 状态。它不属于本次运行的任何套接字（尚未被 accept，或属于外部程序）。";
    WHY_STATE_LEFT: "{who} has closed this socket, and the kernel still keeps its end of the connection: {state}.", "{who}已关闭这个套接字，但内核仍保留着它这一端的连接：{state}。";
    WHY_STATE_GONE: "The kernel no longer has {who}’s end of the connection.", "内核中已没有{who}这一端的连接。";
    WHY_STATE_NONE: "The kernel was asked for the state of {who}’s end of the connection.", "向内核询问了{who}这一端连接的状态。";
    WHY_FIGURES: "At most {cwnd} may be under way now (congestion window: {n} segments of {mss}); the other end has announced room for {window}.", "此刻最多可有 {cwnd}在途（拥塞窗口：{n} 个报文段，每个 {mss}）；对端通告的窗口为 {window}。";
    WHY_SENT: "Up to now {who}’s kernel has sent {n} segments with data; {acked} are acknowledged, and {again} segments were sent again.", "到目前为止，{who}的内核已发出 {n} 个带数据的报文段；{acked}已被确认，重传了 {again} 个报文段。";
    WHY_SCHEDULED: "The kernel reports: {ago} before this was read, the last of the first {end} that {who} sent had been cut into a segment and handed to the packet scheduler.", "内核报告：在读取之前 {ago}，{who}发送的前 {end}中的最后一个字节已装入报文段，并交给分组调度。";
    WHY_LEFT: "The kernel reports: {ago} before this was read, the last of the first {end} that {who} sent had been handed to the network device.", "内核报告：在读取之前 {ago}，{who}发送的前 {end}中的最后一个字节已交给网络设备。";
    WHY_ACKED: "The kernel reports: {ago} before this was read, the other end’s kernel had acknowledged the first {end} that {who} sent.", "内核报告：在读取之前 {ago}，对端内核已确认{who}发送的前 {end}。";

    F_STATE: "TCP state", "TCP 状态";
    F_STATE_IS: "The state of this end of the connection (RFC 9293), as the kernel told when it was asked.", "这一端连接的状态（RFC 9293），即询问内核时得到的回答。";
    F_HOW: "read from", "读取方式";
    F_HOW_IS: "TCP_INFO asks through the socket; where there is none, sock_diag finds the connection by its addresses.", "TCP_INFO 通过套接字询问；没有套接字时，用 sock_diag 按地址查找连接。";
    F_CWND: "congestion window", "拥塞窗口";
    F_CWND_IS: "Segments that may be under way without acknowledgement, and as bytes.", "未确认时允许在途的报文段数，以及折合的字节数。";
    F_MSS: "segment size", "报文段大小";
    F_MSS_IS: "Bytes of payload that a segment of this end carries at most now.", "这一端的报文段目前最多携带的数据字节数。";
    F_PEER_WINDOW: "window of the other end", "对端窗口";
    F_PEER_WINDOW_IS: "Bytes for which the other end announced room last.", "对端最近通告的可接收字节数。";
    F_OWN_WINDOW: "own window", "本端窗口";
    F_OWN_WINDOW_IS: "Bytes for which this end announced room last.", "本端最近通告的可接收字节数。";
    F_SEGMENTS: "data segments", "数据报文段";
    F_SEGMENTS_IS: "Segments with data that this end has sent so far, repeated ones included.", "这一端到目前为止发出的带数据报文段数，含重传。";
    F_ACKED: "acknowledged", "已确认";
    F_ACKED_IS: "Bytes that the other end’s kernel has confirmed.", "对端内核已确认的字节数。";
    F_AGAIN: "sent again", "重传";
    F_AGAIN_IS: "Segments that were sent more than once.", "重复发送的报文段数。";
    F_AGO: "happened", "发生于";
    F_AGO_IS: "So long before the lab read it: the kernel keeps a time for it.", "在实验室读取之前这么久发生：内核为它记录了时间。";

    STATE_READ: "{state} (read)", "{state}（读取）";
    STATE_INFERRED: "{state} (inferred)", "{state}（推断）";
    ROW_STATE: "{t}, {actor}: the kernel says {state}", "{t}，{actor}：内核报告 {state}";
    ROW_READ: "state read from the kernel", "从内核读取状态";
    LEGEND: "TCP states: ● read from the kernel; ○ inferred from the segments by the rules of RFC 9293, as if each had arrived.", "TCP 状态：● 从内核读取；○ 按 RFC 9293 的规则由报文段推断，并假定每个报文段都已到达。";
    LEGEND_HOST: "TCP states: ● read from the kernel now and then; ○ follows from a call. What happened between two readings is not known here: no segments were captured.", "TCP 状态：● 不时从内核读取；○ 由调用得出。两次读取之间发生的事无从得知：没有抓取报文段。";
    LINE_CWND: "{way}: congestion window", "{way}：拥塞窗口";
    CWND_UNKNOWN: "The congestion window of this connection was not read.", "没有读取到此连接的拥塞窗口。";
    FILE_MADE_UP: "Lesson {lesson}, framing {framing}. NO packet in this file was captured: all are synthetic, made up from what is known of the run. Numbers count from 0; handshakes and closes are left out.", "课程 {lesson}，分帧方式 {framing}。本文件中的数据包都不是抓到的，而是根据运行记录合成的。序号从 0 开始；不含握手与关闭。";
    MADE_REPORTED: "SYNTHETIC: not captured. The kernel reported that all these bytes had left at this time; they may have been several segments.", "合成：并非抓到的数据包。内核报告到此时这些字节都已离开；也可能分为多个报文段。";
    MADE_OF_CALL: "SYNTHETIC: not captured. These bytes were handed over by a call that returned at this time; how they were cut into segments is not known.", "合成：并非抓到的数据包。这些字节由一次在此时返回的调用交出；它们如何分成报文段并不知道。";
    MADE_ACKNOWLEDGED: "SYNTHETIC: not captured. The kernel reported that everything up to here was acknowledged at this time.", "合成：并非抓到的数据包。内核报告到此为止的字节在此时已被确认。";
    EXPORT_MADE_UP: "No packet of this run was captured. {file} gets synthetic packets, and each says so.", "这次运行没有抓到数据包。{file} 中写入的是合成的数据包，并逐个注明。";
    EXPORT_HINT_MADE_UP: "For other analysers. No packet of this run was captured: the file gets synthetic ones, made up from calls and the kernel’s reports, and each says so", "供其他分析工具使用。这次运行没有抓到数据包：文件中是根据调用和内核报告合成的数据包，并逐个注明";
    INFERRED: "inferred", "推断";
    INFERRED_PIECES: "inferred from the kernel’s timestamps: {pieces} pieces", "由内核时间戳推断：{pieces} 段";
    INFERRED_COUNTED: "inferred from the kernel’s timestamps: {pieces} pieces; the kernel counted {n} data segments", "由内核时间戳推断：{pieces} 段；内核共计 {n} 个数据报文段";
    COUNTED_ONLY: "not captured; the kernel counted {n} data segments", "未抓包；内核共计 {n} 个数据报文段";
    ITEM_INFERRED: "inferred piece {n}: {bytes} bytes of {sends} sends, told by one report of the kernel, {what}", "推断的第 {n} 段：{bytes} 字节（来自 {sends} 次 send），出自内核的同一次报告，{what}";
    PLOT_ACKED: "Bytes acknowledged (counted by the kernel)", "已确认的字节（内核计数）";
}
