//! A queue before standard error. A pipe that nobody reads blocks whoever writes into it, which would be every call: so a thread of
//! its own writes, calls never wait, and what does not fit into the queue is dropped and counted. Knows no format and no line.
//!
//! Of its own, because tracing-appender bounds lines and not bytes, does not say in the log how many it has dropped, and prints to
//! standard output when it ends behind a writer that is stuck.

use std::{
    cell::Cell,
    io::{self, Write},
    mem,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// What may wait, in bytes: some ten thousand lines.
const MAX_BYTES: usize = 4 << 20;

/// How long the thread waits for more lines when one has come: a busy service then wakes it two hundred times a second, and not
/// once for every call, which took as long as a third of a check.
const LINGER: Duration = Duration::from_millis(5);

/// What a buffer keeps of its memory for the next lines, in bytes.
const KEPT_BYTES: usize = 64 << 10;

/// How long the end of the process waits for a reader.
const FLUSH_WAIT: Duration = Duration::from_secs(1);

thread_local! {
    /// Whether this is the thread that writes: what it has to say about dropped lines is not dropped.
    static WRITES: Cell<bool> = const { Cell::new(false) };
}

/// Takes whole lines; never waits, never fails.
#[derive(Debug)]
pub(super) struct LogQueue(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    pending: Mutex<Pending>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Pending {
    lines: Vec<u8>,
    /// Bytes that the thread has taken and not yet written.
    writing: usize,
    dropped: u64,
    /// To be answered when all before is written.
    flushes: Vec<SyncSender<()>>,
    /// Whether the thread has nothing to do and must be woken.
    idle: bool,
    /// Nobody can send any more.
    closed: bool,
}

/// Writes what is waiting when it is dropped, if someone reads.
#[must_use = "what is in the queue when the process ends is lost without it"]
#[derive(Debug)]
pub struct LogGuard(Arc<Shared>);

/// A queue before `output`, with its thread, which calls `report` with a number of dropped lines when there is someone to read it.
///
/// # Errors
/// If there can be no thread.
pub(super) fn start(
    output: impl Write + Send + 'static,
    report: impl Fn(u64) + Send + 'static,
) -> io::Result<(LogQueue, LogGuard)> {
    let shared = Arc::new(Shared::default());
    let queue = (LogQueue(Arc::clone(&shared)), LogGuard(Arc::clone(&shared)));
    thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&shared, output, report))?;
    Ok(queue)
}

/// Until nobody can send any more.
fn write_all(shared: &Shared, mut output: impl Write, report: impl Fn(u64)) {
    WRITES.set(true);
    let mut lines = Vec::new();
    while let Some(flushes) = shared.take(&mut lines) {
        // A closed output is nobody's to hear of.
        let _ = output.write_all(&lines).and_then(|()| output.flush());
        lines.clear();
        lines.shrink_to(KEPT_BYTES);
        match shared.written() {
            0 => {}
            dropped => report(dropped),
        }
        for flush in flushes {
            let _ = flush.send(());
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts what waits into `lines`, which is empty, and waits for something if nothing does. `None`: there is no more to come.
    fn take(&self, lines: &mut Vec<u8>) -> Option<Vec<SyncSender<()>>> {
        let mut pending = self.lock();
        pending.idle = true;
        pending = self
            .arrived
            .wait_while(pending, |pending| pending.lines.is_empty() && pending.flushes.is_empty() && !pending.closed)
            .unwrap_or_else(PoisonError::into_inner);
        pending.idle = false;
        let more = |pending: &mut Pending| pending.flushes.is_empty() && !pending.closed;
        let lingered = self.arrived.wait_timeout_while(pending, LINGER, more);
        (pending, _) = lingered.unwrap_or_else(PoisonError::into_inner);
        mem::swap(lines, &mut pending.lines);
        pending.writing = lines.len();
        let flushes = mem::take(&mut pending.flushes);
        (!lines.is_empty() || !flushes.is_empty() || !pending.closed).then_some(flushes)
    }

    /// What was taken is written; how many dropped lines are to be told of.
    fn written(&self) -> u64 {
        let mut pending = self.lock();
        pending.writing = 0;
        // Not while it is nearly full, or this would be said again and again.
        if pending.lines.len() < MAX_BYTES / 2 { mem::take(&mut pending.dropped) } else { 0 }
    }
}

impl Write for &LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut pending = self.0.lock();
        if pending.lines.len() + pending.writing + line.len() > MAX_BYTES && !WRITES.get() {
            pending.dropped += 1;
            return Ok(line.len());
        }
        pending.lines.extend_from_slice(line);
        let idle = mem::take(&mut pending.idle);
        drop(pending);
        if idle {
            self.0.arrived.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LogQueue {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.arrived.notify_one();
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let (done, written) = sync_channel(1);
        self.0.lock().flushes.push(done);
        self.0.arrived.notify_one();
        let _ = written.recv_timeout(FLUSH_WAIT);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

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
