//! Phrases of the framing workbench.

super::phrases! {
    STAGE: "Stage", "舞台";
    STAGE_HINT: "The run on real sockets: pipe, boundary ruler, timeline", "真实套接字上的运行：管道、边界标尺、时间线";
    WORKBENCH: "Workbench", "工作台";
    WORKBENCH_HINT: "Framing strategies side by side: raced, proven, repeated", "把各种分帧方式放在一起比较：竞赛、验证、重复运行";
    KEY_CENTRE: "Stage or workbench", "切换舞台与工作台";
}
