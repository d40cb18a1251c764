//! Phrases about capturing as a setting: in lesson files, on the command line, among the controls.

super::phrases! {
    VALUE: "capture.{key} cannot be {found}; it is {valid}.", "capture.{key} 不能是 {found}；{valid}。";
    VALID_SWITCH: "true or false", "只能是 true 或 false";
    VALID_MTU: "128 to 65536 (bytes)", "取值为 128 到 65536（字节）";
    VALID_LOSS: "0 to 90 (per cent)", "取值为 0 到 90（百分比）";
    VALID_RATE: "0 (no limit) or 1000 to 1000000000 (bytes per second)", "取值为 0（不限）或 1000 到 1000000000（字节每秒）";
    FIXED: "This lesson does not let capturing be changed.", "本课不能更改抓包设置。";
    CURE_VALUE: "Write a value it may have.", "请写一个允许的值。";
    NOT_CAPTURED: "{condition} speaks of segments, but the runs of this lesson are not captured.", "{condition} 涉及报文段，但本课的运行并不抓包。";
    CURE_NOT_CAPTURED: "Write on = true under [capture], or set capture.on in this step.", "请在 [capture] 下写 on = true，或者在这一步里设置 capture.on。";
    CHECK_SKIPPED: "Its segments cannot be captured here. {why}", "在此无法抓取它的报文段。{why}";
    CHECK_NOT_GRANTED: "The system does not let the private network be set up as it must be: {names}.", "系统不允许按要求设置专用网络：{names}。";
    UNSETTLED: "You predicted “{guess}”; the answer is in the segments, and those of this run are not captured. {why}", "你预测“{guess}”；答案在报文段里，而本次运行没有抓包。{why}";
    SWITCHED_OFF: "Capturing is off.", "抓包已关闭。";
    /// Controls.
    MTU: "MTU (largest packet)", "MTU（最大分组）";
    MTU_HINT: "The most bytes that a packet of the private network holds, its IP header included. Ethernet has 1500.", "专用网络中一个分组最多的字节数，包括 IP 首部。以太网是 1500。";
    LOSS: "Loss", "丢失率";
    LOSS_HINT: "So many per cent of the segments with data are thrown away on arrival; TCP sends them again. SYN, FIN and bare acknowledgements always arrive.", "到达时按此百分比丢弃带数据的报文段，TCP 会重传。SYN、FIN 和不带数据的确认总会到达。";
    PER_CENT: "%", "%";
    CAPTURED_ON: "captured · MTU {mtu}{more}", "已抓包 · MTU {mtu}{more}";
    HOST: "not captured", "未抓包";
}
