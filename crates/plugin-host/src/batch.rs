//! Many reports: several at once, told in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

use crate::pipeline::{Lane, Pipeline};

/// How many reports may be done and wait for an earlier one, for each lane: a bound on memory.
const AHEAD: usize = 8;

/// Does `work` for `0..count` in `jobs` lanes and hands the results to `consume` in order, whatever the number of lanes.
/// `formats` are the exporters that each lane will use.
pub fn in_order<T: Send>(
    pipeline: &Pipeline,
    count: usize,
    jobs: usize,
    formats: &[String],
    work: impl Fn(&mut Lane<'_>, usize) -> T + Sync,
    mut consume: impl FnMut(usize, T),
) {
    if jobs <= 1 || count <= 1 {
        let mut lane = pipeline.lane();
        lane.warm_up(formats);
        for i in 0..count {
            let result = work(&mut lane, i);
            consume(i, result);
        }
        return;
    }
    let next = AtomicUsize::new(0);
    let consumed = Mutex::new(0usize);
    let moved = Condvar::new();
    let stopped = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(count) {
            let sender = sender.clone();
            let (next, consumed, moved, work, stopped) = (&next, &consumed, &moved, &work, &stopped);
            scope.spawn(move || {
                let mut lane = pipeline.lane();
                lane.warm_up(formats);
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count || stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let mut done = consumed.lock().unwrap_or_else(PoisonError::into_inner);
                    while i > *done + jobs * AHEAD {
                        done = moved.wait(done).unwrap_or_else(PoisonError::into_inner);
                    }
                    drop(done);
                    if sender.send((i, work(&mut lane, i))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        for (i, result) in receiver {
            waiting.insert(i, result);
            while let Some(result) = waiting.remove(&expected) {
                consume(expected, result);
                expected += 1;
                *consumed.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                moved.notify_all();
            }
        }
        stopped.store(true, Ordering::Relaxed);
    });
}
