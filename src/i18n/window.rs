//! Phrases of the window's frame: bars, buttons, panels.

super::phrases! {
    APP_TITLE: "Socket Lab", "套接字实验室";
    LESSONS: "Lessons", "课程";
}
