//! Letters and groups of letters that sound alike in English or in Portuguese, and so are written for each other. One table
//! for both: what never sounds alike in a language hardly ever leads to a word of it.

/// Letters that sound alike, each group closed.
pub(super) const SIMILAR_SOUNDS: &str = "sz sc sç zc zç ck kq cq gj xs xz xc xç vw fv bv mn ul iy uw dt pb";

/// Groups of letters, each pair both ways, but `typed>meant` only so; the likeliest confusions first, costs in [`super::weights::RankingWeights::sounds`].
/// Bare letters of a group stand for accented ones too.
pub(super) const RESPELLING_GROUPS: [&str; 5] = [
    "ss/ç am/ão",
    "f/ph k/ck c/ck ie/ei able/ible ent/ant ence/ance tion/sion tion/ssion cion/tion ly/ally cly/cally \
     ch/x ss/c sc/c sc/ss qu/k c/qu lh/li ou/o ei/e",
    "c/ch k/ch s/sc er/or er/ar w/wh r/wr n/kn n/gn m/mb q/qu kw/qu x/cs x/ks x/cc x/ct j/dg g/dg u/oo ou/oo ee/ea ea/e \
     ee/ie ee/i ee/e y/ey y/ie ys/ies eau/eu eau/o eau/u au/o au/aw our/or le/el le/al el/al us/ous ous/ious ous/eous \
     ious/eous ceed/cede t/ght f/gh ff/gh uff/ough th/t sh/ti sh/ci shun/tion mn/m pt/t ps/s rh/r ai/ei ai/ay ai/a ay/ey \
     gu/g xc/c xc/s xc/ss x/ss l/lh n/nh nh/ni ol/ou al/au el/eu il/iu ãe/ãi ct/t cç/ç pç/ç cc/c sç/ç sç/ss cu/qu",
    "th/d th/f ue/ew ew/oo oo/ough o/ough ite/ight er/re ure/er ture/cher o/oa oa/ow o/ow i/ie i/ei ia/ea io/eo ão/om ão/an \
     em/en",
    // The r of an infinitive that is not heard: `ligá`, `fazê`.
    "á>ar ê>er ô>or",
];
