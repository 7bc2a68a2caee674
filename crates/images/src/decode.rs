//! From the bytes of a file to pixels.

use std::io::Cursor;

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

use crate::{Drawn, Fault, LONGEST, MOST, Pixels, SHOWN};

/// Bytes that a decoder may take besides.
const MEMORY: u64 = 512 << 20;

/// The first picture in `bytes`, as it is drawn.
///
/// # Errors
///
/// Every [`Fault`].
pub fn draw(bytes: &[u8]) -> Result<Drawn, Fault> {
    draw_within(bytes, MOST)
}

/// The same, of a picture with at most `most` pixels.
///
/// # Errors
///
/// Every [`Fault`].
pub fn draw_within(bytes: &[u8], most: u64) -> Result<Drawn, Fault> {
    let picture = decoded(bytes, most)?.into_rgba8();
    let (width, height) = picture.dimensions();
    Ok(Drawn { width, height, pixels: shown(Pixels { width, height, rgba: picture.into_raw() }) })
}

pub(crate) fn decoded(bytes: &[u8], most: u64) -> Result<DynamicImage, Fault> {
    let format = image::guess_format(bytes).map_err(|_| Fault::Unknown)?;
    let drawn = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];
    if !drawn.contains(&format) {
        return Err(Fault::Unknown);
    }
    let reader = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST);
        limits.max_image_height = Some(LONGEST);
        limits.max_alloc = Some(MEMORY);
        reader.limits(limits);
        reader
    };
    // What it says of itself first: nothing is unpacked for it.
    let (width, height) = reader().into_dimensions().map_err(fault)?;
    if width == 0 || height == 0 {
        return Err(Fault::Broken);
    }
    if u64::from(width) * u64::from(height) > most || width.max(height) > LONGEST {
        return Err(Fault::Large);
    }
    let picture = reader().decode().map_err(fault)?;
    // A decoder that changes its mind has not been measured.
    if (picture.width(), picture.height()) != (width, height) {
        return Err(Fault::Broken);
    }
    Ok(picture)
}

fn fault(error: ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => Fault::Large,
        _ => Fault::Broken,
    }
}

/// How many pixels on a side are drawn as one.
pub(crate) fn step(width: u32, height: u32) -> u32 {
    let fits = |step: &u32| u64::from(width.div_ceil(*step)) * u64::from(height.div_ceil(*step)) <= SHOWN;
    (1..=LONGEST).find(fits).unwrap_or(LONGEST)
}

/// Squares of pixels as one each, until they are few enough.
fn shown(whole: Pixels) -> Pixels {
    let step = step(whole.width, whole.height);
    if step == 1 {
        return whole;
    }
    let (width, height) = (whole.width.div_ceil(step), whole.height.div_ceil(step));
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    let row = whole.width as usize * 4;
    for top in (0..whole.height).step_by(step as usize) {
        for left in (0..whole.width).step_by(step as usize) {
            let (right, bottom) = ((left + step).min(whole.width), (top + step).min(whole.height));
            let mut sum = [0u64; 4];
            for y in top..bottom {
                let line = &whole.rgba[y as usize * row..][left as usize * 4..right as usize * 4];
                for pixel in line.chunks_exact(4) {
                    // What is transparent has no say in the colour.
                    let opacity = u64::from(pixel[3]);
                    sum[3] += opacity;
                    for (sum, part) in sum.iter_mut().zip(&pixel[..3]) {
                        *sum += u64::from(*part) * opacity;
                    }
                }
            }
            let count = u64::from(right - left) * u64::from(bottom - top);
            let opacity = sum[3];
            rgba.extend(sum[..3].iter().map(|part| (part / opacity.max(1)) as u8));
            rgba.push((opacity / count.max(1)) as u8);
        }
    }
    Pixels { width, height, rgba }
}
