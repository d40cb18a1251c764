//! Phrases about saving the programs as files.

super::phrases! {
    SAVE: "Save as files", "存为文件";
    SAVE_HINT: "Write the programs of all ends into a folder; they run as they stand", "把各端的程序写入一个文件夹；可以直接运行";
    FOLDER: "Folder", "文件夹";
    WRITES: "Writes {names}.", "将写入 {names}。";
    WRITE: "Save", "保存";
    THERE: "{names} is there already.", "{names} 已经存在。";
    OVER: "Write over it", "覆盖";
    CANCEL: "Cancel", "取消";
    SAVED: "{names} saved in {folder}", "{names} 已保存到 {folder}";
    NOT_SAVED: "{file} cannot be written: {why}. Name a folder where you may write.", "无法写入 {file}：{why}。请指定一个你有权写入的文件夹。";
}
