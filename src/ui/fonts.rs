//! The fonts: bundled subsets, the same picture on every machine; the system's own fonts only
//! for characters the bundle lacks.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use egui::{
    Context, FallbackRequest, FontData, FontDefinitions, FontFamily, FontInsert, FontPriority,
    FontProvider, FontTweak, InsertFontFamily,
};
use skrifa::MetadataProvider;

use super::theme::{MONO_STRONG, STRONG};

macro_rules! bundled {
    ($file:literal) => {
        FontData::from_static(include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/fonts/",
            $file
        )))
    };
}

/// Signs of egui's own set (buttons such as pause and stop); last of the bundle.
const SIGNS: [&str; 3] = ["egui-icons", "NotoEmoji-Regular", "emoji-icon-font"];

/// The bundled fonts in the order they are asked for a glyph.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    fonts
        .font_data
        .retain(|name, _| SIGNS.contains(&name.as_str()));
    // Han characters stand a little high beside Inter's capitals at the same baseline.
    let chinese = FontTweak {
        y_offset_factor: 0.02,
        ..FontTweak::default()
    };
    for (name, data) in [
        ("inter", bundled!("Inter-Regular.otf")),
        ("inter-strong", bundled!("Inter-SemiBold.otf")),
        ("mono", bundled!("JetBrainsMono-Regular.ttf")),
        ("mono-strong", bundled!("JetBrainsMono-Bold.ttf")),
        (
            "chinese",
            bundled!("NotoSansSC-Regular.otf").tweak(chinese.clone()),
        ),
        (
            "chinese-strong",
            bundled!("NotoSansSC-Bold.otf").tweak(chinese),
        ),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    fonts.families.clear();
    for (family, order) in [
        (
            FontFamily::Proportional,
            ["inter", "chinese", "mono"].as_slice(),
        ),
        (
            FontFamily::Name(STRONG.into()),
            &["inter-strong", "chinese-strong", "chinese", "mono"],
        ),
        (FontFamily::Monospace, &["mono", "chinese", "inter"]),
        (
            FontFamily::Name(MONO_STRONG.into()),
            &["mono-strong", "chinese-strong", "chinese", "inter"],
        ),
    ] {
        let names = order.iter().chain(&SIGNS).map(|&n| n.to_owned()).collect();
        fonts.families.insert(family, names);
    }
    fonts
}

/// Gives egui the bundled fonts. With `system`, characters they lack (a student's own text)
/// are looked for among this computer's fonts; without, pictures are the same everywhere.
pub fn install(ctx: &Context, system: bool) {
    ctx.set_fonts(definitions());
    ctx.set_font_providers(Vec::new());
    if system {
        ctx.add_font_provider(Arc::new(SystemFonts::default()));
    }
}

/// Most files looked into, and most bytes of one, so that a large font folder cannot stall
/// the window.
const MOST_FILES: usize = 400;
const MOST_BYTES: u64 = 64 << 20;
/// Most font files listed.
const MOST_LISTED: usize = 20_000;

/// Fonts of this computer, looked at only when a character is missing from the bundle.
#[derive(Default)]
struct SystemFonts {
    /// Candidates, best first; listed at the first miss.
    candidates: Mutex<Option<Vec<Candidate>>>,
}

struct Candidate {
    path: PathBuf,
    /// The faces in the file with the characters each has; read when first asked.
    faces: Option<Vec<(u32, Coverage)>>,
}

/// Sorted, non-overlapping ranges of characters.
struct Coverage(Vec<(u32, u32)>);

impl Coverage {
    fn of(font: &skrifa::FontRef<'_>) -> Self {
        let mut codes: Vec<u32> = font.charmap().mappings().map(|(code, _)| code).collect();
        codes.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for code in codes {
            match ranges.last_mut() {
                Some((_, last)) if code <= *last + 1 => *last = code,
                _ => ranges.push((code, code)),
            }
        }
        Coverage(ranges)
    }

    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        let after = self.0.partition_point(|&(first, _)| first <= code);
        after > 0 && self.0[after - 1].1 >= code
    }
}

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let character = request.cluster.chars().next()?;
        let mut guard = self
            .candidates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let candidates = guard.get_or_insert_with(|| list(&folders()));
        for candidate in candidates.iter_mut().take(MOST_FILES) {
            let faces = candidate
                .faces
                .get_or_insert_with(|| read(&candidate.path).map_or_else(Vec::new, |d| faces(&d)));
            let Some(&(index, _)) = faces.iter().find(|(_, c)| c.has(character)) else {
                continue;
            };
            let Some(data) = read(&candidate.path) else {
                continue;
            };
            let mut font = FontData::from_owned(data);
            font.index = index;
            return Some(FontInsert::new(
                &format!("{}#{index}", candidate.path.display()),
                font,
                vec![InsertFontFamily {
                    family: request.family.clone(),
                    priority: FontPriority::Lowest,
                }],
            ));
        }
        None
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    (size <= MOST_BYTES)
        .then(|| std::fs::read(path).ok())
        .flatten()
}

fn faces(data: &[u8]) -> Vec<(u32, Coverage)> {
    match skrifa::raw::FileRef::new(data) {
        Ok(skrifa::raw::FileRef::Font(font)) => vec![(0, Coverage::of(&font))],
        // The regional faces of a collection have the same characters in the main: the
        // simplified Chinese one by preference (index 2 in Noto's order), else the first.
        Ok(skrifa::raw::FileRef::Collection(all)) => [2, 0]
            .into_iter()
            .filter_map(|i| Some((i, Coverage::of(&all.get(i).ok()?))))
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// Where systems keep fonts.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::home_dir() {
        for own in [".local/share/fonts", ".fonts", "Library/Fonts"] {
            folders.push(home.join(own));
        }
    }
    folders
}

/// Parts of file names, best first: sans-serif fonts with many characters, then signs.
const PREFERRED: [&str; 14] = [
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "pingfang",
    "msyh",
    "wqy",
    "droidsansfallback",
    "notosans-",
    "dejavusans.",
    "arialuni",
    "segoeui",
    "notoemoji",
    "symbola",
    "unifont",
];

fn list(folders: &[PathBuf]) -> Vec<Candidate> {
    let mut found: Vec<(usize, PathBuf)> = Vec::new();
    let mut open: Vec<(PathBuf, u8)> = folders.iter().map(|f| (f.clone(), 0)).collect();
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            if found.len() >= MOST_LISTED {
                break;
            }
            let path = entry.path();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                if depth < 6 {
                    open.push((path, depth + 1));
                }
                continue;
            }
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let font = [".ttf", ".otf", ".ttc", ".otc"]
                .iter()
                .any(|ending| name.ends_with(ending));
            // Colour emoji cannot be painted in one colour, and cursive cuts read badly.
            if font && !name.contains("color") && !name.contains("italic") {
                let rank = PREFERRED
                    .iter()
                    .position(|part| name.contains(part))
                    .unwrap_or(PREFERRED.len());
                // Bold cuts after regular ones of the same family.
                found.push((rank * 2 + usize::from(name.contains("bold")), path));
            }
        }
    }
    found.sort();
    found
        .into_iter()
        .map(|(_, path)| Candidate { path, faces: None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;
    use egui::FontId;

    fn bundle(system: bool) -> Context {
        let ctx = Context::default();
        install(&ctx, system);
        let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        ctx
    }

    fn families() -> [FontFamily; 4] {
        [
            FontFamily::Proportional,
            FontFamily::Monospace,
            FontFamily::Name(STRONG.into()),
            FontFamily::Name(MONO_STRONG.into()),
        ]
    }

    #[test]
    fn every_character_of_every_phrase_has_a_glyph() {
        let ctx = bundle(false);
        let mut missing = std::collections::BTreeSet::new();
        for (table, phrases) in i18n::ALL {
            for (name, phrase) in *phrases {
                for character in phrase.en.chars().chain(phrase.zh.chars()) {
                    for family in families() {
                        let font = FontId::new(14.0, family);
                        if character != '\n' && !ctx.fonts_mut(|f| f.has_glyph(&font, character)) {
                            missing.insert(format!("{character} in {table}::{name}"));
                        }
                    }
                }
            }
        }
        assert!(
            missing.is_empty(),
            "run assets/fonts/subset.py; missing: {missing:?}"
        );
    }

    #[test]
    fn headings_of_the_lessons_are_strong_throughout() {
        let mut fonts = definitions();
        let strong = FontFamily::Name(STRONG.into());
        let cut = ["inter-strong", "chinese-strong"].map(str::to_owned);
        fonts.families.insert(strong.clone(), cut.to_vec());
        let ctx = Context::default();
        ctx.set_fonts(fonts);
        let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        let font = FontId::new(14.0, strong);
        let mut missing = std::collections::BTreeSet::new();
        for lesson in crate::lesson::Catalogue::load_embedded().lessons {
            let mut texts = vec![lesson.title(i18n::Lang::Zh).to_owned()];
            for step in 0..lesson.steps.len() {
                if let Some(text) = lesson.step_text(step, i18n::Lang::Zh) {
                    texts.extend([text.title.clone(), text.question.clone()]);
                }
            }
            for character in texts.concat().chars().filter(|c| !c.is_control()) {
                if !ctx.fonts_mut(|f| f.has_glyph(&font, character)) {
                    missing.insert(character);
                }
            }
        }
        assert!(
            missing.is_empty(),
            "run assets/fonts/subset.py; missing: {missing:?}"
        );
    }

    #[test]
    fn signs_of_the_window_and_common_chinese_have_glyphs() {
        let ctx = bundle(false);
        for character in "→←↑↓↔⇄✓✗●○◐▶◀▸▾⏸⏹⏭↺·…–—×÷≤≥≈≠“”‘’■□⚠☰语言套接字粘包课程教师学生".chars()
        {
            for family in families() {
                let font = FontId::new(14.0, family.clone());
                assert!(
                    ctx.fonts_mut(|f| f.has_glyph(&font, character)),
                    "{character} in {family:?}"
                );
            }
        }
    }

    #[test]
    fn coverage_finds_first_and_last_of_each_range() {
        let coverage = Coverage(vec![(0x41, 0x43), (0x4E00, 0x4E00)]);
        for (character, there) in [
            ('@', false),
            ('A', true),
            ('C', true),
            ('D', false),
            ('一', true),
            ('丁', false),
        ] {
            assert_eq!(coverage.has(character), there, "{character}");
        }
    }

    #[test]
    fn a_missing_character_is_looked_for_in_the_folders() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("deep/er");
        std::fs::create_dir_all(&file).expect("folders");
        std::fs::write(
            file.join("Some.otf"),
            include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/assets/fonts/NotoSansSC-Regular.otf"
            )),
        )
        .expect("a font");
        std::fs::write(file.join("Broken.ttf"), b"not a font").expect("a file");
        let system = SystemFonts {
            candidates: Mutex::new(Some(list(&[folder.path().to_owned()]))),
        };
        let ask = |cluster: &str| {
            system.font_for(&FallbackRequest {
                cluster,
                family: &FontFamily::Monospace,
            })
        };
        let font = ask("学").expect("the font has it");
        assert!(font.name.contains("Some.otf"), "{}", font.name);
        assert!(ask("𓀀").is_none());
    }
}
