//! A set of numbers that also numbers its members: a bit each, and a count every 64 bits.

use super::bits::read_u32;

/// Bytes of a group: the members before it (4), then a bit for each of 64 numbers (8).
const GROUP: usize = 12;

/// Where a set lies in the bytes of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ranked {
    start: usize,
    groups: usize,
    /// Members.
    pub(super) len: usize,
}

impl Ranked {
    /// The set of a section that starts at a byte of the file; `None` if it is none.
    pub(super) fn open(section: &[u8], start: usize) -> Option<Self> {
        let len = read_u32(section, 0)? as usize;
        let groups = section.len() / GROUP;
        Some(Self { start: start + 4, groups, len })
    }

    /// How many members are below a member; `None` if the number is no member. One load.
    #[inline]
    pub(super) fn rank(&self, bytes: &[u8], number: u32) -> Option<u32> {
        let (group, bit) = (number as usize / 64, number % 64);
        let at = self.start + GROUP * group;
        let group = bytes.get(at..).filter(|_| group < self.groups)?.first_chunk::<GROUP>()?;
        let (before, members) = group.split_first_chunk::<4>()?;
        let members = u64::from_le_bytes(*members.first_chunk()?);
        let below = members & ((1 << bit) - 1);
        (members >> bit & 1 == 1).then(|| u32::from_le_bytes(*before).wrapping_add(below.count_ones()))
    }

    /// A set of ascending numbers as a section.
    pub(super) fn section(members: &[u32]) -> Vec<u8> {
        let mut bytes = (members.len() as u32).to_le_bytes().to_vec();
        let groups = members.last().map_or(0, |&last| last / 64 + 1);
        let mut rest = members;
        for group in 0..groups {
            let before = members.len() - rest.len();
            let (these, others) = rest.split_at(rest.partition_point(|&member| member / 64 == group));
            let bits = these.iter().fold(0_u64, |bits, member| bits | 1 << (member % 64));
            bytes.extend((before as u32).to_le_bytes());
            bytes.extend(bits.to_le_bytes());
            rest = others;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(members: &[u32]) {
        let section = Ranked::section(members);
        let set = Ranked::open(&section, 0).expect("a set");
        assert_eq!(set.len, members.len());
        for number in 0..members.last().map_or(200, |last| last + 200) {
            assert_eq!(set.rank(&section, number).map(|rank| rank as usize), members.binary_search(&number).ok());
        }
    }

    #[test]
    fn members_are_numbered() {
        check(&[]);
        check(&[0]);
        check(&[63, 64, 65]);
        check(&[1, 5, 200, 201, 640, 1000]);
        check(&(0..300).collect::<Vec<_>>());
    }
}
