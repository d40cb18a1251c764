//! Phrases about routes through the lessons, and about the teacher's notes.

super::phrases! {
    NO_LESSON: "There is no lesson {id}.", "没有课程 {id}。";
    NO_STEP: "The lesson {lesson} has no step {id}.", "课程 {lesson} 没有步骤 {id}。";
    ORDER: "The step {id} comes earlier in its lesson.", "步骤 {id} 在课程里排在前面。";

    ROUTE: "Route", "路线";
    ROUTE_HINT: "All lessons, or a way through them for a class of that length", "全部课程，或者适合这个课时的路线";
    ALL: "All lessons", "全部课程";
    MINUTES: "{n} min", "{n} 分钟";
    TOTAL: "{title}: {n} minutes in all", "{title}：共 {n} 分钟";
    STOP: "{title}, {n} minutes", "{title}，{n} 分钟";
    ONWARD: "Next lesson", "下一课";
    ONWARD_HINT: "The route goes on with: {title}", "路线接下来是：{title}";
    STEP: "Step {n}: {title}", "第 {n} 步：{title}";

    NOTES: "Notes for the teacher", "教师备注";
    NOTES_HINT: "What to say, where the class goes wrong, and the task's answer. Never shown in presenter mode.", "讲什么、学生容易错在哪里、任务的答案。演示模式下绝不显示。";
    NOTES_HIDE: "Hide the notes", "收起备注";
    LESSON_MINUTES: "About {n} minutes in class", "课堂上约 {n} 分钟";
}
