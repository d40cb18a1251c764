//! Phrases of the panels around the stage: bars, lists, lesson text, controls, code, banners.

super::phrases! {
    // Top bar.
    TITLE: "Socket Lab", "套接字实验室";
    TITLE_OTHER: "套接字实验室", "Socket Lab";
    RUN: "Run", "运行";
    RUN_HINT: "Let all programs run at the chosen speed", "让所有程序按所选速度运行";
    PAUSE: "Pause", "暂停";
    PAUSE_HINT: "Hold the programs before their next call; the kernel goes on", "让程序停在下一次调用之前；内核继续工作";
    STEP_ACTOR: "Step {who}", "单步{who}";
    STEP_ACTOR_HINT: "Release one call of the {who}", "放行{who}的一次调用";
    STEP_ACTOR_PAST: "Walk the record to the end of the next call of the {who}; nothing is released", "在记录中前进到{who}的下一次调用结束处；不放行任何调用";
    STEP_EITHER_PAST: "Walk the record to the end of the next call; nothing is released", "在记录中前进到下一次调用结束处；不放行任何调用";
    STEP_EITHER: "Step either", "单步任一";
    STEP_EITHER_SHORT: "Either", "任一";
    STEP_EITHER_HINT: "Release one call of whoever is not blocked", "放行任一未阻塞端点的一次调用";
    BURST: "Burst ×{n}", "连发 ×{n}";
    BURST_HINT: "Release {n} calls of the {who} back to back", "连续放行{who}的 {n} 次调用";
    STOP: "Stop", "停止";
    STOP_HINT: "End the run at once, also while a call is blocked", "立即结束运行，即使有调用正在阻塞";
    RESET: "Reset", "重置";
    RESET_HINT: "Begin a new run with the same settings", "用相同设置重新开始一次运行";
    BACK: "Back", "后退";
    BACK_HINT: "Look at the moment one event earlier; nothing is undone", "查看前一个事件的时刻；并不撤销任何操作";
    FORWARD: "Forward", "前进";
    FORWARD_HINT: "Look at the moment one event later", "查看后一个事件的时刻";
    GO_LIVE: "Now", "现在";
    GO_LIVE_HINT: "Return to the live edge of the run", "回到运行的最新时刻";
    SPEED: "Speed", "速度";
    SPEED_SLOW: "1/s", "1/秒";
    SPEED_STEADY: "4/s", "4/秒";
    SPEED_FAST: "20/s", "20/秒";
    SPEED_FULL: "full", "全速";
    SPEED_HINT: "{n} calls a second per program", "每个程序每秒 {n} 次调用";
    SPEED_HINT_FULL: "As fast as the kernel allows", "内核允许的最快速度";
    TIME: "Time: event shown", "时间：所显示的事件";
    BADGE: "event {k} of {n} · {t} s", "事件 {k} / {n} · {t} 秒";
    BADGE_EMPTY: "no events yet", "尚无事件";
    PAST: "past, read-only", "过去，只读";
    LIVE: "live", "实时";
    LANGUAGE: "Language", "语言";
    LANGUAGE_HINT: "Switch between English and Chinese", "在英文和中文之间切换";
    THEME_LIGHT: "Light look", "浅色外观";
    THEME_DARK: "Dark look", "深色外观";
    THEME_HINT: "Switch between light and dark", "在浅色和深色之间切换";
    PRESENT: "Present", "演示";
    PRESENT_HINT: "Large type and a large stage, for a projector", "大字号、大舞台，适合投影";
    KEYS: "Keys", "快捷键";
    KEYS_HINT: "Show all keys", "显示全部快捷键";

    // Why something cannot be done now.
    NOT_LOADED: "This is a recording: it can be looked at, not run.", "这是一份录制：只能查看，不能运行。";
    NOT_RUNNING: "Nothing is running.", "没有正在进行的运行。";
    NOT_WHILE_RUNNING: "The programs are running; pause them to step.", "程序正在运行；暂停后才能单步。";
    NOT_BLOCKED: "The {who} is blocked: the kernel holds its call until there is something for it.", "{who}正在阻塞：内核会保留它的调用，直到有结果为止。";
    NOT_ENDED: "The program of the {who} has ended.", "{who}的程序已经结束。";
    NOT_EXTERNAL: "An external program plays the {who}; the lab cannot step it.", "{who}由外部程序担任，实验室无法单步它。";
    NOT_ALL_WAITING: "No program can take a step now.", "现在没有程序可以单步。";
    NOT_FIRST: "This is the first event.", "这已是第一个事件。";
    NOT_LAST: "This is the last event.", "这已是最后一个事件。";

    // Lesson list.
    LESSONS: "Lessons", "课程";
    EXPLORE: "Explore", "探索";
    LIST_CLOSE: "Fold the list of lessons", "收起课程列表";
    LIST_OPEN: "Show the list of lessons", "展开课程列表";
    DONE: "{title}, done", "{title}，已完成";
    PROBLEMS_ONE: "1 lesson has a mistake", "1 门课程有错误";
    PROBLEMS: "{n} mistakes in lesson files", "课程文件中有 {n} 处错误";
    COPY_PLACE: "Copy this place", "复制此位置";

    // Lesson panel.
    STEP_OF: "Step {n} of {m}", "第 {n} 步，共 {m} 步";
    PREDICT: "What do you expect?", "你的预测？";
    PREDICT_HINT: "Choose first; then the real run gives the answer.", "先选择，再由真实运行给出答案。";
    OPTION: "Option {n}: {text}", "选项 {n}：{text}";
    RELEASE: "Run it", "运行";
    RELEASE_HINT: "Release the calls of this step", "放行这一步的调用";
    RELEASING: "Running …", "运行中……";
    RIGHT: "You predicted “{guess}”; the run shows exactly that.", "你预测“{guess}”；运行结果正是如此。";
    WRONG: "You predicted “{guess}”; the run returned “{truth}”.", "你预测“{guess}”；运行结果是“{truth}”。";
    UNSETTLED: "You predicted “{guess}”; in this run none of the options came true.", "你预测“{guess}”；本次运行中没有一个选项成真。";
    NEXT: "Next", "下一步";
    NEXT_HINT: "On to the next beat: predict, run, reveal, next step", "下一拍：预测、运行、揭晓、下一步";
    PREVIOUS: "Previous", "上一步";
    PREVIOUS_HINT: "Look at the step before; nothing runs again", "回看上一步；不会重新运行";
    CHOOSE_FIRST: "Choose an answer first.", "请先选择一个答案。";
    NO_LESSON: "No lesson is open.", "没有打开的课程。";
    NO_LESSON_CURE: "Choose one in the list on the left.", "请在左侧列表中选择。";
    LESSON_DONE: "Lesson done", "课程完成";

    // External program.
    EXTERNAL: "Your own program", "你自己的程序";
    EXTERNAL_SWITCH: "The {who} is played by an external program", "{who}由外部程序担任";
    REACH_SWITCH: "Other computers may connect, in this run", "本次运行允许其他计算机连接";
    REACH_HINT: "The server binds 0.0.0.0, every address of this computer, instead of 127.0.0.1, which only this computer reaches. It ends when another lesson is chosen.", "服务器绑定 0.0.0.0（本机的所有地址），而不是只有本机能到达的 127.0.0.1。换一门课程后自动关闭。";
    REACH_WARNING: "Anybody in this network can connect and send bytes to this run. What they send is only counted and shown.", "同一网络中的任何人都可以连接并向本次运行发送字节。收到的内容只会被统计和显示。";
    REACH_OPEN: "open to other computers at {address}", "对其他计算机开放：{address}";
    EXTERNAL_WAITING: "Waiting at {address}", "正在 {address} 等待";
    EXTERNAL_START: "Start the run to get an address.", "开始运行后会得到一个地址。";
    EXTERNAL_CONNECTED: "Connected: its bytes are drawn as external.", "已连接：它的字节标为“外部”。";
    EXTERNAL_COPY: "Paste this into a terminal:", "在终端中粘贴：";
    EXTERNAL_TOOL: "Copy the command for {tool}", "复制 {tool} 的命令";
    COPY: "Copy", "复制";

    // Controls.
    CONTROLS: "Controls", "控制";
    LIVE_BADGE: "live", "即时生效";
    LIVE_BADGE_HINT: "A change counts from the next call on", "从下一次调用起生效";
    RECONNECT_BADGE: "needs a new connection", "需要新连接";
    RECONNECT_BADGE_HINT: "The kernel takes this only while the connection is made", "内核只在建立连接时采用这个值";
    RECONNECT: "Reconnect", "重新连接";
    RECONNECT_HINT: "Begin a new connection with these settings and replay to the same step", "用这些设置建立新连接，并重放到同一步";
    RECONNECT_NOTE: "Changed, but not in force yet.", "已更改，但尚未生效。";
    ASKED_GRANTED: "asked {asked}, granted {granted}", "请求 {asked}，实际 {granted}";
    FRAMING: "Framing", "分帧";
    FRAMING_HINT: "How the receiver finds out where a message ends. A change starts a new run with the same messages.", "接收方如何知道一条消息在哪里结束。更改后会用相同的消息开始新的运行。";
    UNDO: "Undo", "撤销";
    UNDO_HINT: "Take back the last change of a setting", "撤销上一次设置更改";
    REDO: "Redo", "重做";
    REDO_HINT: "Make the change again", "重做该更改";
    DEFAULTS: "Defaults", "默认值";
    DEFAULTS_HINT: "Set everything as the lesson began", "恢复本课的初始设置";
    NOTHING_TO_UNDO: "Nothing has been changed.", "没有更改过任何设置。";
    NOTHING_TO_REDO: "Nothing has been taken back.", "没有撤销过任何更改。";
    AT_DEFAULTS: "Everything is as the lesson began.", "所有设置都是本课的初始值。";
    VALUE_OF: "{label}, exact value", "{label}，精确值";
    UNIT_BYTES: "B", "字节";
    UNIT_MILLIS: "ms", "毫秒";
    ON: "on", "开";
    OFF: "off", "关";
    NO_CONTROLS: "This lesson has no controls.", "本课没有可调的设置。";

    // Code pane.
    CODE: "Code", "代码";
    CODE_OF: "Program of the {who}", "{who}的程序";
    CODE_COPY_HINT: "Copy this program; it runs as it stands", "复制这个程序；可以直接运行";
    CODE_LINE: "The {who} is at line {n}: {code}", "{who}位于第 {n} 行：{code}";

    // Status line.
    MODE_NEW: "ready", "就绪";
    MODE_RUNNING: "running", "运行中";
    MODE_PAUSED: "paused", "已暂停";
    MODE_STEPPING: "stepping", "单步";
    MODE_STOPPING: "stopping", "正在停止";
    MODE_FINISHED: "finished", "已结束";
    MODE_LIMIT: "event limit reached", "已达事件上限";
    MODE_LOADED: "recording", "录制";
    MODE_WAITING: "waiting for an external program", "等待外部程序";
    LEGEND_MEASURED: "measured", "实测";
    LEGEND_MEASURED_HINT: "Read from the kernel or counted from what calls returned", "从内核读取，或由调用的返回值计数";
    LEGEND_INFERRED: "inferred", "推断";
    LEGEND_INFERRED_HINT: "Concluded from other figures; dashed", "由其他数据推出；以虚线表示";
    PAYLOAD_LIMIT: "Payload memory is used up: only offsets and lengths from here on", "数据内容的内存已用完：此后只有偏移和长度";
    NOT_RECORDED: "{n} events not recorded", "{n} 个事件未录制";
    PORTABLE: "fill levels are not readable here", "此处无法读取缓冲区数据量";

    // Banners.
    DISMISS: "Dismiss", "关闭";
    LIMIT_TITLE: "The trace holds {n} events, which is the limit.", "轨迹已有 {n} 个事件，达到上限。";
    LIMIT_CURE: "The programs are paused. They can go on without being recorded, or stop here.", "程序已暂停。可以不录制继续运行，也可以到此为止。";
    LIMIT_GO_ON: "Go on without recording", "不录制，继续运行";
    SAVE_RECORDING: "Save recording", "保存录制";

    // Shortcuts.
    SHORTCUTS: "Keys", "快捷键";
    SHORTCUTS_CLOSE: "Close", "关闭";
    GROUP_RUN: "Run", "运行";
    GROUP_TIME: "Time", "时间";
    GROUP_LESSON: "Lesson", "课程";
    GROUP_WINDOW: "Window", "窗口";
    KEY_SPACE: "Space", "空格";
    KEY_CLIENT: "Release one call of the client", "放行客户端的一次调用";
    KEY_SERVER: "Release one call of the server", "放行服务器的一次调用";
    KEY_BURST: "Release several calls back to back", "连续放行多次调用";
    NEXT_CLASS: "Everything anew for the next class", "为下一个班全部重来";
    HANDS_UP: "Hands up: {n}. Keys 1 to 4 add one.", "已举手：{n} 人。按 1 到 4 各加一人。";
    HANDS: "hands: {n}", "举手 {n} 人";
    DO_CHOOSE: "Choose an answer", "选择答案";
    DO_FIRST: "To the first event", "到第一个事件";
    DO_ZOOM: "Larger, smaller, as before", "放大、缩小、还原";
    DO_LESSONS: "Show or hide the list of lessons", "显示或隐藏课程列表";
    DO_INSPECTOR: "Show or hide the table of events", "显示或隐藏事件表";
    DO_FILTER: "To the filter of the event table", "到事件表的筛选框";
    DO_ROW: "Up and down in the event table", "在事件表中上下移动";
    DO_UNDO: "Undo, redo a setting", "撤销、重做设置";
    DO_OPEN: "Open a recording", "打开录制";
    DO_SAVE: "Save the recording", "保存录制";
    DO_CLOSE: "Close what is on top, let go of the selection", "关闭最上层，取消选择";
}
