//! A queue before standard error. A pipe that nobody reads blocks whoever writes into it, which would be every call: so a thread of
//! its own writes, calls never wait, and what does not fit into the queue is dropped and counted. Knows no format and no line.
//!
//! Of its own, because tracing-appender bounds lines and not bytes, does not say in the log how many it has dropped, and prints to
//! standard output when it ends behind a writer that is stuck.

use std::{
    cell::Cell,
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

/// What may wait, in bytes: some ten thousand lines.
const MAX_BYTES: usize = 4 << 20;

/// How long the end of the process waits for a reader.
const FLUSH_WAIT: Duration = Duration::from_secs(1);

thread_local! {
    /// Whether this is the thread that writes: what it has to say about dropped lines is not dropped.
    static WRITES: Cell<bool> = const { Cell::new(false) };
}

/// Takes whole lines; never waits, never fails.
#[derive(Debug)]
pub(super) struct LogQueue {
    items: Sender<Item>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    waiting_bytes: AtomicUsize,
    dropped_lines: AtomicU64,
}

#[derive(Debug)]
enum Item {
    Line(Vec<u8>),
    /// To be answered when all before it is written.
    Flush(SyncSender<()>),
}

/// Writes what is waiting when it is dropped, if someone reads.
#[must_use = "what is in the queue when the process ends is lost without it"]
#[derive(Debug)]
pub struct LogGuard(Sender<Item>);

/// A queue before `output`, with its thread, which calls `report` with a number of dropped lines when there is someone to read it.
///
/// # Errors
/// If there can be no thread.
pub(super) fn start(
    output: impl Write + Send + 'static,
    report: impl Fn(u64) + Send + 'static,
) -> io::Result<(LogQueue, LogGuard)> {
    let (items, received) = channel();
    let counts = Arc::new(Counts::default());
    let queue = LogQueue { items: items.clone(), counts: Arc::clone(&counts) };
    thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&received, &counts, output, report))?;
    Ok((queue, LogGuard(items)))
}

/// Until nobody can send any more.
fn write_all(items: &Receiver<Item>, counts: &Counts, mut output: impl Write, report: impl Fn(u64)) {
    WRITES.set(true);
    for item in items {
        match item {
            Item::Line(line) => {
                // A closed one is nobody's to hear of.
                let _ = output.write_all(&line).and_then(|()| output.flush());
                let waiting = counts.waiting_bytes.fetch_sub(line.len(), Ordering::Relaxed) - line.len();
                // Not while it is nearly full, or this would be said of every other line.
                if waiting < MAX_BYTES / 2 {
                    match counts.dropped_lines.swap(0, Ordering::Relaxed) {
                        0 => {}
                        lines => report(lines),
                    }
                }
            }
            Item::Flush(done) => {
                let _ = done.send(());
            }
        }
    }
}

impl Write for &LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let waiting = self.counts.waiting_bytes.fetch_add(line.len(), Ordering::Relaxed);
        if waiting + line.len() > MAX_BYTES && !WRITES.get() {
            self.counts.waiting_bytes.fetch_sub(line.len(), Ordering::Relaxed);
            self.counts.dropped_lines.fetch_add(1, Ordering::Relaxed);
        } else {
            // The thread outlives every sender.
            let _ = self.items.send(Item::Line(line.to_vec()));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let (done, written) = sync_channel(1);
        if self.0.send(Item::Flush(done)).is_ok() {
            let _ = written.recv_timeout(FLUSH_WAIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A pipe whose reader does nothing while the test holds the lock.
    #[derive(Clone, Default)]
    struct Pipe(Arc<Mutex<Vec<u8>>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted_and_the_count_is_told() {
        const LINE: usize = 1024;
        let (pipe, told) = (Pipe::default(), Arc::new(AtomicU64::new(0)));
        let tell = Arc::clone(&told);
        let (queue, guard) = start(pipe.clone(), move |lines| {
            tell.fetch_add(lines, Ordering::Relaxed);
        })
        .unwrap();
        let count = 2 * MAX_BYTES / LINE;
        let stuck = pipe.0.lock().unwrap();
        for number in 0..count {
            (&queue).write_all(format!("{number:>width$}\n", width = LINE - 1).as_bytes()).unwrap();
        }
        drop(stuck);
        drop(guard);
        let written = String::from_utf8(pipe.0.lock().unwrap().clone()).unwrap();
        let numbers: Vec<usize> = written.lines().map(|line| line.trim().parse().unwrap()).collect();
        // Whole, in their order, from the first.
        assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>());
        assert!(numbers.len() * LINE >= MAX_BYTES, "{}", numbers.len());
        assert_eq!(numbers.len() + told.load(Ordering::Relaxed) as usize, count);
    }
}
