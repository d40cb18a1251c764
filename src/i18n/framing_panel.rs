//! Phrases of the framing panel: choosing a strategy, its settings, what it does to the student's
//! own messages. What there is to say of each strategy stands in the table `framing`.

super::phrases! {
    TAB: "How it works", "工作原理";
    TAB_HINT: "The chosen framing on your own messages: their bytes on the wire, what they cost, what breaks them", "所选分帧方式作用在你自己的消息上：线路上的字节、代价，以及什么会破坏它";

    GROUP_WRONG: "Deliberately wrong", "故意用错";
    GROUP_MARKS: "A fixed size, or a mark", "固定长度或标记";
    GROUP_LENGTHS: "The length first", "先说长度";
    GROUP_STUFFING: "Byte stuffing", "字节填充";

    VALUE: "{label}, value", "{label}，值";
    CHOICE: "{label}: {value}", "{label}：{value}";

    HOW: "How it works", "工作原理";
    COST: "What it costs", "代价";
    BREAKS: "What breaks it", "什么会破坏它";
    LIMIT: "Its limit", "上限";

    ON_THE_WIRE: "Message {n} on the wire: {bytes}", "线路上的消息 {n}：{bytes}";
    SPOKEN: "Message {n} on the wire, {bytes}: {fields}", "线路上的消息 {n}，{bytes}：{fields}";
    SPOKEN_FIELD: "{field} {bytes}", "{field} {bytes}";
    CELL: "Byte {at} of {of}: 0x{hex}, {field}", "第 {at} 字节，共 {of}：0x{hex}，{field}";
    LEFT_OUT: "{n} more", "另有 {n}";
    NO_MESSAGES: "There are no messages.", "没有消息。";
    STRUCT: "Python’s struct format: {format}", "Python 的 struct 格式：{format}";

    SUM: "{count} messages: {payload} of payload, {wire} on the wire, {percent} % more.", "{count} 条消息：载荷 {payload}，线路上 {wire}，多出 {percent}%。";
    SUM_FIRST: "The first {counted} of {count} messages: {payload} of payload, {wire} on the wire, {percent} % more.", "{count} 条消息中的前 {counted} 条：载荷 {payload}，线路上 {wire}，多出 {percent}%。";
    SUM_EMPTY: "{count} messages: no payload, {wire} on the wire.", "{count} 条消息：没有载荷，线路上 {wire}。";
    NO_ROUND_TRIP: "No round trip: the sender never waits for an answer.", "没有往返：发送方从不等待应答。";
    ROUND_TRIPS: "{n} round trips: for each message the sender waits for an answer.", "{n} 次往返：每条消息，发送方都要等一次应答。";
    SLEEPS: "{time} of sleep.", "睡眠共 {time}。";

    TROUBLE: "Message {n}: {what}", "消息 {n}：{what}";
    TROUBLE_MORE: "{n} messages in all.", "这样的消息共 {n} 条。";
    NO_TROUBLE: "None of your messages is a danger to it.", "你的消息中没有会破坏它的。";
    NO_CURE: "It breaks whatever the messages say: it depends on where each recv happens to end.", "无论消息内容是什么，它都可能出错：一切取决于每次 recv 恰好在哪里结束。";

    ERROR_ESCAPE: "{escape} is no escape. Known are \\n, \\r, \\t, \\0, \\\\ and \\xHH with two hexadecimal digits.", "{escape} 不是转义序列。可用的有 \\n、\\r、\\t、\\0、\\\\，以及 \\xHH（两位十六进制数字）。";
    ERROR_DANGLING: "A single backslash stands at the end. Write \\\\ for a backslash.", "末尾只有一个反斜杠。要表示反斜杠请写 \\\\。";
    ERROR_DELIMITER: "It has {bytes} bytes; 1 to {max} are possible.", "现在是 {bytes} 字节；可以是 1 到 {max} 字节。";
    ERROR_BACKSLASH: "It cannot begin with a backslash, which is the escape itself.", "不能以反斜杠开头，因为反斜杠就是转义符本身。";
    ERROR_SIZE: "“{found}” is no size. Write a number of bytes from 1 to {max}.", "“{found}”不是长度。请写 1 到 {max} 之间的字节数。";
    ERROR_PADDING: "It has {bytes} bytes; padding is exactly one byte.", "现在是 {bytes} 字节；填充必须正好是一个字节。";
    ERROR_PAUSE: "“{found}” is no pause. Write a number of milliseconds from 0 to {max}.", "“{found}”不是间隔时间。请写 0 到 {max} 之间的毫秒数。";
}
