//! Phrases of the view of a run's segments: packets, sequence diagram, plots.

super::phrases! {
    SEGMENTS: "Segments", "报文段";
    SEGMENTS_HINT: "What this run put on the wire: packets layer by layer, as a sequence diagram, and over time", "这次运行在线路上传输的内容：逐层查看数据包、时序图，以及随时间的变化";
    TAB_PACKETS: "Packets", "数据包";
    TAB_PACKETS_HINT: "Every captured packet with the calls it belongs to", "每个抓到的数据包及其对应的调用";
    TAB_SEQUENCE: "Sequence diagram", "时序图";
    TAB_SEQUENCE_HINT: "Both ends from top to bottom: calls, segments, and the state of TCP", "自上而下显示两端：调用、报文段以及 TCP 状态";
    TAB_PLOTS: "Over time", "随时间变化";
    TAB_PLOTS_HINT: "Buffers, windows and sequence numbers over time", "缓冲区、窗口和序号随时间的变化";
    NOT_CAPTURED: "The segments of this run were not captured.", "这次运行的报文段没有抓取。";
    NO_RUN: "Run the lesson; its segments appear here.", "运行课程后，报文段会显示在这里。";
    NO_SEGMENTS_YET: "No segment has been sent up to this moment.", "到此刻为止还没有发送报文段。";
    COUNT: "{n} packets", "{n} 个数据包";
    EXPORT: "Save as pcapng", "另存为 pcapng";
    EXPORT_HINT: "For other analysers; each packet gets a remark with its calls and messages", "供其他分析工具使用；每个数据包都附有备注，说明对应的调用和消息";
    EXPORT_NOTHING: "There is no packet to save yet.", "还没有可保存的数据包。";
    EXPORTING: "writing … {n} %", "正在写入… {n} %";
    PAGE: "rows {from} to {to} of {all}", "第 {from} 至 {to} 行，共 {all} 行";
    PAGE_EARLIER: "Earlier rows", "前面的行";
    PAGE_LATER: "Later rows", "后面的行";
    EXPORT_FAILED: "{file} cannot be written: {why}. Choose another place.", "无法写入 {file}：{why}。请换一个位置。";
    FILE_COMMENT: "Lesson {lesson}, framing {framing}. Captured in a private network; times are those of the run.", "课程 {lesson}，分帧方式 {framing}。在专用网络中抓取；时间为运行中的时间。";
    SENT_BY: "{actor}: {call} (event {n})", "{actor}：{call}（事件 {n}）";
    GOT_BY: "received by {actor}: {call} (event {n})", "由{actor}接收：{call}（事件 {n}）";
    CARRIES: "carries {pieces}", "承载{pieces}";

    F_MESSAGE: "message", "消息";
    F_MESSAGE_IS: "Its number, which of its bytes are in this packet, and how many it has.", "消息编号、本数据包中包含它的哪些字节，以及它的总字节数。";
    F_NO_MESSAGE: "no message", "不属于消息";
    F_NO_MESSAGE_IS: "Bytes that belong to no message of the lab: an acknowledgement, an attacker's, or those of a program outside.", "不属于实验室消息的字节：确认、攻击者的字节，或外部程序的字节。";
    F_FRAME: "frame", "帧";
    F_FRAME_IS: "What the decoder made of these bytes: the number of the frame, and its bytes in the stream.", "解码器从这些字节得到的结果：帧编号及其在字节流中的位置。";
    RIGHT: "exactly one message", "恰好一条消息";
    WRONG: "not exactly one message", "不是恰好一条消息";

    CONNECTION: "Connection", "连接";
    STATES_UNKNOWN: "States of TCP are not shown: this system does not tell them, and no segments were captured from which to infer them.", "未显示 TCP 状态：此系统不提供，也没有抓取可用来推断的报文段。";
    SEQUENCE_LIST: "Calls and segments, from top to bottom", "调用与报文段，自上而下";
    ROW_CALL: "{t}, {actor}: {call}", "{t}，{actor}：{call}";
    ROW_SEGMENT: "{t}, {way}: {what}; {from} is now {a}, {to} {b}", "{t}，{way}：{what}；此时 {from} 为 {a}，{to} 为 {b}";
    ROW_SEGMENT_ONLY: "{t}, {way}: {what}", "{t}，{way}：{what}";
    RETURNED: "{call} returned {result}", "{call} 返回 {result}";

    PLOT_BYTES: "Bytes in buffers", "缓冲区中的字节数";
    PLOT_SEQUENCE: "Bytes sent and acknowledged", "已发送与已确认的字节";
    PLOT_WINDOW: "Window and bytes under way", "窗口与途中字节";
    LINE_UNREAD: "{actor}: waiting in the receive buffer", "{actor}：接收缓冲区中待读";
    LINE_UNSENT: "{actor}: not yet sent", "{actor}：尚未发出";
    LINE_UNACKED: "{actor}: not yet acknowledged", "{actor}：尚未确认";
    LINE_SENT: "{way}: sent", "{way}：已发送";
    LINE_ACKED: "{way}: acknowledged", "{way}：已确认";
    LINE_WINDOW: "{way}: room announced", "{way}：通告的窗口";
    LINE_FLIGHT: "{way}: under way", "{way}：途中";
    PLOT_NONE: "Nothing was measured up to this moment.", "到此刻为止没有测得数据。";
    PLOT_NOW: "the moment shown", "当前显示的时刻";
    PLOT_HINT: "Click or drag to show that moment; arrow keys step.", "点击或拖动可显示该时刻；方向键逐步移动。";
}
