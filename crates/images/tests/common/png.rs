//! Writes PNG files part by part, also such as nobody should write. Nothing in them is compressed.

/// Eight bits each of red, green, blue and opacity.
pub(crate) fn png(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    with(width, height, pixel, &[])
}

/// The same, with further parts after the first.
pub(crate) fn with(
    width: u32,
    height: u32,
    pixel: impl Fn(u32, u32) -> [u8; 4],
    parts: &[(&[u8; 4], &[u8])],
) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        rows.extend((0..width).flat_map(|x| pixel(x, y)));
    }
    let mut file = [SIGNATURE.to_vec(), head(width, height, 8, 6)].concat();
    for (kind, data) in parts {
        file.extend(part(kind, data));
    }
    file.extend(part(b"IDAT", &stored(&rows)));
    file.extend(part(b"IEND", b""));
    file
}

pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The first part: size, bits, kind of colour.
pub(crate) fn head(width: u32, height: u32, bits: u8, colour: u8) -> Vec<u8> {
    let data = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, colour, 0, 0, 0]].concat();
    part(b"IHDR", &data)
}

pub(crate) fn part(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX);
    [&size.to_be_bytes()[..], &body, &checksum(&body).to_be_bytes()].concat()
}

/// A zlib stream that holds `data` as it is.
pub(crate) fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let size = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(size.to_le_bytes());
        out.extend((!size).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// CRC-32 as PNG has it.
fn checksum(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}
