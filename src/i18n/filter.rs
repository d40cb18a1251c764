//! Phrases of the packet filter: what its words mean, and what is wrong with one.

super::phrases! {
    IS_IP: "Packets of IPv4.", "IPv4 数据包。";
    IS_IP6: "Packets of IPv6.", "IPv6 数据包。";
    IS_ARP: "Questions for hardware addresses and their answers.", "对硬件地址的询问和回答。";
    IS_TCP: "Segments of TCP.", "TCP 报文段。";
    IS_UDP: "Datagrams of UDP.", "UDP 数据报。";
    IS_ICMP: "Messages about the network itself, of IPv4.", "关于网络本身的报文（IPv4）。";
    IS_ICMP6: "Messages about the network itself, of IPv6.", "关于网络本身的报文（IPv6）。";
    ADDR_IS: "Sender or receiver; 10.0.0.0/8 means all that begin so.", "发送方或接收方；10.0.0.0/8 表示所有以此开头的地址。";
    PORT_IS: "Port of the sender or of the receiver.", "发送方或接收方的端口。";
    UDP_STREAM_IS: "The number of the pair of UDP ends, counted from 0.", "UDP 两端组合的编号，从 0 数起。";
    UDP_LEN_IS: "Data bytes of the datagram.", "数据报的数据字节数。";
    ANALYSIS_IS: "Any judgement: retransmission, gap, zero window …", "任何一种判断：重传、缺口、零窗口……";
    SEND_IS: "Carries bytes of a send that was recorded.", "承载了已记录的 send 的字节。";
    RECV_IS: "A recorded recv took its bytes.", "其字节由已记录的 recv 取走。";
    MERGED_IS: "The recv that took its bytes got more than one message (sticky packets).", "取走其字节的 recv 得到了不止一条消息（粘包）。";
    SPLIT_IS: "The recv that took its bytes got only a part of a message.", "取走其字节的 recv 只得到消息的一部分（拆包）。";
    AND_IS: "Both conditions.", "两个条件都成立。";
    OR_IS: "One of the conditions, or both.", "至少一个条件成立。";
    NOT_IS: "The opposite of what follows.", "与后面的条件相反。";
    IN_IS: "One of several, or in a range: in 1..20", "其中之一，或在范围之内：in 1..20";
    EQUAL_IS: "The same.", "相等。";
    NOT_EQUAL_IS: "Not the same.", "不相等。";
    GREATER_IS: "Greater.", "大于。";
    GREATER_EQUAL_IS: "Greater or the same.", "大于或等于。";
    LESS_IS: "Less.", "小于。";
    LESS_EQUAL_IS: "Less or the same.", "小于或等于。";

    AT_COLUMN: "Column {column}: {what}", "第 {column} 列：{what}";
    EMPTY: "there is no condition. Write one, such as tcp.len > 0.", "没有条件。请写一个，例如 tcp.len > 0。";
    TOO_LONG: "the filter is longer than {n} bytes. Shorten it; ranges such as in 1..20 save much.", "筛选条件超过 {n} 字节。请缩短；in 1..20 这样的范围写法很省字。";
    TOO_DEEP: "conditions are nested more than {n} deep. Leave out parentheses that are not needed.", "条件嵌套超过 {n} 层。请去掉不必要的括号。";
    SIGN: "{sign} means nothing here. Leave it out, or put a text into \"quotes\".", "{sign} 在此没有意义。请删去，或把文字放进 \"引号\"。";
    SINGLE_EQUALS: "one = compares nothing. Write ==.", "单个 = 不是比较。请写 ==。";
    SINGLE_SIGN: "write {double} instead of {sign}, or the word.", "请把 {sign} 写成 {double}，或用单词。";
    OPEN_QUOTE: "the text that begins here has no second quote. Add \" at its end.", "从这里开始的文字缺少后引号。请在末尾加上 \"。";
    UNKNOWN: "there is no field {word}. The list below the filter has all of them.", "没有字段 {word}。筛选框下方的列表中有全部字段。";
    UNKNOWN_NEAR: "there is no field {word}. Did you mean {near}?", "没有字段 {word}。是否想写 {near}？";
    FIELD_EXPECTED: "a field is expected here, such as tcp.len.", "这里应有一个字段，例如 tcp.len。";
    VALUE_EXPECTED: "a value for {field} is expected here, such as {example}.", "这里应有 {field} 的值，例如 {example}。";
    BAD_VALUE: "{word} is not a value of {field}. Write one such as {example}.", "{word} 不是 {field} 的值。请写成例如 {example}。";
    BACKWARD: "the range ends before it begins. Put the smaller value first.", "范围的结束在开始之前。请把较小的值写在前面。";
    NO_ORDER: "{field} has no greater and smaller. Use == or != or in.", "{field} 没有大小之分。请用 ==、!= 或 in。";
    UNCLOSED: "this parenthesis is not closed. Add ).", "这个括号没有闭合。请加上 )。";
    UNOPENED: "this parenthesis closes nothing. Leave it out.", "这个右括号没有对应的左括号。请删去。";
    UNCLOSED_SET: "this set is not closed. Close it with a brace.", "这个集合没有闭合。请用右花括号闭合。";
    TRAILING: "a whole condition stands before this. Write and or or between them.", "前面已是完整的条件。请在两者之间写 and 或 or。";
}
