//! The targets of `fuzz/`, bounded: a small corpus, and some thousand mutations of it that are the same in every run.

#![cfg(feature = "testing")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use fastrand::Rng;
use gatecloak::fuzzing;

/// Mutations of each target's corpus.
const INPUTS: usize = 3000;

/// What is put into inputs: what readers of these formats stumble over.
const BITS: [&[u8]; 16] = [
    b"..",
    b"//",
    b"%2F",
    b"%2e",
    b"%",
    b";",
    b"\0",
    b"\xff",
    b"\xc3\xa9",
    b"{",
    b"}",
    b"\"",
    b"#",
    b"\n",
    b"[",
    b"\\",
];

#[test]
fn config() {
    run("config", fuzzing::config);
}

#[test]
fn form() {
    run("form", fuzzing::form);
}

#[test]
fn headers() {
    run("headers", fuzzing::headers);
}

#[test]
fn java_regex() {
    run("java_regex", fuzzing::java_regex);
}

#[test]
fn jws() {
    run("jws", fuzzing::jws);
}

#[test]
fn matcher() {
    run("matcher", fuzzing::matcher);
}

#[test]
fn path() {
    run("path", fuzzing::path);
}

#[test]
fn pattern() {
    run("pattern", fuzzing::pattern);
}

#[test]
fn settings() {
    run("settings", fuzzing::settings);
}

fn run(name: &str, target: fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz").join(name);
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let corpus: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).expect("an input")).collect();
    assert!(corpus.iter().any(|input| hold(name, target, input)), "{name}: no input of the corpus is taken");
    let mut rng = Rng::with_seed(7);
    for _ in 0..INPUTS {
        let input = mutated(&corpus, &mut rng);
        hold(name, target, &input);
    }
}

/// A failure shows the input, to be kept in the corpus.
fn hold(name: &str, target: fn(&[u8]) -> bool, input: &[u8]) -> bool {
    catch_unwind(|| target(input)).unwrap_or_else(|_| panic!("{name}: b\"{}\"", input.escape_ascii()))
}

fn mutated(corpus: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut input = rng.choice(corpus).expect("a corpus").clone();
    for _ in 0..rng.usize(1..6) {
        let at = rng.usize(0..=input.len());
        let end = (at + rng.usize(0..8)).min(input.len());
        let piece: Vec<u8> = match rng.u8(0..6) {
            0 => Vec::new(),
            1 => vec![rng.u8(..)],
            2 => rng.choice(BITS).expect("a bit").to_vec(),
            3 => {
                let other = rng.choice(corpus).expect("a corpus");
                let from = rng.usize(0..=other.len());
                let to = (from + rng.usize(0..40)).min(other.len());
                other.get(from..to).expect("a piece").to_vec()
            }
            4 => input.get(at..end).expect("a piece").repeat(2),
            _ => {
                // One bit, as transmission would flip it.
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << rng.u8(0..8);
                }
                continue;
            }
        };
        input.splice(at..end, piece);
    }
    input
}
