//! Phrases of the window's frame: what it tells of runs, recordings and lessons.

super::phrases! {
    STILL_BLOCKED: "The {actor} is still held in its last call. Step the other side, or stop.", "{actor}仍阻塞在上一次调用中。请单步另一端，或停止运行。";
    HAS_ENDED: "The program of the {actor} has ended. Reset to run it again.", "{actor}的程序已经结束。重置后可再次运行。";
    NOBODY_CAN_STEP: "Nobody can make a call just now: every program is blocked, waiting, or has ended.", "现在没有程序可以继续：它们都在阻塞、等待，或已经结束。";
    RESET_RUN: "Reset", "重置";
    PAYLOAD_BUDGET: "{mib} MiB of payload are kept. From here on only offsets and lengths are recorded, not the bytes themselves.", "已保存 {mib} MiB 数据内容。此后只记录偏移量和长度，不再保存字节本身。";
    RECORDING_CUT: "{file} is not whole: {lost}. Shown are the {events} events before that.", "{file} 不完整：{lost}。下面显示在此之前的 {events} 个事件。";
    RECORDING_EMPTY: "{file} is empty. Record the run again.", "{file} 是空文件。请重新录制。";
    RECORDING_FOREIGN: "{file} is not a recording of this lab. Choose a .socklab file.", "{file} 不是本实验室的录制文件。请选择 .socklab 文件。";
    RECORDING_NEWER: "{file} was recorded in format {found}; this version reads up to format {known}. Update socklab to open it.", "{file} 的录制格式为 {found}，本版本最高支持 {known}。请更新 socklab 后再打开。";
    RECORDING_HEADER: "The header of {file} is damaged, so nothing of it can be shown. Record the run again.", "{file} 的文件头已损坏，无法显示任何内容。请重新录制。";
    RECORDING_IO: "{file}: {why}. Check that the path exists and that you may use it.", "{file}：{why}。请检查路径是否存在、是否有权限。";
    RECORDING_SAVED: "The recording is saved: {file}", "录制已保存：{file}";
    LESSONS_RELOADED: "The lessons were read again. Reset starts the changed lesson's run.", "课程文件已重新读取。点击“重置”即可按新内容运行。";
}
