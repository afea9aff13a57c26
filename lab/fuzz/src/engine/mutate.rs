//! Random changes of seeds.

use fastrand::Rng;

use super::words::{NUMBERS, TEXTS};

/// Makes inputs from seeds.
#[derive(Debug)]
pub struct Mutator<'a> {
    /// The random numbers.
    pub random: Rng,
    seeds: &'a [Vec<u8>],
    words: &'a [&'a str],
    limit: usize,
}

/// Most changes of one input.
const MOST_CHANGES: usize = 6;

/// Most repetitions of a part.
const MOST_REPEATS: usize = 64;

impl<'a> Mutator<'a> {
    /// Creates a mutator of seeds with the words of their language. Inputs have at most `limit` bytes.
    #[must_use]
    pub fn new(random: Rng, seeds: &'a [Vec<u8>], words: &'a [&'a str], limit: usize) -> Self {
        Self { random, seeds, words, limit }
    }

    /// Returns a seed.
    pub fn seed(&mut self) -> &'a [u8] {
        self.random.choice(self.seeds).map_or(&[], Vec::as_slice)
    }

    /// Returns a seed after a few changes.
    pub fn mutated(&mut self) -> Vec<u8> {
        let seed = self.seed().to_vec();
        self.changed(seed)
    }

    /// Applies a few changes.
    pub fn changed(&mut self, mut input: Vec<u8>) -> Vec<u8> {
        // Few changes keep most of what a parser accepts.
        let most = self.random.usize(..MOST_CHANGES);
        for _ in 0..=self.at_most(most) {
            self.change(&mut input);
        }
        input.truncate(self.limit);
        input
    }

    /// A word: of the language, or one that is odd in any.
    pub fn word(&mut self) -> &'a str {
        let lists = [self.words, NUMBERS, TEXTS];
        let list = lists[self.random.usize(..lists.len())];
        self.random.choice(if list.is_empty() { TEXTS } else { list }).copied().unwrap_or_default()
    }

    /// A number from zero to `most`.
    pub fn at_most(&mut self, most: usize) -> usize {
        self.random.usize(..=most)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        match self.random.usize(..12) {
            0 => self.flip(input),
            1 => self.overwrite(input),
            2 | 3 => self.insert_word(input),
            4 | 5 => self.replace_token(input),
            6 => self.replace_number(input),
            7 => self.remove(input),
            8 => self.repeat(input),
            9 => self.splice(input),
            10 => self.swap(input),
            _ => {
                let end = self.at_most(input.len());
                input.truncate(end);
            }
        }
    }

    fn flip(&mut self, input: &mut [u8]) {
        if let Some(byte) = self.any_byte(input) {
            *byte ^= 1 << self.random.u8(..8);
        }
    }

    fn overwrite(&mut self, input: &mut [u8]) {
        if let Some(byte) = self.any_byte(input) {
            *byte = self.random.u8(..);
        }
    }

    fn any_byte<'i>(&mut self, input: &'i mut [u8]) -> Option<&'i mut u8> {
        let at = self.at_most(input.len());
        input.get_mut(at)
    }

    fn insert_word(&mut self, input: &mut Vec<u8>) {
        let at = self.at_most(input.len());
        let word = self.word();
        input.splice(at..at, word.bytes());
    }

    /// Replaces a word or a sign by a word, or by one of another seed.
    fn replace_token(&mut self, input: &mut Vec<u8>) {
        let at = self.token(input);
        if self.random.bool() {
            let word = self.word();
            input.splice(at, word.bytes());
        } else {
            let other = self.seed();
            let part = self.token(other);
            input.splice(at, other[part].iter().copied());
        }
    }

    fn replace_number(&mut self, input: &mut Vec<u8>) {
        let starts: Vec<usize> = (0..input.len())
            .filter(|&at| {
                input[at].is_ascii_digit() && (at == 0 || !input[at - 1].is_ascii_digit())
            })
            .collect();
        let Some(&start) = self.random.choice(&starts) else { return };
        let length = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = self.random.choice(NUMBERS).copied().unwrap_or_default();
        input.splice(start..start + length, number.bytes());
    }

    fn remove(&mut self, input: &mut Vec<u8>) {
        let part = if self.random.bool() { self.token(input) } else { self.part(input) };
        input.drain(part);
    }

    /// Repeats a part in place, up to the limit.
    fn repeat(&mut self, input: &mut Vec<u8>) {
        let part = if self.random.bool() { self.token(input) } else { self.part(input) };
        if part.is_empty() {
            return;
        }
        let room = self.limit.saturating_sub(input.len()) / part.len();
        let times = self.random.usize(1..=MOST_REPEATS).min(room);
        let more = input[part.clone()].repeat(times);
        input.splice(part.end..part.end, more);
    }

    /// Copies a part of another seed.
    fn splice(&mut self, input: &mut Vec<u8>) {
        let other = self.seed();
        let part = self.part(other);
        let at = if self.random.bool() { self.part(input) } else { input.len()..input.len() };
        input.splice(at, other[part].iter().copied());
    }

    /// Swaps two lines.
    fn swap(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> =
            input.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        if lines.len() > 1 {
            let (a, b) = (self.random.usize(..lines.len()), self.random.usize(..lines.len()));
            lines.swap(a, b);
            *input = lines.concat();
        }
    }

    /// A part of any length.
    fn part(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.at_most(input.len());
        let most = (input.len() - start).min(256);
        start..start + self.at_most(most)
    }

    /// A run of letters and digits, or a single other byte.
    fn token(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        if input.is_empty() {
            return 0..0;
        }
        let at = self.random.usize(..input.len());
        if !input[at].is_ascii_alphanumeric() {
            return at..at + 1;
        }
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
        let before = input[..at].iter().rev().take_while(|byte| is_word(byte)).count();
        let after = input[at..].iter().take_while(|byte| is_word(byte)).count();
        at - before..at + after
    }
}
