//! What a format tells of a message beside its text: what it has left out, and where its elements hold what. Knows no line.

/// Something that is not in the text: a quotation, or what announces one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum LeftOut {
    /// An earlier message.
    Quotation,
    /// The line over one, marked as such.
    Attribution,
    /// The header of one, marked as such.
    Header,
}

/// An element around a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Frame {
    /// A program has put a quotation in it, and its writer perhaps more.
    Container,
    /// It holds a quotation if an attribution stands above it.
    Blockquote,
}

/// Where they are, in bytes of the text, each list ascending.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct MailOutline {
    /// With the number of the next frame.
    left_out: Vec<(u32, LeftOut, u32)>,
    /// Those of `left_out` that are quotations.
    quotations: Vec<u32>,
    /// Where signatures are left out.
    signatures: Vec<u32>,
    frames: Vec<(u32, u32, Frame)>,
}

/// How much an outline held at a moment.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct OutlineMark {
    left_out: usize,
    quotations: usize,
    signatures: usize,
    frames: usize,
}

#[expect(clippy::cast_possible_truncation, reason = "no text of a source below MAX_SOURCE_BYTES is longer")]
impl MailOutline {
    /// Notes what is left out behind `at`.
    pub(in crate::document) fn leave_out(&mut self, at: usize, what: LeftOut) {
        self.left_out.push((at as u32, what, self.frames.len() as u32));
        if what == LeftOut::Quotation {
            self.quotations.push(at as u32);
        }
    }

    /// Notes that a signature is left out behind `at`.
    pub(in crate::document) fn leave_out_signature(&mut self, at: usize) {
        self.signatures.push(at as u32);
    }

    /// Opens a frame at `start`; it ends with the text until it is closed. Returns its number.
    pub(in crate::document) fn open(&mut self, start: usize, frame: Frame) -> u32 {
        self.frames.push((start as u32, u32::MAX, frame));
        self.frames.len() as u32 - 1
    }

    /// Closes a frame by its number.
    pub(in crate::document) fn close(&mut self, number: u32, end: usize) {
        if let Some(frame) = self.frames.get_mut(number as usize) {
            frame.1 = end as u32;
        }
    }

    /// What it holds now, to be returned to.
    pub(in crate::document) fn mark(&self) -> OutlineMark {
        OutlineMark {
            left_out: self.left_out.len(),
            quotations: self.quotations.len(),
            signatures: self.signatures.len(),
            frames: self.frames.len(),
        }
    }

    /// Forgets what came after a mark.
    pub(in crate::document) fn return_to(&mut self, mark: OutlineMark) {
        self.left_out.truncate(mark.left_out);
        self.quotations.truncate(mark.quotations);
        self.signatures.truncate(mark.signatures);
        self.frames.truncate(mark.frames);
    }

    /// The last thing left out at or before `to`: where, what, and the number of the next frame.
    pub(super) fn last_left_out(&self, to: usize) -> Option<(usize, LeftOut, usize)> {
        let behind = self.left_out.partition_point(|&(at, ..)| at as usize <= to);
        let (at, what, frame) = *self.left_out[..behind].last()?;
        Some((at as usize, what, frame as usize))
    }

    /// The first quotation that is left out at or behind `from` and not behind `to`.
    pub(super) fn quotation_between(&self, from: usize, to: usize) -> Option<usize> {
        let first = self.quotations.partition_point(|&at| (at as usize) < from);
        self.quotations.get(first).map(|&at| at as usize).filter(|&at| at <= to)
    }

    /// Where something is left out behind `from` and not behind `to`, ascending.
    pub(super) fn left_out_between(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let mut at = from;
        std::iter::from_fn(move || {
            let next = self.left_out.partition_point(|&(out, ..)| out as usize <= at);
            let signature = self.signatures.partition_point(|&out| out as usize <= at);
            let next = self.left_out.get(next).map(|&(out, ..)| out).into_iter();
            let first = next.chain(self.signatures.get(signature).copied()).min()? as usize;
            at = first;
            (first <= to).then_some(first)
        })
    }

    /// The number of the first frame that begins at or behind `from`.
    pub(super) fn frame_behind(&self, from: usize) -> usize {
        self.frames.partition_point(|&(start, ..)| (start as usize) < from)
    }

    /// Where the frame of this number ends, if it begins at or before `to`.
    pub(super) fn frame_end(&self, number: usize, to: usize) -> Option<usize> {
        self.frames.get(number).filter(|&&(start, ..)| start as usize <= to).map(|&(_, end, _)| end as usize)
    }

    /// The same for a blockquote.
    pub(super) fn blockquote_end(&self, number: usize, to: usize) -> Option<usize> {
        self.frames.get(number).filter(|&&(.., frame)| frame == Frame::Blockquote)?;
        self.frame_end(number, to)
    }

    /// Goes on from frame number `from` to those that begin at or before `at`, noting where containers and blockquotes end. Returns
    /// how many frames are passed.
    pub(super) fn enter(
        &self,
        mut from: usize,
        at: usize,
        containers: &mut Vec<usize>,
        blockquotes: &mut Vec<usize>,
    ) -> usize {
        while let Some(&(_, end, frame)) = self.frames.get(from).filter(|&&(start, ..)| start as usize <= at) {
            match frame {
                Frame::Container => containers.push(end as usize),
                Frame::Blockquote => blockquotes.push(end as usize),
            }
            from += 1;
        }
        from
    }
}

impl OutlineMark {
    /// The number of the next frame.
    pub(super) const fn frame(self) -> usize {
        self.frames
    }
}
