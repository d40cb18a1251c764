//! Runs a user interface without a display: for pictures, tests and measurements.

use egui::{ClippedPrimitive, Context, FullOutput, RawInput, Rect, Ui, Vec2, pos2};

use super::fonts;
use super::raster::{Image, Raster};
use super::theme::Theme;

/// A window that exists only in memory. Its clock advances 1/60 s per frame.
pub struct Headless {
    /// The egui context, with the bundled fonts.
    pub ctx: Context,
    raster: Raster,
    size: Vec2,
    pixels_per_point: f32,
    frames: u32,
    last: Option<FullOutput>,
    triangles: Vec<ClippedPrimitive>,
}

impl Headless {
    /// A window of `size` points.
    pub fn new(size: Vec2, pixels_per_point: f32, theme: &Theme) -> Self {
        let ctx = Context::default();
        fonts::install(&ctx, false);
        theme.apply(&ctx);
        ctx.set_pixels_per_point(pixels_per_point);
        Headless {
            ctx,
            raster: Raster::default(),
            size,
            pixels_per_point,
            frames: 0,
            last: None,
            triangles: Vec::new(),
        }
    }

    /// Runs one frame with these input events.
    pub fn frame(&mut self, events: Vec<egui::Event>, run: impl FnMut(&mut Ui)) {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), self.size)),
            time: Some(f64::from(self.frames) / 60.0),
            max_texture_side: Some(8192),
            focused: true,
            events,
            ..RawInput::default()
        };
        let viewport = input.viewports.entry(input.viewport_id).or_default();
        viewport.native_pixels_per_point = Some(self.pixels_per_point);
        let mut output = self.ctx.run_ui(input, run);
        self.raster.update(&mut output.textures_delta);
        self.frames += 1;
        self.triangles.clear();
        self.last = Some(output);
    }

    /// Does the interface ask for another frame by itself within `seconds`?
    pub fn wants_frame_within(&self, seconds: f64) -> bool {
        self.last.as_ref().is_some_and(|output| {
            output
                .viewport_output
                .values()
                .any(|v| v.repaint_delay.as_secs_f64() < seconds)
        })
    }

    /// What the last frame gave beside its shapes, which [`Headless::tessellate`] takes.
    pub fn output(&self) -> Option<&FullOutput> {
        self.last.as_ref()
    }

    /// Turns the last frame's shapes into triangles (what a frame costs beside running it).
    pub fn tessellate(&mut self) -> &[ClippedPrimitive] {
        if let Some(output) = &mut self.last
            && !output.shapes.is_empty()
        {
            let shapes = std::mem::take(&mut output.shapes);
            self.triangles = self.ctx.tessellate(shapes, output.pixels_per_point);
        }
        &self.triangles
    }

    /// The last frame as an image.
    pub fn image(&mut self) -> Image {
        self.tessellate();
        let ground = self.ctx.global_style().visuals.panel_fill;
        let pixels = (self.size * self.pixels_per_point).round();
        self.raster.draw(
            &self.triangles,
            [pixels.x.max(1.0) as usize, pixels.y.max(1.0) as usize],
            self.pixels_per_point,
            ground,
        )
    }
}

/// Runs `frames` frames of `run` in a window of `size` points and gives the last as an image.
pub fn picture(
    size: Vec2,
    pixels_per_point: f32,
    frames: u32,
    theme: &Theme,
    mut run: impl FnMut(&mut Ui),
) -> Image {
    let mut window = Headless::new(size, pixels_per_point, theme);
    for _ in 0..frames.max(1) {
        window.frame(Vec::new(), &mut run);
    }
    window.image()
}
