//! Phrases of the reference: the calls, and the panel that shows them.

super::phrases! {
    TAB: "Reference", "参考";
    TAB_HINT: "Every call with what it does and when it waits; things people believe, each with the run that settles it", "每个调用做什么、何时等待；常见的误解，每条都有一次运行来判定";
    CALLS: "Calls", "调用";
    CALLS_HINT: "Every call of the course", "课程中的每一个调用";
    BELIEFS: "Things people believe", "常见的误解";
    BELIEFS_HINT: "What people say of sockets, and the experiment that settles it", "关于套接字的种种说法，以及判定它们的实验";
    SEARCH: "Search", "搜索";
    SEARCH_CALLS: "name, error or word", "名称、错误或词语";
    FOUND: "{n} of {all}", "{n} / {all}";
    NOTHING: "Nothing here contains {text}. Try a shorter word.", "没有包含 {text} 的内容。试试更短的词。";
    SHOW_ME: "Show me", "演示";
    SHOW_ME_OF: "Show me: {name}", "演示：{name}";
    OPENS: "Opens {lesson}, {step}", "打开{lesson}，{step}";
    NEVER_WAITS: "Does not wait.", "不等待。";
    WAITS: "Waits {until}. On a non-blocking socket it fails with EAGAIN instead.", "等待，{until}。在非阻塞套接字上则失败，错误是 EAGAIN。";
    WAITS_ALWAYS: "Waits {until}.", "等待，{until}。";
    ERRORS: "Errors: {errors}", "错误：{errors}";

    UNTIL_CONNECTION: "until a client has connected", "直到有客户端连接";
    UNTIL_HANDSHAKE: "until the other computer has answered; not for its accept()", "直到对方的电脑回答；不等它的 accept()";
    UNTIL_ROOM: "until there is room in the send buffer", "直到发送缓冲区有空位";
    UNTIL_ALL_TAKEN: "until every byte has been taken", "直到每个字节都被接受";
    UNTIL_BYTE: "until there is a byte, or the other side has ended", "直到有一个字节，或对方不再发送";
    UNTIL_DATAGRAM: "until a datagram has come", "直到收到一个数据报";
    UNTIL_LINE: "until a whole line is there, or the end", "直到有完整的一行，或到达末尾";
    UNTIL_TIME: "until the time is over", "直到时间到";

    SOCKET: "Makes a socket and gives its descriptor, a small number. Family and type are chosen here; no address, no connection yet.", "创建套接字，给出它的描述符（一个小整数）。在这里选定族和类型；还没有地址，也没有连接。";
    SETSOCKOPT: "Sets an option of the socket: SO_REUSEADDR, SO_RCVBUF, TCP_NODELAY … Buffer sizes are a wish; ask afterwards what was granted.", "设置套接字选项：SO_REUSEADDR、SO_RCVBUF、TCP_NODELAY 等。缓冲区大小只是愿望，事后要问实际给了多少。";
    JOIN_GROUP: "Joins a group: datagrams sent to its address come in at that interface, for everybody who has bound it.", "加入一个组：发往组地址的数据报从该接口进来，凡是绑定了它的都能收到。";
    GETSOCKOPT: "Asks what an option is really set to.", "查询选项的实际值。";
    BIND: "Gives the socket an address of this computer. Port 0 lets the system choose one.", "给套接字一个本机地址。端口 0 表示由系统选择。";
    LISTEN: "Makes the socket one that takes connections. The backlog is how many finished ones may wait for accept(), not how many clients there may be.", "让套接字开始接受连接。监听队列是允许多少条已建立的连接等待 accept()，不是客户端的最大数量。";
    ACCEPT: "Takes one finished connection out of the backlog and gives a new socket for it; the listening socket goes on listening.", "从监听队列取出一条已建立的连接，为它给出一个新的套接字；监听套接字继续监听。";
    CONNECT: "Joins the socket with an address: for a stream the three-way handshake, for datagrams only a note of where to send.", "把套接字与一个地址相连：字节流要进行三次握手，数据报只是记下发往哪里。";
    CONNECT_EX: "As connect(), but the error is returned as a number instead of raised. 0 means success.", "同 connect()，但错误作为数字返回，而不是抛出。0 表示成功。";
    SEND: "Hands bytes to the kernel and returns how many it took, which may be fewer than given. That the other side has them it does not say.", "把字节交给内核，返回它接受了多少，可能比给出的少。它并不表示对方已经收到。";
    SENDALL: "Calls send() until everything has been taken. After an error nobody knows how much was.", "反复调用 send() 直到全部被接受。出错之后无从知道发出了多少。";
    RECV: "Takes bytes out of the receive buffer: at least one, at most so many, however they were sent. b'' means that the other side has ended.", "从接收缓冲区取走字节：至少一个，最多指定的数目，与当初怎样发送无关。b'' 表示对方不再发送。";
    PEEK: "Shows the bytes and leaves them in the receive buffer.", "看一看字节，仍把它们留在接收缓冲区里。";
    RECV_INTO: "As recv(), into memory that the program already has; returns how many bytes came.", "同 recv()，但放进程序已有的内存；返回收到的字节数。";
    SENDTO: "Sends one datagram to an address; no connection is needed, and nobody says whether it arrives.", "向一个地址发送一个数据报；不需要连接，也没有人说是否送达。";
    RECVFROM: "Takes one datagram and tells who sent it. What does not fit is lost.", "取一个数据报，并告知发送方。放不下的部分会丢失。";
    SHUTDOWN: "Ends one direction of the connection: after SHUT_WR the other side gets b'', and may still answer.", "结束连接的一个方向：SHUT_WR 之后对方得到 b''，但仍可回答。";
    CLOSE: "Gives the descriptor back. If bytes are still unread, the connection is broken off (RST) instead of ended.", "交还描述符。如果还有没读的数据，连接会被强行断开（RST），而不是正常结束。";
    GETSOCKNAME: "Tells the socket's own address: the way to find out which port the system has chosen.", "给出套接字自己的地址：由此可知系统选了哪个端口。";
    GETPEERNAME: "Tells the address of the other end.", "给出对方的地址。";
    FILENO: "Tells the descriptor's number; -1 after close().", "给出描述符的号码；close() 之后是 -1。";
    SETTIMEOUT: "How long calls on this socket may wait: None for ever, 0 not at all.", "这个套接字上的调用最多等多久：None 表示一直等，0 表示不等。";
    GETTIMEOUT: "Tells what settimeout() has set; None if there is no limit.", "给出 settimeout() 设置的值；没有限制时是 None。";
    SETBLOCKING: "setblocking(False) is settimeout(0), setblocking(True) is settimeout(None).", "setblocking(False) 等同于 settimeout(0)，setblocking(True) 等同于 settimeout(None)。";
    MAKEFILE: "Wraps the socket in a file with a buffer of its own, which takes from the kernel whatever is there. Read from the file only, then: recv() does not see what it has.", "把套接字包装成自带缓冲区的文件，它会把内核里现有的数据全部取走。此后只从文件读取：recv() 看不到文件里的内容。";
    READLINE: "A line out of such a file, its line feed included: the decoder for the delimiter \\n. read(n) is the one for fixed sizes.", "从这样的文件里取一行，包括换行符：它就是分隔符 \\n 的解码器。read(n) 则是定长的解码器。";
    FROMFD: "Another descriptor for the same socket, as dup() in C. The socket is closed when the last of them is.", "为同一个套接字再给一个描述符，即 C 的 dup()。最后一个描述符关闭时，套接字才关闭。";
    SLEEP: "Waits for a time and not for an event. Between two programs that is an agreement with nobody.", "等待一段时间，而不是等待一个事件。在两个程序之间，这是一个没有对方的约定。";
}
