//! Why a program of a lesson ended early. The trace has it in English, as a program's own message;
//! a window in Chinese recognises it.

use super::Lang;

super::phrases! {
    TOO_MANY_CLIENTS: "more clients than this run has threads for", "客户端的数量超过了本次运行的线程数";
    NO_THREAD: "no thread for a client: {why}", "无法为客户端创建线程：{why}";
    NOBODY_TYPES: "nobody types any more", "没有人再输入了";
    NOT_IPV4: "{given} is not an IPv4 address, such as 239.1.2.3", "{given} 不是 IPv4 地址；正确的例子：239.1.2.3";
    NO_SENDERS_ADDRESS: "the sender's socket has no address to answer to; it must bind first", "发送方的套接字没有可以答复的地址；它要先 bind";
    NO_DATAGRAM: "nothing was received from {name}", "没有从 {name} 收到任何数据";
    NOT_UNLINKED: "unlink: {why}", "unlink 失败：{why}";
    NO_FOLDER: "no temporary folder: {why}", "无法创建临时文件夹：{why}";
    NO_FILE: "{file} is not a file around a socket", "{file} 不是包装套接字的文件对象";
    OPEN_TO_OTHERS: "bind to {address} would let other computers connect: allow that for this run, or capture it, for then it has a network of its own", "bind 到 {address} 会让其他计算机也能连接：请为本次运行允许这样做，或者打开抓包，那样运行就有自己的网络";
    MESSAGE_OUTSIDE: "$message stands outside for_each_message", "$message 不在 for_each_message 里面";
    CLOSED_UNACKNOWLEDGED: "the peer closed the connection instead of acknowledging the length", "对方没有确认长度，而是关闭了连接";
    NOT_ACKNOWLEDGED: "the peer answered {answer} where an acknowledgement, {expected}, was expected", "这里应当收到确认 {expected}，对方却答复了 {answer}";
    WAITS_FOR_NOBODY: "wait: no actor is called {name}", "wait：没有叫 {name} 的角色";
    CONNECTS_TO_NOBODY: "connect: no actor is called {name}", "connect：没有叫 {name} 的角色";
    NOTHING_RECEIVED: "nothing was received into {name}", "{name} 里没有收到任何数据";
    NOT_A_NUMBER: "${name} is not a number", "${name} 不是数字";
    NOT_A_PARAMETER: "${name} is not a parameter", "${name} 不是参数";
    NO_PORT: "port {port} is not between 0 and 65535", "端口 {port} 不在 0 到 65535 之间";
    NEVER_LISTENED: "{name} ended without listening", "{name} 没有监听就结束了";
    NOT_A_SOCKET: "{name} is not an open socket", "{name} 不是打开的套接字";
}

/// That message in `lang`; what is none of these stays as it is (the system's own words).
pub fn said(message: &str, lang: Lang) -> String {
    super::recognised(TABLE, message, lang).unwrap_or_else(|| message.to_owned())
}
