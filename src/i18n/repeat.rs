//! Phrases about repeating the live experiment.

super::phrases! {
    TAB: "Repeat", "重复运行";
    TAB_HINT: "The live experiment many times over: how often does it go right, and what did each recv return?", "把实验重复很多次：多少次是对的？每次 recv 返回了多少字节？";

    INTRO: "One run may be chance. Each setting below is run many times on real sockets, turn by turn.", "一次运行可能只是碰巧。下面每组设置都在真实套接字上轮流运行很多次。";
    SETTING_LETTER: "Setting {letter}", "设置 {letter}";
    RUNS: "Runs of each", "每组运行次数";
    RUNS_HINT: "How often each setting is run, 1 to {most}", "每组设置运行多少次，1 到 {most}";
    RELEASE_FREE: "Free run", "自由运行";
    RELEASE_FREE_HINT: "Both programs run by themselves; real timing decides what each recv gets", "两个程序各自运行；每次 recv 取到什么由真实的时序决定";
    RELEASE_STEP: "This step's calls", "本步骤的调用";
    RELEASE_STEP_HINT: "Releases one by one: {calls}", "逐个放行：{calls}";
    START: "Start repeating", "开始重复";
    START_HINT: "Run every setting that many times", "把每组设置都运行这么多次";
    CANCEL: "Cancel", "取消";
    CANCEL_HINT: "End it now; the runs made so far stay", "立即结束；已完成的运行会保留";
    ADD: "Add a setting", "添加一组设置";
    ADD_HINT: "Adds the settings as they stand in the lesson, to be changed here", "按课程当前的设置添加一组，可在这里修改";
    ADD_FULL: "At most {most} settings side by side", "最多并排 {most} 组设置";
    REMOVE: "Remove setting {letter}", "移除设置 {letter}";
    EDIT: "Change setting {letter}", "修改设置 {letter}";
    FROM_LESSON: "Start over", "重新开始";
    FROM_LESSON_HINT: "Back to two settings: the lesson's as they stand, and a length prefix", "恢复为两组设置：课程当前的设置，以及长度前缀";
    FRAMING_OF: "Framing of setting {letter}", "设置 {letter} 的分帧方式";
    STRATEGY_OF: "Strategy of setting {letter} as text", "设置 {letter} 的分帧方式（文本）";

    PROGRESS: "{made} of {all} runs", "已完成 {made} / {all} 次运行";
    DONE: "{all} runs in {time}", "{all} 次运行，用时 {time}";
    CANCELLED: "ended early: {made} of {all} runs", "提前结束：完成 {made} / {all} 次运行";
    BROKEN: "a run could not be started: {why}", "无法开始运行：{why}";
    NOT_YET: "Not run yet. Press “{button}”.", "尚未运行。请按“{button}”。";
    CHANGED: "The settings were changed since; these are the results of the ones named here.", "此后设置已被修改；这里是所列设置的结果。";

    PASSED: "{passed} of {runs} passed", "{runs} 次中 {passed} 次通过";
    PASSED_HINT: "A run passes if every message comes out right, once, and in order.", "每条消息都正确、恰好一次、按顺序取出，这次运行才算通过。";
    TIME: "median {median}, nine of ten within {most}", "中位数 {median}，九成在 {most} 之内";
    TIME_HINT: "From the beginning of the first send() to the end of the last recv(), measured on this machine.", "从第一次 send() 开始到最后一次 recv() 结束，在本机实测。";
    COUNTS: "{recvs} recvs: {merged} merged messages; {split} messages were split", "recv {recvs} 次，其中粘包 {merged} 次；{split} 条消息被拆开";
    MEASURED: "measured on this machine", "本机实测";
    AXIS: "bytes returned by one recv()", "一次 recv() 返回的字节数";
    AXIS_UP: "how often", "次数";
    BAR: "{bytes}: {n} of {all} recvs", "{bytes}：{all} 次 recv 中有 {n} 次";
    ONE_SIZE: "{n} B", "{n} 字节";
    SIZES: "{from} to {to} B", "{from} 到 {to} 字节";
    LARGER: "{from} B and more", "{from} 字节及以上";
    NOTHING_RECEIVED: "nothing was received", "没有收到任何数据";

    FAULT_WRONG: "{n} times messages came out merged or cut", "{n} 次取出的消息粘在一起或被切断";
    FAULT_LOST: "{n} times messages were missing", "{n} 次缺少消息";
    FAULT_DECODER: "{n} times the decoder reported {code}", "{n} 次解码器报告 {code}";
    FAULT_PROGRAM: "{n} times a program ended with an error: {why}", "{n} 次程序出错退出：{why}";
    FAULT_STUCK: "{n} times the programs waited for each other", "{n} 次两个程序互相等待";
    FAULT_TOO_LONG: "{n} times the run did not end in time", "{n} 次运行没有及时结束";

    SHOW_FAILING: "Show a failing run of {letter}", "查看 {letter} 的一次失败";
    SHOW_FAILING_HINT: "Puts the first run that failed on the stage", "把第一次失败的运行放到舞台上";
    SHOWN_FAILING: "It has been put on the stage", "已经放到舞台上";

    REFUSED_VARIANTS: "{given} settings; choose 1 to {most}", "共 {given} 组设置；请选择 1 到 {most} 组";
    REFUSED_RUNS: "{given} runs; choose 1 to {most}", "{given} 次运行；请选择 1 到 {most} 次";
    REFUSED_EXTERNAL: "A program outside the lab plays {actor}; somebody would have to start it for every run. Give the part back to the lab first.", "{actor} 由实验室之外的程序扮演，每次运行都得有人启动它。请先把这个角色交还给实验室。";
    REFUSED_NOTHING_SENT: "No message is sent with these settings, so nothing can come out right. Choose at least one message.", "按这些设置不会发送任何消息，也就谈不上正确。请至少发送一条消息。";
    REFUSED_NOTHING_RELEASED: "This step releases no calls. Repeat a free run instead.", "本步骤不放行任何调用。请改为重复自由运行。";
    NO_THREAD: "the system gave no thread: {why}", "系统没有提供线程：{why}";

    CLI_AGAINST: "--against {given}: write NAME=VALUE, several with commas, for example --against framing=pacing:5,late_by=5", "--against {given}：请写成 名称=值，多个用逗号分开，例如 --against framing=pacing:5,late_by=5";
    CLI_RUNS_OF: "{lesson}: {runs} runs of each setting, turn by turn", "{lesson}：每组设置运行 {runs} 次，轮流进行";
    CLI_FAILING: "a failing run of {letter} is kept in {file}", "{letter} 的一次失败已保存到 {file}";
}
