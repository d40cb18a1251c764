//! Phrases of files: sent, received, refused, chosen.

super::phrases! {
    // The strip above the stage.
    WAY: "{from} → {to}", "{from} → {to}";
    PROGRESS: "{n} of {all} bytes on the wire received", "线上 {all} 字节，已收到 {n} 字节";
    PROGRESS_SHORT: "{n} / {all}", "{n} / {all}";
    SENT: "sent", "发送";
    RECEIVED: "received", "收到";
    SAME: "the same file ✓", "文件相同 ✓";
    DIFFERENT: "another file ✗", "文件不同 ✗";
    NOT_YET: "not written yet", "还没有写入";
    NOTHING_WRITTEN: "nothing written ✗", "没有写入 ✗";
    SENT_HINT: "{who} read {file}: {bytes}, SHA-256 {sum}", "{who}读出了 {file}：{bytes}，SHA-256 {sum}";
    RECEIVED_HINT: "{who} wrote {file}: {bytes}, SHA-256 {sum}", "{who}写入了 {file}：{bytes}，SHA-256 {sum}";

    // Sentences.
    WHY_READS: "{who} reads the file {file}.", "{who}读文件 {file}。";
    WHY_READ: "{who} read {file}, {bytes}. SHA-256 {sum}…: at the receiver it must be the same.", "{who}读出了 {file}，{bytes}。SHA-256 {sum}…：接收方算出的必须一样。";
    WHY_WRITES: "{who} writes what it has received as {file}: {bytes}.", "{who}把收到的内容写入 {file}：{bytes}。";
    WHY_WRITTEN: "{who} wrote {file}, {bytes}. SHA-256 {sum}….", "{who}写入了 {file}，{bytes}。SHA-256 {sum}…。";
    WHY_WRITTEN_SAME: "{who} wrote {file}, {bytes}. SHA-256 {sum}…: to the byte the file that was sent.", "{who}写入了 {file}，{bytes}。SHA-256 {sum}…：与发送的文件一个字节也不差。";
    WHY_WRITTEN_OTHER: "{who} wrote {file}, {bytes}. SHA-256 {sum}…: that is not the file that was sent.", "{who}写入了 {file}，{bytes}。SHA-256 {sum}…：这不是发送的那个文件。";
    WRITTEN: "{n} B, {sum}…", "{n} 字节，{sum}…";
    REFUSED: "refused", "被拒绝";

    // Why a file is not sent, or not kept.
    NO_SUCH_FILE: "There is no file {name}. Check the path, or drag the file onto the window.", "没有 {name} 这个文件。请检查路径，或者把文件拖到窗口上。";
    NO_SUCH_SAMPLE: "{name} is none of the lab’s own files ({samples}). To send a file of yours, give its path, folder and all.", "{name} 不是实验室自带的文件（{samples}）。要发送自己的文件，请写出带文件夹的路径。";
    NOT_A_FILE: "{name} is no ordinary file. Choose a file, not a folder or a device.", "{name} 不是普通文件。请选择文件，而不是文件夹或设备。";
    TOO_LARGE: "{name} has {words} bytes; a file of at most {limit} bytes can be sent.", "{name} 有 {words} 字节；最多只能发送 {limit} 字节的文件。";
    UNREADABLE: "{name} cannot be read: {words}.", "{name} 无法读取：{words}。";
    BAD_NAME: "The name {name} is refused, and nothing was written: it leads out of the folder, is hidden or reserved, or holds what no name may hold.", "名字 {name} 被拒绝，什么也没有写入：它会离开文件夹，或者是隐藏的、保留的名字，或者含有文件名不能有的字符。";
    NO_SUCH_FOLDER: "There is no folder {name} to keep received files in. Choose one, or leave the field empty.", "没有 {name} 这个文件夹，收到的文件无处存放。请另选一个，或者留空。";
    TOO_MANY_OF_THAT_NAME: "There are too many files called {name} already. Choose another folder.", "名为 {name} 的文件已经太多了。请换一个文件夹。";
    NOT_WRITTEN: "{name} could not be written: {words}.", "{name} 无法写入：{words}。";

    // Commands.
    WHY_RUNS: "{who} looks for the command {file} on its list.", "{who}在清单上查找命令 {file}。";
    WHY_RAN: "{call} has ended with status {exit}: {out} on stdout, {err} on stderr. {who} will send both.", "{call} 结束，退出状态 {exit}：stdout {out}，stderr {err}。{who}会把两者都发送。";
    WHY_NOT_LISTED: "{call} was not run: these bytes are no line of the list, and nothing else is ever run.", "{call} 没有运行：这些字节不是清单上的任何一行，而清单之外的一概不运行。";
    WHY_RAN_TOO_LONG: "{call} wrote more than is kept; the rest was cut off, and the command ended.", "{call} 的输出超过上限，多余的被截去，命令也结束了。";
    WHY_RAN_TOO_SLOW: "{call} took too long and was ended.", "{call} 运行太久，已被终止。";
    RAN: "exit {exit}, {n} B", "退出状态 {exit}，{n} 字节";
    NOT_LISTED: "not on the list", "不在清单上";

    // Choosing one.
    CHOOSE_FILE: "Choose a file…", "选择文件…";
    CHOOSE_FILE_HINT: "Any file on this computer. You can also drag it onto the window.", "这台电脑上的任何文件。也可以把它拖到窗口上。";
    CHOOSE_FOLDER: "Choose a folder…", "选择文件夹…";
    CHOOSE_FOLDER_HINT: "Received files are kept there. Nothing in it is overwritten.", "收到的文件存放在那里，已有的文件不会被覆盖。";
    TEMPORARY: "temporary folder", "临时文件夹";
    OWN_FILE: "{name}, one of the lab’s own files, {bytes}", "{name}，实验室自带的文件，{bytes}";
    NOW_SENDS: "The lesson now sends {file}. Start a new run.", "这一课现在发送 {file}。请重新开始运行。";
}
