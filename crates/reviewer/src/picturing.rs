//! Contents that are pictures, as pixels, beside the rows of a sheet. Nothing of it counts as seen.

use std::sync::PoisonError;

use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_images::{Answer, Compared, Drawn, Fault, ask_to_compare, ask_to_draw};
use countersign_sheet::{Also, Anatomy, anatomy};

use crate::core::Inner;
use crate::viewing::sides;
use crate::{Error, drawing};

/// A side of a document, or what is different between both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictured {
    Before,
    After,
    Difference,
}

/// A picture of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// What the file of a side says of itself.
    pub about: Option<About>,
    pub seen: Seen,
}

/// What the file of a picture says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    pub anatomy: Anatomy,
    /// What one would miss who only looks at it, in words.
    pub remarks: Vec<String>,
    /// Bytes of the file.
    pub size: u64,
}

/// What there is to be seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// There is no such side, or it is not here.
    Absent,
    Drawn(Drawn),
    Compared(Compared),
    Not(Fault),
    /// Whoever decodes it took too long, too much memory, or failed.
    Stopped,
}

impl Inner {
    /// `None` where the document of that sheet is no picture.
    pub(crate) fn picture(
        &self,
        of: &Digest,
        sheet: &Digest,
        document: usize,
        which: Pictured,
    ) -> Result<Option<Picture>, Error> {
        let made = self.made(of)?;
        let whole = made.whole(sheet)?;
        if whole.documents.get(document).and_then(|it| it.also) != Some(Also::Picture) {
            return Ok(None);
        }
        let (before, after) = sides(&made, &whole.documents, document);
        let bytes = |side: Option<&Content>| -> Result<Option<Vec<u8>>, Error> {
            Ok(side.map(|it| self.bytes_of(&made, it)).transpose()?.flatten())
        };
        let picture = match which {
            Pictured::Before => self.side(bytes(before)?),
            Pictured::After => self.side(bytes(after)?),
            Pictured::Difference => {
                let seen = match (bytes(before)?, bytes(after)?) {
                    (Some(before), Some(after)) => self.drawn(ask_to_compare(&before, &after)),
                    _ => Seen::Absent,
                };
                Picture { about: None, seen }
            }
        };
        Ok(Some(picture))
    }

    fn side(&self, bytes: Option<Vec<u8>>) -> Picture {
        let Some(bytes) = bytes else { return Picture { about: None, seen: Seen::Absent } };
        let Some(anatomy) = anatomy(&bytes) else {
            return Picture { about: None, seen: Seen::Not(Fault::Unknown) };
        };
        let remarks = anatomy.remarks(&bytes);
        let about = About { anatomy, remarks, size: bytes.len() as u64 };
        Picture { about: Some(about), seen: self.drawn(ask_to_draw(&bytes)) }
    }

    fn drawn(&self, asked: Vec<u8>) -> Seen {
        // One after the other, so that pictures together take no more memory than one.
        let _one = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        match drawing::ask(&self.options.picture_program, asked) {
            Some(Answer::Drawn(it)) => Seen::Drawn(it),
            Some(Answer::Compared(it)) => Seen::Compared(it),
            Some(Answer::Fault(it)) => Seen::Not(it),
            None => Seen::Stopped,
        }
    }
}
