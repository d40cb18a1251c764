//! Phrases about the comparison of all framing strategies.

super::phrases! {
    TAB: "Compare", "对比";
    TAB_HINT: "All framing strategies for your messages: what they cost and what they survive", "用你的消息对比所有分帧方式：代价是多少，能经受什么";

    MESSAGES: "Messages: {n}, payload {bytes}", "消息 {n} 条，载荷共 {bytes}";
    MESSAGES_PART: "Messages: the first {n} of {all}, payload {bytes}", "消息 {all} 条中的前 {n} 条，载荷共 {bytes}";
    NO_MESSAGES: "No message is sent with these settings; choose at least one.", "按这些设置不会发送任何消息；请至少发送一条。";

    STRATEGY: "Strategy", "分帧方式";
    BYTES: "Bytes on the wire", "线上字节数";
    BYTES_HINT: "What the encoder makes of all these messages, payload included", "编码器把这些消息变成多少字节，包括载荷";
    OVERHEAD: "Overhead", "额外开销";
    OVERHEAD_HINT: "Bytes beyond the payload, in percent of the payload", "载荷之外的字节，占载荷的百分比";
    TRIPS: "Round trips", "往返次数";
    TRIPS_HINT: "How often the sender waits for an answer, per message. Once measured: counted on the wire.", "每条消息发送方要等待回答多少次。实测之后为线上的计数。";
    TIME: "Time for 1,000", "1000 条用时";
    TIME_HINT: "1,000 of these messages over a real loopback connection, from the first send() to the last recv(): TCP_NODELAY on, recv(65536), the lab's recording included. Median of up to seven runs on this machine.", "1000 条这样的消息通过真实的回环连接，从第一次 send() 到最后一次 recv()：打开 TCP_NODELAY，recv(65536)，包括实验室的记录开销。本机最多七次运行的中位数。";
    SPLIT: "Split", "拆包";
    SPLIT_HINT: "Each message arrives by itself, but in pieces: cut at every place, in short streams at every pair of places, and byte by byte. The real decoder runs over all of them.", "每条消息单独到达，但被切成几段：在每个位置切一刀，较短的流再切每一对位置，还有逐字节到达。全部由真正的解码器处理。";
    MERGE: "Merge", "粘包";
    MERGE_HINT: "Neighbouring messages arrive in one chunk, in every way in which five messages can.", "相邻的消息在同一块中到达，五条消息的所有粘法都试一遍。";
    BINARY: "Binary", "二进制";
    BINARY_HINT: "Messages of every byte value, and messages that look like the strategy's own marks, headers and padding. Each arrives in a chunk of its own, so what only splitting or merging breaks holds here. Messages longer than 256 bytes are cut for the test.", "包含每种字节值的消息，以及看起来像该方式自己的标记、头部和填充的消息。每条消息单独成块到达，所以只怕拆包或粘包的方式在这里不受影响。超过 256 字节的消息在测试中会被截短。";
    LOSS: "One byte lost", "丢失一字节";
    LOSS_HINT: "Each byte of a stream is taken away in turn. Resynchronises: later messages come out right again. Detects: a typed error is reported before a second wrong message comes out. Silently wrong: neither. Each message still arrives in a chunk of its own, so what takes chunks for messages finds its place again here, though it fails in the columns before.", "依次去掉流中的每一个字节。重新同步：后面的消息又能正确取出。能发现：在取出第二条错误消息之前报告明确的错误。悄悄出错：两者都不是。每条消息仍单独成块到达，所以把块当作消息的方式在这里能重新对齐，尽管它在前几列会出错。";

    HOLDS: "holds", "不受影响";
    FAILS: "fails", "出错";
    REFUSES: "refuses", "拒绝";
    DOES_NOT_FIT: "does not fit", "放不下";
    FINDING_OUT: "…", "……";
    RESYNCHRONISES: "resynchronises", "重新同步";
    DETECTS: "detects", "能发现";
    DETECTS_AT_END: "detects at the end", "到结尾才发现";
    SILENT: "silently wrong", "悄悄出错";
    MOSTLY: "{what}, {percent} %", "{what}，{percent} %";

    TRIED: "{held} of {tried} came back right.", "{tried} 次中 {held} 次还原正确。";
    REFUSED_SOME: "The encoder refused {n} of {tried} messages, so nothing wrong came of them.", "编码器拒绝了 {tried} 条消息中的 {n} 条，因此没有出错。";
    EXAMPLE: "Smallest failure:\nsent {sent}\narrived as {chunks}\ncame out {got}", "最小的失败：\n发送 {sent}\n到达时为 {chunks}\n取出 {got}";
    EXAMPLE_ERROR: "decoder error: {code}", "解码错误：{code}";
    EXAMPLE_NOTHING: "nothing", "无";
    EXAMPLE_MORE: "and {n} more", "还有 {n} 条";
    LOSS_COUNTS: "Of {tried} lost bytes:\n{resync} resynchronise\n{detects} are detected ({at_end} of them only when the connection ends)\n{silent} are silently wrong", "丢失的 {tried} 个字节中：\n{resync} 个重新同步\n{detects} 个能发现（其中 {at_end} 个要到连接结束时）\n{silent} 个悄悄出错";
    DOES_NOT_FIT_HINT: "Message {n}: {why}", "第 {n} 条消息：{why}";

    NOT_MEASURED: "not measured", "未测量";
    MEASURING: "measuring …", "测量中……";
    RIGHT: "{right} right", "{right} 条正确";
    TIME_TOO_LONG: "over a minute", "超过一分钟";
    TIME_TOO_MUCH: "too many bytes", "字节太多";
    TIME_STUCK: "got stuck", "卡住了";
    TIME_NOTHING: "nothing arrived", "什么都没到达";
    TIME_REFUSED: "refused: {why}", "被拒绝：{why}";
    TIME_RUNS: "Median of {runs} runs; in the worst of them {right} of 1,000 messages came out right. {replies} replies.", "{runs} 次运行的中位数；最差的一次中 1000 条消息有 {right} 条正确。回答 {replies} 次。";

    MEASURE: "Measure the time", "测量用时";
    MEASURE_HINT: "Sends 1,000 messages with every strategy over real loopback sockets", "每种方式都通过真实的回环套接字发送 1000 条消息";
    MEASURE_WAIT: "The survey is still at work and would disturb the figures", "其他项目仍在计算，会影响测量结果";
    CANCEL: "Cancel", "取消";
    CANCEL_HINT: "End the measurement; times measured so far stay", "结束测量；已测得的结果会保留";
    MEASURED_ROWS: "{n} of {all} measured", "已测量 {n} / {all}";
    EXPORT_CSV: "Save as CSV", "保存为 CSV";
    EXPORT_CSV_HINT: "For a spreadsheet: every figure of this table", "用于电子表格：本表的全部数据";
    EXPORT_PICTURE: "Save as picture", "保存为图片";
    EXPORT_PICTURE_HINT: "For slides: this table as a PNG", "用于幻灯片：把本表存为 PNG";
    EXPORT_WAIT: "Some rows are still being found out", "有些行还在计算";
    IN_USE: "in use", "正在使用";
    TITLE: "Framing strategies compared", "分帧方式对比";
    SAVED: "Saved: {file}", "已保存：{file}";
    NOT_SAVED: "{file}: {why}; check that the folder exists and that you may write there", "{file}：{why}；请检查文件夹是否存在、是否有写入权限";
}
