//! Phrases about a new lesson.

super::phrases! {
    BAD_NAME: "“{name}” cannot be a lesson's name: use at most 48 small letters, digits and -, beginning with a letter, such as my-lesson or 12-my-lesson; notes is taken, and so is what begins with task-", "“{name}”不能用作课程名称：请用小写字母、数字和 -，以字母开头，最多 48 个，例如 my-lesson 或 12-my-lesson；notes 以及 task- 开头的名称已被占用";
    IS_THERE: "the lesson {id} is there already: {folder}. Nothing was written; choose another name", "课程 {id} 已经存在：{folder}。没有写入任何内容；请换一个名称";
    CANNOT_WRITE: "{file} cannot be written: {why}. Check that the folder exists and that you may write there", "无法写入 {file}：{why}。请确认文件夹存在，并且你有写入权限";
    WRITTEN: "The lesson {id} is written:", "课程 {id} 已写好：";
    NEXT: "It runs as it is. Now change one thing after the other:\n  socklab check {folder}\n  socklab --lessons {dir}", "它现在就能运行。接下来逐处修改即可：\n  socklab check {folder}\n  socklab --lessons {dir}";
    REPLACES: "Note: a lesson {id} is built in. With --lessons yours takes its place.", "注意：内置课程中已有 {id}。使用 --lessons 时，你的课程会取而代之。";
}
