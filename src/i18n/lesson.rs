//! Phrases about lessons: settings refused, lesson files with mistakes, checks.

super::phrases! {
    SETTING_UNKNOWN: "This lesson has no setting {name}. It has: {valid}.", "本课没有名为 {name} 的设置。可用的有：{valid}。";
    SETTING_NOT_A_NUMBER: "{name} needs a whole number, not {found}.", "{name} 需要一个整数，而不是 {found}。";
    SETTING_NOT_A_TEXT: "{name} needs a text.", "{name} 需要一段文本。";
    SETTING_NOT_A_SWITCH: "{name} is on or off: write 1 or 0, not {found}.", "{name} 是开关：请写 1 或 0，而不是 {found}。";
    SETTING_OUT_OF_RANGE: "{name} must be between {min} and {max}; {found} is not.", "{name} 必须在 {min} 到 {max} 之间；{found} 不在此范围。";
    SETTING_TOO_LONG: "{name} holds at most {max} bytes of UTF-8; this text has {len}.", "{name} 最多容纳 {max} 字节的 UTF-8 文本；这段有 {len} 字节。";
    SETTING_FRAMING: "That is no framing strategy: {error}.", "这不是一种分帧方式：{error}。";
    SETTING_FRAMING_FIXED: "This lesson does not let the framing be chosen; it uses {spec}.", "本课不能选择分帧方式；它使用 {spec}。";

    CHECK_ONLY: "The claim is about {system}, and this is another system.", "此论断针对 {system}，而当前是另一种系统。";
    CHECK_NO_RUN: "There was no run: {why}", "没能运行：{why}";
    CHECK_PRECONDITION: "In {times} runs the precondition {precondition} never came about.", "运行 {times} 次，前提 {precondition} 始终没有出现。";
    CHECK_NOT_READABLE: "{what} is not readable on this system.", "在此系统上无法读取 {what}。";
    CHECK_REFUTED: "The run does not confirm {expect}. It gave: {facts}.", "运行结果不支持 {expect}。实际得到：{facts}。";
    CHECK_NO_VALUE: "{expect} has no value on this run: {error}. It gave: {facts}.", "{expect} 在这次运行中没有值：{error}。实际得到：{facts}。";
    CHECK_EMPTY: "The opposite run confirms {expect} too, so the claim says nothing.", "相反的运行也满足 {expect}，因此这个论断什么也没说明。";
}
