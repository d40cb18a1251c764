//! Draws egui's triangles into an image on the CPU: pictures without a display or a GPU.
//!
//! The same input gives the same bytes on every machine: coordinates are rounded to 1/256
//! pixel and coverage is decided in integers (top-left rule, as GPUs do); colours are blended
//! premultiplied in gamma space, as egui's own backends do. Paint callbacks are not drawn.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use egui::epaint::{ClippedPrimitive, ImageData, Primitive, Vertex};
use egui::{
    Color32, Mesh, TextureFilter, TextureId, TextureOptions, TextureWrapMode, TexturesDelta,
};

/// An image of opaque pixels, row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Pixels per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width × height` pixels of red, green, blue, alpha.
    pub rgba: Vec<u8>,
}

impl Image {
    /// As a PNG file.
    ///
    /// # Errors
    /// What the writer or the encoder says.
    pub fn write_png(&self, to: impl Write) -> std::io::Result<()> {
        let mut encoder = png::Encoder::new(to, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgba)?;
        writer.finish()?;
        Ok(())
    }

    /// Writes it as a PNG file at `path`.
    ///
    /// # Errors
    /// What the system says.
    pub fn save_png(&self, path: &Path) -> std::io::Result<()> {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        self.write_png(&mut file)?;
        file.flush()
    }

    /// The pixel at column `x`, row `y`; `None` outside.
    pub fn pixel(&self, x: usize, y: usize) -> Option<[u8; 4]> {
        if x >= self.width {
            return None;
        }
        let at = (y.checked_mul(self.width)? + x) * 4;
        self.rgba.get(at..at + 4)?.try_into().ok()
    }
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    #[expect(
        clippy::many_single_char_names,
        reason = "texture coordinates are u, v"
    )]
    fn sample(&self, u: f32, v: f32) -> Color32 {
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        if self.options.magnification == TextureFilter::Nearest {
            return self.texel(x.floor() as i64, y.floor() as i64);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let (x0, y0) = (x0 as i64, y0 as i64);
        let (a, b) = (self.texel(x0, y0), self.texel(x0 + 1, y0));
        let (c, d) = (self.texel(x0, y0 + 1), self.texel(x0 + 1, y0 + 1));
        if a == b && a == c && a == d {
            return a;
        }
        let mix = |i: usize| {
            let channel = |p: Color32| f32::from(p.to_array()[i]);
            let top = channel(a) + (channel(b) - channel(a)) * fx;
            let low = channel(c) + (channel(d) - channel(c)) * fx;
            (top + (low - top) * fy + 0.5) as u8
        };
        Color32::from_rgba_premultiplied(mix(0), mix(1), mix(2), mix(3))
    }

    fn texel(&self, x: i64, y: i64) -> Color32 {
        let wrap = |n: i64, size: usize| -> usize {
            let size = size as i64;
            let n = match self.options.wrap_mode {
                TextureWrapMode::ClampToEdge => n.clamp(0, size - 1),
                TextureWrapMode::Repeat => n.rem_euclid(size),
                TextureWrapMode::MirroredRepeat => {
                    let m = n.rem_euclid(2 * size);
                    if m < size { m } else { 2 * size - 1 - m }
                }
            };
            n as usize
        };
        self.pixels
            .get(wrap(y, self.height) * self.width + wrap(x, self.width))
            .copied()
            .unwrap_or(Color32::TRANSPARENT)
    }
}

/// The rasteriser with the textures it was given so far.
#[derive(Default)]
pub struct Raster {
    textures: HashMap<TextureId, Texture>,
}

impl Raster {
    /// Takes over new and changed textures, frees old ones, and empties `delta`.
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                let [width, height] = image.size;
                match change.pos {
                    None => {
                        self.textures.insert(
                            id,
                            Texture {
                                width,
                                height,
                                pixels: image.pixels.clone(),
                                options: change.options,
                            },
                        );
                    }
                    Some([left, top]) => {
                        let Some(texture) = self.textures.get_mut(&id) else {
                            continue;
                        };
                        for (y, row) in image.pixels.chunks_exact(width.max(1)).enumerate() {
                            let at = (top + y) * texture.width + left;
                            if let Some(target) = texture.pixels.get_mut(at..at + width) {
                                target.copy_from_slice(row);
                            }
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Draws `primitives` (in points) on `ground`, into an image of `size` pixels.
    pub fn draw(
        &self,
        primitives: &[ClippedPrimitive],
        size: [usize; 2],
        pixels_per_point: f32,
        ground: Color32,
    ) -> Image {
        let [width, height] = size;
        let mut canvas = Canvas {
            width,
            height,
            pixels: vec![ground.to_array(); width * height],
        };
        for primitive in primitives {
            let Primitive::Mesh(mesh) = &primitive.primitive else {
                continue;
            };
            let Some(texture) = self.textures.get(&mesh.texture_id) else {
                continue;
            };
            let clip = primitive.clip_rect * pixels_per_point;
            let clip = Clip {
                left: (clip.min.x.round().max(0.0) as usize).min(width) as i64,
                top: (clip.min.y.round().max(0.0) as usize).min(height) as i64,
                right: (clip.max.x.round().max(0.0) as usize).min(width) as i64,
                bottom: (clip.max.y.round().max(0.0) as usize).min(height) as i64,
            };
            if clip.left < clip.right && clip.top < clip.bottom {
                canvas.mesh(mesh, texture, &clip, pixels_per_point);
            }
        }
        Image {
            width,
            height,
            rgba: canvas.pixels.into_flattened(),
        }
    }
}

/// In pixels; right and bottom are outside.
struct Clip {
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

/// Steps per pixel in which coordinates are counted.
const SUB: i64 = 256;

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, clip: &Clip, pixels_per_point: f32) {
        for corners in mesh.indices.chunks_exact(3) {
            let [Some(a), Some(b), Some(c)] =
                [0, 1, 2].map(|i| mesh.vertices.get(corners[i] as usize))
            else {
                continue;
            };
            self.triangle([a, b, c], texture, clip, pixels_per_point);
        }
    }

    #[expect(
        clippy::many_single_char_names,
        reason = "corners of a triangle are a, b, c"
    )]
    fn triangle(
        &mut self,
        corners: [&Vertex; 3],
        texture: &Texture,
        clip: &Clip,
        pixels_per_point: f32,
    ) {
        let mut corners = corners;
        let place = |v: &Vertex| -> Option<(i64, i64)> {
            let x = v.pos.x * pixels_per_point;
            let y = v.pos.y * pixels_per_point;
            // Beyond this nothing of a real picture lies, and the products below stay exact.
            let sane = |n: f32| n.is_finite() && n.abs() < 1.0e6;
            (sane(x) && sane(y)).then(|| {
                (
                    (x * SUB as f32).round() as i64,
                    (y * SUB as f32).round() as i64,
                )
            })
        };
        let [Some(mut a), Some(mut b), Some(c)] = corners.map(place) else {
            return;
        };
        let mut area = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
        if area == 0 {
            return;
        }
        if area < 0 {
            std::mem::swap(&mut a, &mut b);
            corners.swap(0, 1);
            area = -area;
        }
        let half = SUB / 2;
        // Pixels whose centre may be inside.
        let low = |n: i64| (n - half).div_euclid(SUB);
        let left = low(a.0.min(b.0).min(c.0)).max(clip.left);
        let right = (low(a.0.max(b.0).max(c.0)) + 1).min(clip.right);
        let top = low(a.1.min(b.1).min(c.1)).max(clip.top);
        let bottom = (low(a.1.max(b.1).max(c.1)) + 1).min(clip.bottom);
        if left >= right || top >= bottom {
            return;
        }
        // Edge functions; an edge that is neither top nor left does not own its pixels.
        let edge = |p: (i64, i64), q: (i64, i64)| {
            let (dx, dy) = (q.0 - p.0, q.1 - p.1);
            let owns = dy < 0 || (dy == 0 && dx > 0);
            let x = left * SUB + half - p.0;
            let y = top * SUB + half - p.1;
            (dx * y - dy * x - i64::from(!owns), -dy * SUB, dx * SUB)
        };
        let edges = [edge(b, c), edge(c, a), edge(a, b)];
        let [va, vb, vc] = corners;
        let flat_colour = va.color == vb.color && vb.color == vc.color;
        let flat_uv = va.uv == vb.uv && vb.uv == vc.uv;
        let texel = texture.sample(va.uv.x, va.uv.y);
        let flat = (flat_colour && flat_uv).then(|| multiply(va.color, texel));
        let scale = 1.0 / area as f32;
        for y in top..bottom {
            let down = y - top;
            let mut e = edges.map(|(start, _, per_row)| start + per_row * down);
            let row = y as usize * self.width;
            for x in left..right {
                if e[0] >= 0 && e[1] >= 0 && e[2] >= 0 {
                    let source = flat.unwrap_or_else(|| {
                        let wa = e[0] as f32 * scale;
                        let wb = e[1] as f32 * scale;
                        let wc = 1.0 - wa - wb;
                        let texel = if flat_uv {
                            texel
                        } else {
                            texture.sample(
                                va.uv.x * wa + vb.uv.x * wb + vc.uv.x * wc,
                                va.uv.y * wa + vb.uv.y * wb + vc.uv.y * wc,
                            )
                        };
                        let colour = if flat_colour {
                            va.color
                        } else {
                            let mix = |i: usize| {
                                let channel = |v: &Vertex| f32::from(v.color.to_array()[i]);
                                let sum = channel(va) * wa + channel(vb) * wb + channel(vc) * wc;
                                (sum + 0.5).clamp(0.0, 255.0) as u8
                            };
                            Color32::from_rgba_premultiplied(mix(0), mix(1), mix(2), mix(3))
                        };
                        multiply(colour, texel)
                    });
                    if let Some(pixel) = self.pixels.get_mut(row + x as usize) {
                        blend(pixel, source);
                    }
                }
                for (value, (_, per_column, _)) in e.iter_mut().zip(edges) {
                    *value += per_column;
                }
            }
        }
        debug_assert!(self.pixels.len() == self.width * self.height);
    }
}

fn times(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

fn multiply(a: Color32, b: Color32) -> [u8; 4] {
    let (a, b) = (a.to_array(), b.to_array());
    [0, 1, 2, 3].map(|i| times(a[i], b[i]))
}

fn blend(under: &mut [u8; 4], over: [u8; 4]) {
    if over[3] == 255 {
        *under = over;
    } else if over != [0; 4] {
        let keep = 255 - over[3];
        for (under, over) in under.iter_mut().zip(over) {
            *under = over.saturating_add(times(*under, keep));
        }
    }
}

#[cfg(test)]
impl egui_kittest::TestRenderer for Raster {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.update(delta);
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let pixels = (ctx.content_rect().size() * output.pixels_per_point).round();
        let image = self.draw(
            &ctx.tessellate(output.shapes.clone(), output.pixels_per_point),
            [pixels.x as usize, pixels.y as usize],
            output.pixels_per_point,
            ctx.global_style().visuals.panel_fill,
        );
        image::RgbaImage::from_raw(image.width as u32, image.height as u32, image.rgba)
            .ok_or_else(|| "the image has another size than its pixels".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::epaint::Shadow;
    use egui::{Rect, pos2};

    fn white() -> Raster {
        let mut raster = Raster::default();
        raster.textures.insert(
            TextureId::default(),
            Texture {
                width: 1,
                height: 1,
                pixels: vec![Color32::WHITE],
                options: TextureOptions::LINEAR,
            },
        );
        raster
    }

    fn draw(meshes: Vec<Mesh>) -> Image {
        let clip_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(8.0, 8.0));
        let primitives: Vec<_> = meshes
            .into_iter()
            .map(|mesh| ClippedPrimitive {
                clip_rect,
                primitive: Primitive::Mesh(mesh),
            })
            .collect();
        white().draw(&primitives, [10, 10], 1.0, Color32::BLACK)
    }

    #[test]
    fn neighbours_share_no_pixel_and_leave_no_gap() {
        // Half-transparent squares, side by side on a pixel's centre: each pixel is hit once.
        let colour = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        let mut mesh = Mesh::default();
        for (from, to) in [(0.0, 3.5), (3.5, 6.0)] {
            mesh.add_colored_rect(Rect::from_min_max(pos2(from, 1.0), pos2(to, 4.0)), colour);
        }
        let image = draw(vec![mesh]);
        for x in 0..6 {
            assert_eq!(image.pixel(x, 2), Some([100, 0, 0, 255]), "column {x}");
        }
        assert_eq!(image.pixel(6, 2), Some([0, 0, 0, 255]));
        assert_eq!(image.pixel(2, 0), Some([0, 0, 0, 255]));
        assert_eq!(image.pixel(2, 4), Some([0, 0, 0, 255]));
    }

    #[test]
    fn clip_is_kept_and_nonsense_is_skipped() {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(
            Rect::from_min_max(pos2(-50.0, -50.0), pos2(50.0, 50.0)),
            Color32::RED,
        );
        let mut odd = Mesh::default();
        odd.add_colored_rect(
            Rect::from_min_max(pos2(f32::NAN, 0.0), pos2(f32::INFINITY, 9.0)),
            Color32::GREEN,
        );
        odd.indices.extend([0, 1, 77]);
        let image = draw(vec![mesh, odd]);
        assert_eq!(image.pixel(7, 7), Some([255, 0, 0, 255]));
        assert_eq!(image.pixel(8, 7), Some([0, 0, 0, 255]));
        assert_eq!(image.pixel(10, 0), None);
    }

    #[test]
    fn a_frame_gives_the_same_bytes_again() {
        let draw = || {
            crate::ui::headless::picture(
                egui::vec2(300.0, 120.0),
                1.5,
                3,
                &crate::ui::theme::Theme::desk(true),
                |ui| {
                    ui.heading("Sticky packets 粘包");
                    let _ = ui.button("Run");
                    let rect = ui.available_rect_before_wrap();
                    ui.painter().add(
                        Shadow {
                            offset: [0, 2],
                            blur: 8,
                            spread: 0,
                            color: Color32::RED,
                        }
                        .as_shape(rect.shrink(20.0), 4),
                    );
                },
            )
        };
        let first = draw();
        assert_eq!((first.width, first.height), (450, 180));
        assert!(first.rgba.chunks_exact(4).any(|p| p != &first.rgba[..4]));
        assert!(first == draw());
    }
}
