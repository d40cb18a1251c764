//! Phrases of the command line.

super::phrases! {
    NO_SUCH_LESSON: "there is no lesson {id}; there are: {ids}", "没有课程 {id}；可用的课程：{ids}";
    NO_SUCH_FOLDER: "{folder} is not a folder; name the folder that holds your lessons", "{folder} 不是文件夹；请指定存放课程的文件夹";
    NO_SUCH_ACTOR: "--schedule: nobody in this lesson is called {actor}; there are: {actors}", "--schedule：本课程中没有 {actor}；可用的有：{actors}";
    NEEDS_CAPTURED: "the run is not captured; add --captured", "这次运行不抓包；请加上 --captured";
    SET_NEEDS_EQUALS: "--set {given}: write name=value, for example --set recv_size=5", "--set {given}：请写成 名称=值，例如 --set recv_size=5";
    NO_DISPLAY: "the window cannot open here ({why}). Without a display these work: socklab list, socklab run LESSON, socklab check, socklab shot LESSON --out FILE.png, socklab open FILE --text", "无法打开窗口（{why}）。没有显示器时可以使用：socklab list、socklab run LESSON、socklab check、socklab shot LESSON --out FILE.png、socklab open FILE --text";
    BYTES: "{n} B", "{n} 字节";
    FRAME: "frame {n}", "帧 {n}";
    DECODE_ERROR: "decoder error {code} at offset {offset}", "解码错误 {code}，位于偏移 {offset}";
    ACTOR_FAILED: "{actor} ended with an error: {why}", "{actor} 出错退出：{why}";
    SUMMARY: "{sends} sends, {sent} B; {recvs} recvs, {received} B; merged recvs {merged}, split messages {split}", "发送 {sends} 次，共 {sent} 字节；接收 {recvs} 次，共 {received} 字节；粘包的 recv {merged} 次，被拆开的消息 {split} 条";
    SUMMARY_FRAMES: "{frames} frames: {right} right, {wrong} wrong", "{frames} 个帧：正确 {right}，错误 {wrong}";
    SEGMENT: "segment {n}", "报文段 {n}";
    SUMMARY_SEGMENTS: "{packets} {packets:packet|packets}, {data} data {data:segment|segments} ({merged} with bytes of several sends), {again} {again:retransmission|retransmissions}, {lost} not captured", "{packets} 个分组，{data} 个数据报文段（其中 {merged} 个含多次 send 的字节），重传 {again} 个，未抓到 {lost} 个";
    WHOLE_MESSAGE: "message {n}", "消息 {n}";
    PART_OF_MESSAGE: "message {n} [{from}..{to} of {of}]", "消息 {n} [{from}..{to}，共 {of}]";
    EXTERNAL: "{n} B external", "外部 {n} 字节";
    ACKNOWLEDGEMENT: "{n} B acknowledgement", "确认 {n} 字节";
    NO_MESSAGE: "{n} B of no message", "不属于任何消息的 {n} 字节";
    LIST_COMMA: ", ", "、";
    CHECK_TASK: "task: {title}", "任务：{title}";
    CHECK_ROUND: "round {n}:", "第 {n} 轮：";
    CHECK_ROUND_LINE: "round {n} of {of}: {held} held, {failed} failed, {skipped} skipped, {reruns} reruns, {seconds} s", "第 {n} 轮（共 {of} 轮）：成立 {held}，不成立 {failed}，跳过 {skipped}，重跑 {reruns}，{seconds} 秒";
    CHECK_TABLE_LINE: "held {held}  failed {failed}  skipped {skipped}  reruns {reruns}", "成立 {held}  不成立 {failed}  跳过 {skipped}  重跑 {reruns}";
    CHECK_SUMMARY: "{lessons} lessons: {held} claims held, {failed} failed, {skipped} skipped, {reruns} reruns; {problems} problems in lesson files", "{lessons} 个课程：{held} 条结论成立，{failed} 条不成立，跳过 {skipped} 条，重跑 {reruns} 次；课程文件问题 {problems} 个";
    SHOT_DONE: "{file}: {width}×{height}", "{file}：{width}×{height}";
    SHOT_SIZE: "--size {given}: write WIDTHxHEIGHT in points, from 640x480 to 3840x2160", "--size {given}：请写成 宽x高（点），范围 640x480 到 3840x2160";
    SHOT_ZOOM: "--zoom {given}: give a number from 0.5 to 3", "--zoom {given}：请给出 0.5 到 3 之间的数";
    SETTING_REFUSED: "{option} {given}: {why}", "{option} {given}：{why}";
    FILTER_REFUSED: "--filter {given}: {why}", "--filter {given} 有误：{why}";
    FOLLOW_REFUSED: "--follow {given}: write tcp:N or udp:N, as the list names connections; there are {tcp} of TCP and {udp} of UDP", "--follow {given}：请写 tcp:N 或 udp:N（列表中的连接编号）；共有 {tcp} 个 TCP 连接、{udp} 个 UDP 会话";
    PACKETS_SUMMARY: "{shown} of {n} packets; {tcp} TCP connections, {udp} UDP pairs", "显示 {shown} / {n} 个数据包；{tcp} 个 TCP 连接，{udp} 个 UDP 会话";
    FOLLOW_MISSING: "{n} bytes missing", "缺失 {n} 字节";
    FOLLOW_MESSAGE: "message {n} at offset {offset}, {len} B", "消息 {n}，偏移 {offset}，{len} 字节";
    FOLLOW_GAP: "bytes are missing at offset {offset}: behind that nobody knows where a message begins", "偏移 {offset} 处缺失字节：此后无法得知消息从何处开始";
    FOLLOW_CUT: "the conversation is longer than {mib} MiB; shown is its beginning", "会话超过 {mib} MiB；只显示开头部分";
    PACKET_REFUSED: "--packet {given}: the capture has packets 1 to {n}", "--packet {given}：捕获中的数据包编号为 1 到 {n}";
}
