//! What a function prints.

use crate::readiness;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};
use tokio::io::unix::AsyncFd;

/// How much of one invocation's log is kept, in bytes.
const MOST_KEPT: usize = 1 << 20;
/// The largest single entry, as in CloudWatch Logs.
const LONGEST_ENTRY: usize = 256 * 1024;
/// The largest framed entry that is waited for.
const LONGEST_FRAME: usize = 1 << 20;
/// What `LogType: Tail` shows.
const TAIL: usize = 4096;
/// Starts an entry that may span lines; its length (four bytes, big-endian) and text follow.
const FRAME: &[u8] = b"\xa5\x5a\x00\x01";

/// One entry of a log: a printed line, or a record of the runtime's, which may span lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Time since the invocation began; zero for what was printed while the function was initialized.
    pub offset: Duration,
    /// The text without the newline at its end.
    pub text: String,
}

/// The log of one invocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs {
    /// The entries in order, up to 1 MiB.
    pub lines: Vec<LogLine>,
    /// Bytes that were printed beyond that and are lost, save the tail.
    pub dropped: u64,
    /// The last 4 KiB, for `LogType: Tail`, whole characters only.
    pub tail: String,
}

/// Reads the pipe that a sandbox's output and errors go to.
pub(crate) struct Output {
    pipe: AsyncFd<OwnedFd>,
    collected: Mutex<Collected>,
}

/// How much is read at once: what a pipe holds.
const PIPE: usize = 64 * 1024;

#[derive(Default)]
struct Collected {
    began: Option<Instant>,
    /// What has come since the last entry, and how much of it has been looked through.
    partial: Vec<u8>,
    seen: usize,
    logs: Logs,
    kept: usize,
    tail: VecDeque<u8>,
}

impl Output {
    /// The pipe must not block.
    pub(crate) fn new(pipe: OwnedFd) -> std::io::Result<Output> {
        Ok(Output { pipe: readiness::watch(pipe)?, collected: Mutex::default() })
    }

    /// Collects until the pipe is closed.
    pub(crate) async fn follow(&self) {
        while let Ok(mut ready) = self.pipe.readable().await {
            if !self.drain() {
                return;
            }
            ready.clear_ready();
        }
    }

    /// Collects what is in the pipe now; false at its end. What a process wrote before it said something elsewhere is there.
    fn drain(&self) -> bool {
        let mut collected = self.collected.lock();
        let mut buffer = [0; PIPE];
        // A process that prints without end must not hold this up without end.
        for _ in 0..64 {
            match rustix::io::read(&self.pipe, &mut buffer) {
                Ok(0) => return false,
                Ok(count) => collected.take(buffer.get(..count).unwrap_or_default()),
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return true,
            }
        }
        true
    }

    /// What comes from now on belongs to a new invocation; what came before it, too.
    pub(crate) fn begin(&self, now: Instant) {
        self.drain();
        self.collected.lock().began = Some(now);
    }

    /// The log of the invocation that ends here.
    pub(crate) fn finish(&self) -> Logs {
        self.drain();
        let mut collected = self.collected.lock();
        collected.entries(true);
        collected.began = None;
        collected.kept = 0;
        let mut logs = std::mem::take(&mut collected.logs);
        let tail: Vec<u8> = std::mem::take(&mut collected.tail).into();
        // Do not begin in the middle of a character.
        let start = tail.iter().position(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        logs.tail = String::from_utf8_lossy(tail.get(start..).unwrap_or_default()).into_owned();
        logs
    }
}

impl Collected {
    fn take(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        self.entries(false);
    }

    /// Cuts what has come into entries. `all`: also what no newline ends yet.
    fn entries(&mut self, all: bool) {
        let mut bytes = std::mem::take(&mut self.partial);
        let mut rest = bytes.as_slice();
        // Each byte is looked at once, however small the pieces in which it comes; a frame's mark may have come in two.
        let mut seen = std::mem::take(&mut self.seen).saturating_sub(FRAME.len());
        loop {
            if let Some(framed) = rest.strip_prefix(FRAME) {
                let Some((length, text)) = framed.split_first_chunk() else { break };
                // Whoever prints a frame by hand gets what the header says, up to the limit.
                let length =
                    usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).min(LONGEST_FRAME);
                let Some((entry, after)) = text.split_at_checked(length) else { break };
                self.add(entry.strip_suffix(b"\n").unwrap_or(entry));
                (rest, seen) = (after, 0);
                continue;
            }
            let unseen = rest.get(seen..).unwrap_or_default();
            let newline = unseen.iter().position(|byte| *byte == b'\n');
            let line = newline.map_or(unseen, |newline| unseen.get(..newline).unwrap_or_default());
            let frame = line.windows(FRAME.len()).position(|window| window == FRAME);
            let (end, skip) = match (frame, newline) {
                (Some(frame), _) => (seen + frame, 0),
                (None, Some(newline)) => (seen + newline, 1),
                (None, None) if rest.len() > LONGEST_ENTRY => (LONGEST_ENTRY, 0),
                (None, None) => {
                    self.seen = rest.len();
                    break;
                }
            };
            self.add(rest.get(..end).unwrap_or_default());
            (rest, seen) = (rest.get(end + skip..).unwrap_or_default(), 0);
        }
        if all && !rest.is_empty() {
            let text = rest.strip_prefix(FRAME).map_or(rest, |framed| framed.get(4..).unwrap_or_default());
            self.add(text);
            (rest, self.seen) = (&[], 0);
        }
        let used = bytes.len() - rest.len();
        bytes.drain(..used);
        self.partial = bytes;
    }

    fn add(&mut self, text: &[u8]) {
        self.tail.extend(text);
        self.tail.push_back(b'\n');
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
        if self.kept + text.len() > MOST_KEPT {
            self.logs.dropped += u64::try_from(text.len()).unwrap_or(u64::MAX);
            return;
        }
        // An empty line costs memory as well.
        self.kept += text.len().max(32);
        let offset = self.began.map_or(Duration::ZERO, |began| began.elapsed());
        for chunk in text.chunks(LONGEST_ENTRY) {
            self.logs.lines.push(LogLine { offset, text: String::from_utf8_lossy(chunk).into_owned() });
        }
        if text.is_empty() {
            self.logs.lines.push(LogLine { offset, text: String::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(parts: &[&[u8]]) -> (Vec<String>, Collected) {
        let mut collected = Collected::default();
        for part in parts {
            collected.take(part);
        }
        collected.entries(true);
        (collected.logs.lines.iter().map(|line| line.text.clone()).collect(), collected)
    }

    #[test]
    fn lines_and_frames_keep_their_order() {
        let (lines, _) = collect(&[b"one\ntw", b"o", FRAME, b"\0\0\0\x04a\nb\n", b"three\n\nfour"]);
        assert_eq!(lines, ["one", "two", "a\nb", "three", "", "four"]);
    }

    #[test]
    fn a_frame_that_is_cut_short_is_shown_as_far_as_it_came() {
        let (lines, _) = collect(&[&FRAME[..2], &FRAME[2..], b"\0\0\x10\0only", b" this"]);
        assert_eq!(lines, ["only this"]);
    }

    #[test]
    fn what_is_too_much_is_counted_and_the_tail_stays() {
        let line = [b"x".repeat(99_999), b"\n".to_vec()].concat();
        let mut parts = vec![line.as_slice(); 12];
        parts.push(b"the end\n");
        let (lines, collected) = collect(&parts);
        assert!(lines.len() <= 11 && collected.logs.dropped >= 100_000, "{}", lines.len());
        assert_eq!(collected.tail.len(), TAIL);
        assert!(Vec::from(collected.tail).ends_with(b"\nthe end\n"));
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let long = b"y".repeat(LONGEST_ENTRY + 10);
        let (lines, _) = collect(&[&long]);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LONGEST_ENTRY, 10]);
    }
}
