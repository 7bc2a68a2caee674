//! A generator for examples: letters that nobody chose, the same on every machine and in every run.

/// Letters that nobody chose.
pub(crate) struct Generator(u64);

impl Generator {
    /// One of its own for each example, so that an example that is added changes no other.
    pub(crate) fn new(seed: &str) -> Self {
        let mixed = seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(mixed)
    }

    pub(crate) fn number(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }

    pub(crate) fn one(&mut self, of: &[u8]) -> char {
        char::from(of[self.number() % of.len()])
    }

    pub(crate) fn letters(&mut self, of: &[u8], length: usize) -> String {
        (0..length).map(|_| self.one(of)).collect()
    }
}
