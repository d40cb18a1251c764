//! Images made smaller, and put side by side on one sheet.

use super::raster::Image;

/// Pixels between two images of a sheet.
const GAP: usize = 8;

/// The most pixels of a sheet; rows beyond it are left out.
const MOST: usize = 200_000_000;

impl Image {
    /// The image with every side `by` times smaller: each pixel is the mean of those it stands for.
    #[must_use]
    pub fn smaller(&self, by: usize) -> Image {
        let by = by.max(1);
        let (width, height) = (self.width / by, self.height / by);
        let mut rgba = Vec::with_capacity(width * height * 4);
        let all = (by * by) as u32;
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0_u32; 4];
                for dy in 0..by {
                    for dx in 0..by {
                        let pixel = self.pixel(x * by + dx, y * by + dy).unwrap_or_default();
                        for (sum, part) in sum.iter_mut().zip(pixel) {
                            *sum += u32::from(part);
                        }
                    }
                }
                rgba.extend(sum.map(|sum| (sum / all) as u8));
            }
        }
        Image {
            width,
            height,
            rgba,
        }
    }

    /// The images of each row beside one another, the rows below one another, on grey.
    #[must_use]
    pub fn sheet(rows: &[Vec<Image>]) -> Image {
        let wide = |row: &Vec<Image>| row.iter().map(|image| image.width + GAP).sum::<usize>();
        let high = |row: &Vec<Image>| row.iter().map(|i| i.height).max().unwrap_or(0);
        let width = GAP + rows.iter().map(wide).max().unwrap_or(0);
        let mut height = GAP;
        let mut shown = 0;
        for row in rows {
            let more = high(row) + GAP;
            if (height + more).saturating_mul(width) > MOST {
                break;
            }
            height += more;
            shown += 1;
        }
        let mut sheet = Image {
            width,
            height,
            rgba: [128, 128, 128, 255].repeat(width * height),
        };
        let mut top = GAP;
        for row in &rows[..shown] {
            let mut left = GAP;
            for image in row {
                for (y, line) in image
                    .rgba
                    .chunks_exact((image.width * 4).max(1))
                    .enumerate()
                {
                    let at = ((top + y) * width + left) * 4;
                    if let Some(place) = sheet.rgba.get_mut(at..at + line.len()) {
                        place.copy_from_slice(line);
                    }
                }
                left += image.width + GAP;
            }
            top += high(row) + GAP;
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: usize, height: usize, grey: u8) -> Image {
        Image {
            width,
            height,
            rgba: [grey, grey, grey, 255].repeat(width * height),
        }
    }

    #[test]
    fn smaller_is_the_mean() {
        let mut image = plain(4, 2, 100);
        image.rgba[..3].copy_from_slice(&[200, 0, 100]);
        let small = image.smaller(2);
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(small.pixel(0, 0), Some([125, 75, 100, 255]));
        assert_eq!(small.pixel(1, 0), Some([100, 100, 100, 255]));
    }

    #[test]
    fn a_sheet_holds_every_image_where_it_belongs() {
        let rows = vec![
            vec![plain(3, 2, 10), plain(5, 4, 20)],
            vec![plain(2, 2, 30)],
        ];
        let sheet = Image::sheet(&rows);
        assert_eq!((sheet.width, sheet.height), (GAP * 3 + 8, GAP * 3 + 6));
        let grey = |x: usize, y: usize| sheet.pixel(x, y).unwrap()[0];
        assert_eq!(grey(0, 0), 128);
        assert_eq!(grey(GAP, GAP), 10);
        assert_eq!(grey(GAP, GAP + 2), 128, "below the lower of the two");
        assert_eq!(grey(2 * GAP + 3, GAP + 3), 20);
        assert_eq!(grey(GAP + 1, 2 * GAP + 5), 30);
        assert_eq!(Image::sheet(&[]).width, GAP);
    }
}
