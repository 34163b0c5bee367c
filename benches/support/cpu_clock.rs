//! Criterion on the thread's CPU clock: what other processes take of the machine does not count.

use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::Criterion;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};

/// CPU time of the thread that runs the benchmark.
pub(crate) struct CpuClock;

impl CpuClock {
    /// Criterion with this clock, and the options of the command line.
    pub(crate) fn criterion() -> Criterion<CpuClock> {
        Criterion::default().with_measurement(CpuClock).configure_from_args()
    }
}

impl Measurement for CpuClock {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, begun: ThreadTime) -> Duration {
        begun.elapsed()
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        // Nanoseconds are nanoseconds.
        WallTime.formatter()
    }
}
