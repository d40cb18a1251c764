//! Phrases of the packet inspector.

super::phrases! {
    BACK: "Back to the lesson", "返回课程";
    BACK_HINT: "Close this capture [Esc]", "关闭这份捕获 [Esc]";
    COUNT: "{n} packets, {c} conversations", "{n} 个数据包，{c} 个会话";
    OPENING: "Opening {file} …", "正在打开 {file}……";
    FILTER: "Filter packets", "筛选数据包";
    SHOWN: "{n} of {m}", "{n} / {m}";
    SEARCHING: "searching, {percent} %", "正在查找，{percent}%";
    LIST: "Packets", "数据包";
    NO_PACKETS: "This capture has no packets.", "这份捕获中没有数据包。";
    NONE_FOUND: "No packet matches the filter. Clear it, or write a wider one.", "没有符合条件的数据包。请清除或放宽筛选条件。";
    ROW: "Packet {n}: {from} to {to}, {protocol} {info}", "数据包 {n}：{from} 到 {to}，{protocol} {info}";
    COL_NUMBER: "#", "#";
    COL_TIME: "time", "时间";
    COL_SOURCE: "from", "源";
    COL_DESTINATION: "to", "目的";
    COL_ENDS: "ports", "端口";
    COL_PROTOCOL: "protocol", "协议";
    COL_FLAGS: "flags", "标志";
    COL_SEQ: "seq", "序号";
    COL_ACK: "ack", "确认号";
    COL_WINDOW: "window", "窗口";
    COL_LENGTH: "data", "数据";
    COL_NOTE: "remarks", "备注";
    TAB_FIELDS: "Fields", "字段";
    TAB_LAYERS: "Encapsulation", "封装";
    TAB_CONVERSATION: "Conversation", "会话";
    CHOOSE: "Choose a packet in the list to take it apart.", "在列表中选择一个数据包，即可逐层解析。";
    UNREADABLE: "The bytes cannot be read: {why}. Was the file moved or changed? Open it again.", "无法读取字节：{why}。文件是否被移动或更改？请重新打开。";
    TREE: "Layers and fields", "各层与字段";
    TREE_HINT: "Choose a field to see what it is for; its bytes light up beside it.", "选择一个字段查看含义；旁边会标出它的字节。";
    BYTES: "(bytes {from} to {to}: {n})", "（第 {from} 至 {to} 字节，共 {n} 个）";
    HEX: "The packet's {n} bytes in hexadecimal", "数据包的 {n} 个字节，十六进制";
    BYTE_AT: "byte {offset} · {hex} · {field}: {value}", "第 {offset} 字节 · {hex} · {field}：{value}";
    LAYERS_HINT: "Each layer puts its header in front of what it got from the layer above. Choose a box to unfold its bytes.", "每一层都在上一层交来的内容前加上自己的头部。选择一个方框可展开它的字节。";
    BOX: "{row}: {layer}, {bytes}", "{row}：{layer}，{bytes}";
    BOX_DATA: "data", "数据";
    NO_CONVERSATION: "This packet belongs to no conversation.", "这个数据包不属于任何会话。";
    NO_DATA: "Nobody sent any data in this conversation.", "这个会话中没有发送过数据。";
    TAKE_APART: "messages by", "按此分帧";
    AS_SENT: "as sent", "按原样";
    FRAMING_TEXT: "Framing strategy, as text", "分帧策略（文字形式）";
    MESSAGE: "message {n} · offset {offset} · {len} B", "消息 {n} · 偏移 {offset} · {len} 字节";
    PIECE: "packet {n} · offset {offset} · {len} B", "数据包 {n} · 偏移 {offset} · {len} 字节";
    MISSING: "{n} bytes missing before", "此前缺失 {n} 字节";
    ALL_FOUND: "{n} messages, none left over", "{n} 条消息，没有剩余";
}
