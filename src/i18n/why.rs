//! The one sentence per event: what happened and why. Also the meanings of error numbers.

super::phrases! {
    // Amounts and lists.
    BYTE: "1 byte", "1 字节";
    BYTES: "{n} bytes", "{n} 字节";
    LIST_SEP: ", ", "、";
    LIST_LAST: " and ", "和";
    ACTOR_CLIENT: "client", "客户端";
    ACTOR_SERVER: "server", "服务器";
    ACTOR_LAB: "the lab", "实验室";

    // Which messages some bytes belong to.
    MESSAGE: "message {n}", "消息 {n}";
    MESSAGES: "messages {list}", "消息 {list}";
    PART_FIRST: "the first {b} of message {n}’s {all} bytes", "消息 {n}（共 {all} 字节）的前 {b} 字节";
    PART_LAST: "the last {b} of message {n}’s {all} bytes", "消息 {n}（共 {all} 字节）的最后 {b} 字节";
    PART_MIDDLE: "bytes {from} to {to} of message {n}’s {all}", "消息 {n}（共 {all} 字节）的第 {from} 至 {to} 字节";
    PART_EXTERNAL: "{bytes} of the external program", "外部程序的 {bytes}";
    PART_ACKNOWLEDGEMENT: "{bytes} of acknowledgement", "{bytes}的确认";
    PART_UNKNOWN: "{bytes} that belong to no message", "不属于任何消息的 {bytes}";
    PART_MORE: "{n} more pieces", "另外 {n} 段";

    // Calls begin.
    BEGIN_SEND: "{who} calls {call}: it asks the kernel to take {bytes}.", "{who}调用 {call}：请内核接收 {bytes}。";
    BEGIN_SEND_MESSAGE: "{who} calls {call}: it asks the kernel to take the {bytes} of message {n}.", "{who}调用 {call}：请内核接收消息 {n} 的 {bytes}。";
    BEGIN_SEND_ACKNOWLEDGEMENT: "{who} calls {call}: it acknowledges the length it has received, so that the payload may follow.", "{who}调用 {call}：确认已收到长度，让对方可以接着发载荷。";
    BEGIN_RECV: "{who} calls {call}: it asks for at most {bytes}, whatever messages they belong to.", "{who}调用 {call}：最多索取 {bytes}，不管它们属于哪条消息。";
    BEGIN_PEEK: "{who} calls {call}: it looks at no more than {bytes} and leaves them in the receive buffer.", "{who}调用 {call}：最多查看 {bytes}，数据仍留在接收缓冲区。";
    BEGIN_SOCKET: "{who} calls {call}: it asks for a new socket.", "{who}调用 {call}：请求一个新的套接字。";
    BEGIN_OPTION: "{who} calls {call}: it asks the kernel to change a setting of this socket.", "{who}调用 {call}：请内核修改这个套接字的选项。";
    BEGIN_GET_OPTION: "{who} calls {call}: it asks what the setting is now.", "{who}调用 {call}：查询该选项的当前值。";
    BEGIN_BIND: "{who} calls {call}: it asks for this address for its socket.", "{who}调用 {call}：为套接字申请这个地址。";
    BEGIN_LISTEN: "{who} calls {call}: from now on clients may connect; the backlog holds those not yet accepted.", "{who}调用 {call}：从现在起客户端可以连接；尚未 accept 的连接在监听队列中等待。";
    BEGIN_ACCEPT: "{who} calls {call}: it asks for the next finished connection in the backlog.", "{who}调用 {call}：从监听队列取下一个已建立的连接。";
    BEGIN_CONNECT: "{who} calls {call}: the kernel starts the handshake.", "{who}调用 {call}：内核开始三次握手。";
    BEGIN_SHUT_WRITE: "{who} calls {call}: a half-close; it will send nothing more but can still receive.", "{who}调用 {call}：半关闭；不再发送，但仍可接收。";
    BEGIN_SHUTDOWN: "{who} calls {call}: it ends this direction of the connection.", "{who}调用 {call}：结束连接的这个方向。";
    BEGIN_CLOSE: "{who} calls {call}: it gives the socket back to the kernel.", "{who}调用 {call}：把套接字交还给内核。";
    BEGIN_SLEEP: "{who} calls {call}: it does nothing for {ms} ms; bytes keep arriving in the kernel meanwhile.", "{who}调用 {call}：{ms} 毫秒内什么也不做；这期间数据仍会到达内核。";
    BEGIN_WAIT: "{who} waits for the other program to get far enough.", "{who}等待另一个程序进行到指定位置。";
    BEGIN_RECV_INTO: "{who} calls {call}: it asks for at most {bytes}, to be written into a buffer it has already, from place {at} on.", "{who}调用 {call}：最多索取 {bytes}，写进自己已有的缓冲区，从第 {at} 个位置开始。";
    BEGIN_GET_TIMEOUT: "{who} calls {call}: it asks how long calls of this socket may wait.", "{who}调用 {call}：查询这个套接字的调用最多等多久。";
    BEGIN_MAKEFILE: "{who} calls {call}: it puts a file with a buffer of its own around the socket.", "{who}调用 {call}：给套接字包上一层自带缓冲区的文件。";
    BEGIN_READLINE: "{who} calls {call}: it asks the file for its next line.", "{who}调用 {call}：向文件索取下一行。";
    BEGIN_DUPLICATE: "{who} calls {call}: it asks for another descriptor of the same socket.", "{who}调用 {call}：为同一个套接字再要一个描述符。";
    BEGIN_OTHER: "{who} calls {call}.", "{who}调用 {call}。";

    // Blocked.
    BLOCKED_RECV: "{call} blocks: no bytes are waiting in the receive buffer. The kernel wakes the program when some arrive.", "{call} 阻塞：接收缓冲区里没有数据。数据到达时内核会唤醒程序。";
    BLOCKED_SEND: "{call} blocks: the send buffer is full because the peer does not read. It goes on when the peer has taken bytes out.", "{call} 阻塞：对方没有读取，发送缓冲区已满。对方取走数据后才会继续。";
    BLOCKED_ACCEPT: "{call} blocks: no client is waiting in the backlog. It goes on when one connects.", "{call} 阻塞：监听队列里没有客户端。有客户端连接时才会继续。";
    BLOCKED_CONNECT: "{call} blocks: the handshake has not been answered yet.", "{call} 阻塞：三次握手还没有得到应答。";
    BLOCKED_OTHER: "{call} blocks: the kernel holds the program until the call can be done.", "{call} 阻塞：内核让程序等到调用能够完成为止。";
    BLOCKED_FOR: "It was blocked for {time}.", "共阻塞 {time}。";

    // recv returned.
    RECV_ONE: "{call} returned {bytes}: {what}, all that had arrived.", "{call} 返回 {bytes}：{what}，即已到达的全部数据。";
    RECV_MERGED: "{call} returned {bytes}: the {count} messages waiting in the receive buffer ({list}). recv counts bytes, not messages.", "{call} 返回 {bytes}：接收缓冲区里等待的 {count} 条消息（{list}）。recv 数的是字节，不是消息。";
    RECV_SHORT: "{call} returned {bytes}, everything in the receive buffer: {what}.", "{call} 返回 {bytes}，即接收缓冲区里的全部数据：{what}。";
    RECV_SHORT_PART: "{call} returned {bytes}, everything in the receive buffer: {what}; its other {rest} had not arrived yet.", "{call} 返回 {bytes}，即接收缓冲区里的全部数据：{what}；其余 {rest}尚未到达。";
    RECV_FULL: "{call} returned {bytes}, as many as it asked for: {what}.", "{call} 返回 {bytes}，正好是所要的数量：{what}。";
    RECV_FULL_STAY: "{call} returned {bytes}, as many as it asked for: {what}; {rest} stay in the receive buffer.", "{call} 返回 {bytes}，正好是所要的数量：{what}；{rest}仍留在接收缓冲区。";
    RECV_FULL_LATER: "{call} returned {bytes}, as many as it asked for: {what}; the other {rest} are for a later recv.", "{call} 返回 {bytes}，正好是所要的数量：{what}；其余 {rest}要由后面的 recv 取得。";
    RECV_PLAIN: "{call} returned {bytes}.", "{call} 返回 {bytes}。";
    RECV_ZERO_ASKED: "{call} returned b'' because it asked for 0 bytes; this says nothing about the peer.", "{call} 返回 b''，因为只索取了 0 字节；这并不说明对方的状态。";
    RECV_EOF: "{call} returned b'': the peer closed its sending side; no more bytes will come.", "{call} 返回 b''：对方已关闭发送方向，不会再有数据。";
    RECV_PEEK: "{call} looked at {bytes} and left them in the receive buffer; the next recv returns them again.", "{call} 查看了 {bytes}，数据仍留在接收缓冲区；下一次 recv 还会返回它们。";

    // send returned.
    SEND_ALL: "{call} returned {n}: the send buffer took all {bytes}. That does not mean that the peer has read them.", "{call} 返回 {n}：发送缓冲区接收了全部 {bytes}。这并不表示对方已经读到。";
    SEND_ALL_MESSAGE: "{call} returned {n}: the send buffer took all {bytes} of message {message}. That does not mean that the peer has read them.", "{call} 返回 {n}：发送缓冲区接收了消息 {message} 的全部 {bytes}。这并不表示对方已经读到。";
    SEND_PARTIAL: "{call} returned {n}: the send buffer had room for only {n} of the {asked} bytes; the program must send the other {rest} itself.", "{call} 返回 {n}：发送缓冲区只容得下 {asked} 字节中的 {n} 字节；其余 {rest}要由程序自己再发。";
    SEND_EMPTY: "{call} returned 0: no bytes were given, so nothing goes onto the wire and the peer notices nothing.", "{call} 返回 0：没有给出任何字节，线路上什么也不会发出，对方毫无察觉。";
    SENDALL_DONE: "{call} is done: the send buffer took all {bytes}; sendall repeats send until nothing is left.", "{call} 完成：发送缓冲区接收了全部 {bytes}；sendall 会重复 send 直到全部发完。";
    SENDALL_DONE_MESSAGE: "{call} is done: the send buffer took all {bytes} of message {message}; sendall repeats send until nothing is left.", "{call} 完成：发送缓冲区接收了消息 {message} 的全部 {bytes}；sendall 会重复 send 直到全部发完。";

    // Other calls returned.
    DONE_SOCKET: "{call} returned a new socket, descriptor {n}; it has no address and no peer yet.", "{call} 返回新的套接字，描述符为 {n}；它还没有地址，也没有对端。";
    OPTION_DOUBLED: "{call}: asked {asked}, granted {granted}: Linux doubles it to leave room for its own bookkeeping.", "{call}：请求 {asked}，实际 {granted}：Linux 会加倍，为自身的管理信息留出空间。";
    OPTION_RAISED: "{call}: asked {asked}, granted {granted}: the system does not go below its smallest value.", "{call}：请求 {asked}，实际 {granted}：系统不会低于它的最小值。";
    OPTION_LOWERED: "{call}: asked {asked}, granted {granted}: the system does not go above its largest value.", "{call}：请求 {asked}，实际 {granted}：系统不会超过它的最大值。";
    OPTION_AS_ASKED: "{call}: the kernel granted {granted}, as asked.", "{call}：内核按请求给予 {granted}。";
    OPTION_DONE: "{call} is done; the kernel does not say what it granted.", "{call} 完成；内核没有说明实际给予的值。";
    OPTION_VALUE: "{call} returned {granted}: the value in force.", "{call} 返回 {granted}：当前生效的值。";
    DONE_BIND: "{call} is done: the socket has the address {address}.", "{call} 完成：套接字的地址是 {address}。";
    DONE_LISTEN: "{call} is done: clients can connect now, even before accept is called.", "{call} 完成：客户端现在就可以连接，不必等到 accept。";
    DONE_ACCEPT: "{call} returned a new socket for the connection from {peer}; the listening socket goes on listening.", "{call} 为来自 {peer} 的连接返回一个新的套接字；监听套接字继续监听。";
    DONE_ACCEPT_PLAIN: "{call} returned a new socket for the next connection; the listening socket goes on listening.", "{call} 为下一个连接返回一个新的套接字；监听套接字继续监听。";
    DONE_CONNECT: "{call} is done: the handshake with {peer} is complete, whether the server has called accept or not.", "{call} 完成：与 {peer} 的三次握手已完成，无论服务器是否已调用 accept。";
    DONE_CONNECT_PLAIN: "{call} is done: the handshake is complete, whether the server has called accept or not.", "{call} 完成：三次握手已完成，无论服务器是否已调用 accept。";
    DONE_SHUT_WRITE: "{call} is done: after the bytes already sent, the peer’s recv returns b''. Receiving still works.", "{call} 完成：对方读完已发送的数据后，recv 会返回 b''。仍然可以接收。";
    DONE_SHUTDOWN: "{call} is done: this direction is closed.", "{call} 完成：这个方向已关闭。";
    DONE_CLOSE: "{call} is done: the program has given the socket up; the kernel still delivers what was sent.", "{call} 完成：程序放弃了套接字；内核仍会送达已发送的数据。";
    DONE_SLEEP: "{call} is over. A pause changes when bytes arrive, never where a message ends.", "{call} 结束。停顿只改变数据何时到达，不会标出消息在哪里结束。";
    DONE_WAIT: "{who} waited until the other program had got far enough.", "{who}已等到另一个程序进行到指定位置。";
    DONE_TIMEOUT: "{call} is done: from now on a call of this socket gives up after {ms} ms.", "{call} 完成：此后该套接字的调用最多等待 {ms} 毫秒。";
    DONE_TIMEOUT_NONE: "{call} is done: from now on calls of this socket wait as long as it takes.", "{call} 完成：此后该套接字的调用会一直等待。";
    DONE_NONBLOCKING: "{call} is done: from now on a call that would block fails with EAGAIN instead.", "{call} 完成：此后会阻塞的调用改为立即以 EAGAIN 失败。";
    DONE_BLOCKING: "{call} is done: from now on calls of this socket wait until they can be done.", "{call} 完成：此后该套接字的调用会等到能够完成为止。";
    DONE_NAME: "{call} returned {address}.", "{call} 返回 {address}。";
    DONE_FILENO: "{call} returned {n}: the number by which the kernel knows this socket.", "{call} 返回 {n}：内核用这个编号识别该套接字。";
    DONE_GET_TIMEOUT: "{call} returned {value}: so many seconds may a call of this socket wait.", "{call} 返回 {value}：这个套接字的调用最多等这么多秒。";
    DONE_GET_TIMEOUT_NONE: "{call} returned None: calls of this socket wait as long as it takes.", "{call} 返回 None：这个套接字的调用会一直等下去。";
    DONE_GET_TIMEOUT_ZERO: "{call} returned 0.0: the socket is non-blocking, its calls never wait.", "{call} 返回 0.0：套接字是非阻塞的，它的调用从不等待。";
    DONE_MAKEFILE: "{call} is done: nothing has been received yet, but from its first read on the file takes all that is there into its own buffer.", "{call} 完成：还没有收到任何数据，但从第一次读取起，文件会把现有的数据全部取到自己的缓冲区里。";
    DONE_READLINE: "{call} returned b'{line}': a whole line, out of the file’s own buffer.", "{call} 返回 b'{line}'：完整的一行，取自文件自己的缓冲区。";
    DONE_READLINE_PART: "{call} returned b'{line}': no line feed is at its end, so the line is cut at the size asked for, or the stream has ended.", "{call} 返回 b'{line}'：末尾没有换行符，说明这一行在要求的长度处被截断，或者字节流已经结束。";
    DONE_READLINE_END: "{call} returned b'': the stream has ended, and the file’s buffer is empty.", "{call} 返回 b''：字节流已经结束，文件的缓冲区也空了。";
    DONE_DUPLICATE: "{call} returned descriptor {n}: another number for the same socket, with the same address and the same buffers.", "{call} 返回描述符 {n}：同一个套接字的另一个号码，地址相同，缓冲区也相同。";
    DONE_CLOSE_ONE: "{call} is done: the program has given up this number; another descriptor still keeps the socket open.", "{call} 完成：程序放弃了这个号码；套接字还有别的描述符，仍然开着。";
    DONE_OTHER: "{call} is done; it returned {n}.", "{call} 完成，返回 {n}。";
    CONNECT_EX_OK: "{call} returned 0: connected.", "{call} 返回 0：已连接。";

    // Failures.
    FAILED: "{call} failed with {name}: {meaning}.", "{call} 失败，{name}：{meaning}。";
    CONNECT_EX_FAILED: "{call} returned {n} ({name}) instead of raising an error: {meaning}.", "{call} 没有抛出异常，而是返回 {n}（{name}）：{meaning}。";
    FAILED_WORDS: "{call} failed: {words}.", "{call} 失败：{words}。";
    FAILED_NUMBER: "{call} failed with error number {n}.", "{call} 失败，错误号 {n}。";
    STOPPED: "{call} came back because Stop was pressed; the peer did not cause this.", "{call} 因按下“停止”而返回，并非对方造成。";
    TIMED_OUT: "{call} failed with EAGAIN: the time limit of this socket ran out before the call could be done.", "{call} 失败，EAGAIN：在调用能够完成之前，该套接字的时限已到。";
    CONNECT_TIMED_OUT: "{call} failed with EINPROGRESS: nobody had answered when the time limit of this socket ran out. Python says: timed out.", "{call} 失败，EINPROGRESS：该套接字的时限已到，仍没有人应答。Python 称之为 timed out。";

    EPERM: "the system does not permit this to this user", "系统不允许当前用户这样做";
    ENOENT: "there is no such file or socket path: create it first", "没有这个文件或套接字路径：请先创建";
    EINTR: "a signal interrupted the call before it did anything: call it again", "调用在完成任何工作之前被信号打断：请重新调用";
    EBADF: "the socket is closed already: use it before close, not after", "套接字已经关闭：请在 close 之前使用";
    EAGAIN: "it would have to wait, and this socket must not block: try again later", "调用需要等待，而该套接字不允许阻塞：请稍后再试";
    EAGAIN_RECV: "no bytes are waiting, and this socket must not block: try again later", "没有数据在等待，而该套接字不允许阻塞：请稍后再试";
    EAGAIN_SEND: "the send buffer is full, and this socket must not block: try again when the peer has read", "发送缓冲区已满，而该套接字不允许阻塞：请等对方读取后再试";
    ENOMEM: "the kernel has no memory for it: close what is not needed", "内核内存不足：请关闭不需要的程序";
    EACCES: "permission is missing: ports below 1024 need privilege, so choose a higher one", "权限不足：1024 以下的端口需要特权，请选用更大的端口号";
    EFAULT: "a wrong memory address was handed to the kernel: this is a mistake in the program", "传给内核的内存地址有误：这是程序的错误";
    EINVAL: "the kernel does not accept this argument, or not at this point: check the order of the calls", "内核不接受这个参数，或时机不对：请检查调用顺序";
    EMFILE: "too many descriptors are open: close sockets that are no longer needed", "打开的描述符过多：请关闭不再需要的套接字";
    EPIPE: "this connection takes no more bytes, because the peer is gone or this side was shut down: stop sending and close it", "连接不再接收数据，因为对方已离开或本端已关闭发送：请停止发送并关闭套接字";
    ENOTSOCK: "this descriptor is not a socket", "这个描述符不是套接字";
    EDESTADDRREQ: "no destination is known: connect first, or name one with sendto", "没有目的地址：请先 connect，或用 sendto 指明";
    EMSGSIZE: "it is too long for one datagram (UDP takes at most 65507 bytes): send less at once", "超过一个数据报的长度（UDP 最多 65507 字节）：请减少每次发送的数据";
    EPROTOTYPE: "this type does not fit this protocol: choose another type of socket", "类型与协议不符：请选用其他套接字类型";
    ENOPROTOOPT: "this system has no such option for this socket", "该系统的这种套接字没有此选项";
    EPROTONOSUPPORT: "this system does not offer this protocol", "该系统不提供此协议";
    ESOCKTNOSUPPORT: "this system does not offer this type of socket", "该系统不提供这种套接字类型";
    EOPNOTSUPP: "this type of socket cannot do that (a datagram socket, say, cannot listen)", "这种套接字不支持该操作（例如数据报套接字不能 listen）";
    EAFNOSUPPORT: "this system does not offer this address family (IPv6 may be switched off): use AF_INET", "该系统不提供此地址族（IPv6 可能已关闭）：请用 AF_INET";
    EADDRINUSE: "the address is taken, by another program or by an old connection in TIME_WAIT: use another port, or set SO_REUSEADDR before bind", "地址已被占用，可能是其他程序，也可能是处于 TIME_WAIT 的旧连接：请换端口，或在 bind 之前设置 SO_REUSEADDR";
    EADDRNOTAVAIL: "this computer does not have that address: use one of its own, such as 127.0.0.1", "本机没有这个地址：请使用本机地址，例如 127.0.0.1";
    ENETDOWN: "the network is switched off", "网络已关闭";
    ENETUNREACH: "no route leads to that network: check the address and the network", "没有通往该网络的路由：请检查地址和网络";
    ECONNABORTED: "the connection was broken off before it could be used: try again", "连接在可用之前已中断：请重试";
    ECONNRESET: "the peer broke the connection off (it closed with bytes unread, or was killed); what was under way is lost: close this socket", "对方强行断开了连接（关闭时还有未读数据，或被终止），途中的数据已丢失：请关闭这个套接字";
    ENOBUFS: "the kernel has no buffer space left: wait and try again", "内核缓冲空间不足：请稍后重试";
    EISCONN: "this socket is connected already: create a new one", "该套接字已经连接：请新建一个";
    ENOTCONN: "this socket has no connection: connect or accept first", "该套接字没有连接：请先 connect 或 accept";
    ESHUTDOWN: "this direction has been shut down: no more bytes can be sent", "该方向已经关闭：不能再发送数据";
    ETIMEDOUT: "no answer came in time: check that the peer is running and can be reached", "没有及时得到应答：请检查对方是否在运行、是否可达";
    ECONNREFUSED: "nobody listens at that address: start the server first, or check the port", "该地址没有程序在监听：请先启动服务器，或检查端口号";
    EHOSTUNREACH: "no route leads to that computer: check the address", "没有通往该主机的路由：请检查地址";
    EALREADY: "a handshake is under way already: wait for it", "三次握手已在进行：请等待";
    EINPROGRESS: "the handshake is under way and finishes later, because this socket must not block", "该套接字不允许阻塞，三次握手正在进行，稍后完成";
    EAI_NONAME: "nobody has that name: getaddrinfo() found no address for it, and nothing was sent to anybody; check the spelling", "没有主机叫这个名字：getaddrinfo() 查不到它的地址，也没有向任何人发送数据；请检查拼写";
    EAI_AGAIN: "no name server has answered: check the network, then try again", "没有域名服务器应答：请检查网络，然后重试";
    EAI_FAIL: "the name server has refused: the name may be malformed", "域名服务器拒绝了查询：名字可能写错了";
    EAI_NODATA: "that name exists and has no address", "有这个名字，但它没有地址";

    // Gauges.
    GAUGE: "The kernel was asked about the socket of the {who}: {list}.", "向内核查询{who}的套接字：{list}。";
    GAUGE_UNREAD: "{bytes} wait in the receive buffer", "接收缓冲区里有 {bytes}等待读取";
    GAUGE_UNACKED: "{bytes} are sent but not acknowledged", "{bytes}已发送但未被确认";
    GAUGE_UNSENT: "{bytes} are not yet in a segment", "{bytes}尚未装入报文段";
    GAUGE_NONE: "Fill levels of this socket are not readable here.", "此处无法读取这个套接字的缓冲区数据量。";

    // Frames.
    FRAME_RIGHT: "The decoder yielded frame {frame} ({bytes}): exactly message {n}, from its first byte to its last.", "解码器得到第 {frame} 帧（{bytes}）：正好是消息 {n}，首尾完整。";
    FRAME_STRIPPED: "The decoder yielded frame {frame} ({bytes}), and it is wrong: every byte of message {n} came, but its end, which looks like padding, was taken away with the padding.", "解码器得到第 {frame} 帧（{bytes}），但它是错的：消息 {n} 的字节都到了，可它的结尾与填充相同，被当作填充一起去掉了。";
    FRAME_MERGED: "The decoder yielded frame {frame} ({bytes}), and it is wrong: it contains {what}, taken for one message.", "解码器得到第 {frame} 帧（{bytes}），但它是错的：其中包含{what}，却被当作一条消息。";
    FRAME_PART: "The decoder yielded frame {frame} ({bytes}), and it is wrong: it is only {what}.", "解码器得到第 {frame} 帧（{bytes}），但它是错的：它只是{what}。";
    FRAME_WRONG: "The decoder yielded frame {frame} ({bytes}), and it is wrong: it is made of {what}.", "解码器得到第 {frame} 帧（{bytes}），但它是错的：它由{what}组成。";
    FRAME_EXTERNAL: "The decoder yielded frame {frame} ({bytes}) from bytes of the external program; the lab cannot know where its messages end.", "解码器从外部程序的字节中得到第 {frame} 帧（{bytes}）；实验室无从知道它的消息在哪里结束。";
    FRAME_PLAIN: "The decoder yielded frame {frame} ({bytes}).", "解码器得到第 {frame} 帧（{bytes}）。";
    DECODE_OTHER: "The decoder gives up at offset {offset}: {code}.", "解码器在偏移 {offset} 处放弃：{code}。";

    // Steps, settings, marks.
    STEP: "The lesson moved to step {n}.", "课程进入第 {n} 步。";
    SETTING: "{name} is now {value}; it counts from the next call on.", "{name} 现在是 {value}，从下一次调用起生效。";
    MARK_STARTED: "The run began: every actor has its own thread.", "运行开始：每个端点各有一个线程。";
    MARK_PAUSED: "The programs are paused. The kernel is not: bytes under way still arrive.", "程序已暂停。内核没有暂停：途中的数据仍会到达。";
    MARK_RESUMED: "The programs go on.", "程序继续运行。";
    MARK_STOPPING: "Stop was pressed: calls that are blocked now are woken and come back.", "按下了“停止”：正在阻塞的调用会被唤醒并返回。";
    MARK_FINISHED: "All programs have ended; the run is finished.", "所有程序都已结束，运行完毕。";
    MARK_LIMIT: "The event limit was reached: the run pauses here.", "已达到事件上限：运行在此暂停。";
    MARK_PAYLOAD: "The memory for payload is used up: from here on only offsets and lengths are kept.", "数据内容的内存已用完：此后只保留偏移和长度。";
    ACTOR_THREAD: "{who} #{n}", "{who} #{n}";
    MARK_THREAD_STARTED: "{who} begins: a thread of its own for this connection.", "{who}开始运行：专为这条连接新开的线程。";
    MARK_ACTOR_STARTED: "{who}’s program began.", "{who}的程序开始运行。";
    MARK_ACTOR_ENDED: "{who}’s program ended.", "{who}的程序结束。";
    MARK_ACTOR_FAILED: "{who}’s program ended with an error: {words}.", "{who}的程序因错误结束：{words}。";
    MARK_READY: "{who} is ready: from here on each call waits for you to release it.", "{who}准备就绪：此后每次调用都等你放行。";
    MARK_AWAIT: "Waiting for an external program: {words}", "正在等待外部程序：{words}";
    MARK_AWAIT_PLAIN: "Waiting for an external program.", "正在等待外部程序。";
    MARK_SKIPPED: "{who} skipped a pause of its program: while you step, you are the clock.", "{who}跳过了程序里的等待：单步时由你掌握时间。";
    MARK_PRECONDITION: "What this lesson needs held: {words}", "本课所需的条件成立：{words}";
    MARK_PRECONDITION_PLAIN: "What this lesson needs held.", "本课所需的条件成立。";
    MARK_PADDING: "Message {n} ends as the padding does. The receiver cannot tell the two apart: with the padding it will take away {bytes} of the message.", "消息 {n} 的结尾与填充字节相同。接收方无法区分二者：去掉填充时会连同消息末尾的 {bytes}一起去掉。";
    MARK_RELEASED: "You released one call of the {who}.", "你放行了{who}的一次调用。";
    UNKNOWN_EVENT: "This event is not in the trace.", "轨迹中没有这个事件。";
}
