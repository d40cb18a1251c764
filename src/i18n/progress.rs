//! Phrases about what has been done of the lessons.

super::phrases! {
    PART: "{title}, {n} of {m} steps", "{title}，{m} 步中的 {n} 步";
    TASKS: "{title}, tasks solved: {n} of {m}", "{title}，已完成任务 {n}/{m}";
    RESET: "Reset progress", "清除进度";
    RESET_HINT: "Forget which steps have been seen and which tasks solved", "忘记看过哪些步骤、完成过哪些任务";
    ASK: "Forget which steps have been seen and which tasks solved, in all lessons?", "要忘记所有课程中看过的步骤和完成的任务吗？";
    FORGET: "Forget it", "全部忘记";
}
