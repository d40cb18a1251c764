//! Phrases about closing tasks, and about what has been done.

super::phrases! {
    SOLUTION_CHANGES: "The solution changes what must stay as it is: {keep}.", "参考解法改动了必须保持不变的设置：{keep}。";
    SOLVED_BY_ITSELF: "The run that stands there at the beginning fulfils {solved} already, so there is nothing to solve.", "一开始的运行就已满足 {solved}，没有什么需要完成。";
    TEXT_EXTRA: "lesson.toml has no task {id}.", "lesson.toml 中没有任务 {id}。";
    TEXT_MISSING: "The text of the task {id} is missing.", "缺少任务 {id} 的文本。";
    TEXT_PART_MISSING: "The task {id} has no {part}.", "任务 {id} 缺少{part}。";
    CURE_PART_MISSING: "Write below the heading what to do, then ### Hints with a numbered list, then ### Solved.", "请在标题下写明要做什么，然后写“### 提示”和编号列表，再写“### 完成”。";
    PART_BODY: "words that say what to do", "任务说明";
    PART_HINTS: "hints", "提示";
    PART_SOLVED: "last word", "完成后的话";

    // The card.
    TASK: "Task", "任务";
    OPEN: "open", "未完成";
    SOLVED: "solved", "已完成";
    KEPT: "Stays as it is: {names}.", "保持不变：{names}。";
    START: "Start the task", "开始任务";
    START_AGAIN: "Start it again", "重新开始任务";
    START_HINT: "Prepare a new run with the task's settings", "按任务的设置准备一次新的运行";
    HINT: "Show a hint", "显示提示";
    HINT_NEXT: "Another hint", "再看一条提示";
    HINT_OF: "Hint {n} of {m}", "提示 {n} / {m}";
    NO_MORE_HINTS: "There are no more hints.", "没有更多提示了。";
    CHANGED: "This run does not count: {names} differs from what the task sets.", "本次运行不算：{names} 与任务的设置不同。";
    NEWS_SOLVED: "Task solved: {title}", "任务完成：{title}";
    NOT_CAPTURED: "The task looks at segments, and this run has none: {why}", "此任务要看报文段，而本次运行没有：{why}";
    NOT_READABLE: "The lab cannot tell here whether it is solved: {what} is not readable on this system.", "实验室在此无法判断是否完成：本系统读不到 {what}。";
    NAME: "Task “{title}”, {state}", "任务“{title}”，{state}";
}
