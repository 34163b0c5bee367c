//! The text of `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Error;
use std::sync::atomic::Ordering::Relaxed;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};

use super::histogram::Distribution;
use super::{Coded, Metrics, Readiness, process, route};

/// Everything, as OpenMetrics text with its end mark.
pub(super) fn encode(metrics: &'static Metrics, readiness: Readiness) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Scrape(metrics, readiness)));
    let mut text = String::with_capacity(16 * 1024);
    // Writing to a string fails only if a label refuses to be written, which none of ours does.
    let _ = text::encode(&mut text, &registry);
    text
}

#[derive(Debug)]
struct Scrape(&'static Metrics, Readiness);

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let encoder = &mut encoder;
        self.requests(encoder)?;
        self.checks(encoder)?;
        self.gateway(encoder)?;
        self.process(encoder)
    }
}

impl Scrape {
    fn requests(&self, encoder: &mut DescriptorEncoder) -> Result<(), Error> {
        let routes: Vec<route::Snapshot> =
            self.0.routes.lock().values().map(|route| route.snapshot()).collect();

        let mut family = counter(encoder, "gatecloak_requests", "Requests answered.")?;
        for route in &routes {
            for (status, count) in route.statuses() {
                let labels = [("route", &*route.route), ("code", &status), ("upstream", &*route.upstream)];
                count_of(&mut family, &labels, count)?;
            }
        }

        let mut latencies = BTreeMap::<&str, Distribution>::new();
        for route in &routes {
            latencies.entry(&route.route).or_default().merge(&route.latency);
        }
        let mut family = histogram(encoder, "gatecloak_request_duration", "Until the head of the answer.")?;
        for (route, latency) in latencies {
            distribution_of(&mut family, &[("route", route)], &latency)?;
        }

        let mut decisions = BTreeMap::<(&str, &str, &str), u64>::new();
        for route in &routes {
            for (result, source, count) in &route.decisions {
                *decisions.entry((&route.route, result, source)).or_default() += count;
            }
        }
        let mut family = counter(encoder, "gatecloak_decisions", "Decisions whether a request may pass.")?;
        for ((route, result, source), count) in decisions {
            count_of(&mut family, &[("route", route), ("result", result), ("source", source)], count)?;
        }
        Ok(())
    }

    fn checks(&self, encoder: &mut DescriptorEncoder) -> Result<(), Error> {
        let help = "Tokens verified, by outcome and by where the proof came from.";
        let mut family = counter(encoder, "gatecloak_token_verifications", help)?;
        for (result, source, count) in self.0.verifications.counts() {
            count_of(&mut family, &[("result", result), ("source", source)], count)?;
        }

        let mut family = counter(encoder, "gatecloak_cache_requests", "Look-ups in caches.")?;
        for (cache, result, count) in self.0.caches.counts() {
            count_of(&mut family, &[("cache", cache), ("result", result)], count)?;
        }

        let mut family = histogram(encoder, "gatecloak_idp_request_duration", "Calls to the realms.")?;
        for (operation, result, latency) in self.0.idp_requests() {
            distribution_of(&mut family, &[("operation", operation), ("result", result)], &latency)?;
        }
        Ok(())
    }

    fn gateway(&self, encoder: &mut DescriptorEncoder) -> Result<(), Error> {
        let metrics = self.0;
        let open = metrics.opened.sum().saturating_sub(metrics.closed.sum());
        gauge(encoder, "gatecloak_connections", "Connections of clients.", &open)?;
        single(encoder, "gatecloak_panics", "Requests that ended in a panic.", metrics.panics.sum())?;
        let help = "Lines of the access log that were lost to a full queue or a failed write.";
        single(encoder, "gatecloak_access_log_dropped", help, metrics.access_log_dropped.sum())?;
        let help = "Lines of the process log that were lost to a full queue or a failed write.";
        single(encoder, "gatecloak_log_dropped", help, metrics.log_dropped.sum())?;
        let help = "Whether the last reload of the configuration succeeded.";
        gauge(encoder, "gatecloak_config_last_reload_ok", help, &u64::from(metrics.reload_ok.load(Relaxed)))?;
        let help = "Things in Keycloak that were not as wanted at the last look.";
        gauge(encoder, "gatecloak_bootstrap_drift", help, &metrics.drift.load(Relaxed))?;
        let help = "Looks at Keycloak that failed, so that nobody knows whether it is as wanted.";
        single(encoder, "gatecloak_bootstrap_check_failures", help, metrics.drift_check_failures.sum())?;
        let help = "Whether the gateway can judge requests, as /readyz says.";
        let Readiness { ready, providers } = &self.1;
        gauge(encoder, "gatecloak_ready", help, &u64::from(*ready))?;
        let help = "Whether the provider has keys to verify tokens with.";
        let mut family =
            encoder.encode_descriptor("gatecloak_provider_ready", help, None, MetricType::Gauge)?;
        for (provider, ready) in providers {
            family.encode_family(&[("provider", &**provider)])?.encode_gauge(&u64::from(*ready))?;
        }

        let mut family =
            encoder.encode_descriptor("gatecloak_build", "The program.", None, MetricType::Info)?;
        family.encode_info(&[("version", env!("CARGO_PKG_VERSION"))])
    }

    fn process(&self, encoder: &mut DescriptorEncoder) -> Result<(), Error> {
        let help = "Start of the process, in seconds since 1970.";
        gauge(encoder, "process_start_time_seconds", help, &self.0.started)?;
        if let Some(seconds) = process::cpu_seconds() {
            let help = "CPU time used.";
            let mut family =
                encoder.encode_descriptor("process_cpu", help, Some(&Unit::Seconds), MetricType::Counter)?;
            family.encode_counter::<NoLabelSet, f64, f64>(&seconds, None)?;
        }
        if let Some(bytes) = process::resident_bytes() {
            gauge(encoder, "process_resident_memory_bytes", "Memory in use.", &bytes)?;
        }
        if let Some(files) = process::open_files() {
            gauge(encoder, "process_open_fds", "Open file descriptors.", &files)?;
        }
        Ok(())
    }
}

impl<const N: usize> Coded<N> {
    fn counts(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
        let mut sums = [0; N];
        for part in self.cells.parts() {
            part.add_to(&mut sums);
        }
        self.codes.named(sums).filter(|(_, _, count)| *count > 0)
    }
}

impl Metrics {
    fn idp_requests(&self) -> impl Iterator<Item = (&'static str, &'static str, Distribution)> {
        let mut sums: [Distribution; super::IDP_CODES] = Default::default();
        for part in self.idp_latencies.parts() {
            for (sum, histogram) in sums.iter_mut().zip(part) {
                sum.add(histogram);
            }
        }
        self.idp_codes.named(sums).filter(|(_, _, latency)| latency.count() > 0)
    }
}

fn counter<'a>(
    encoder: &'a mut DescriptorEncoder,
    name: &'a str,
    help: &str,
) -> Result<MetricEncoder<'a>, Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Counter)
}

fn histogram<'a>(
    encoder: &'a mut DescriptorEncoder,
    name: &'a str,
    help: &str,
) -> Result<MetricEncoder<'a>, Error> {
    encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)
}

fn single(encoder: &mut DescriptorEncoder, name: &str, help: &str, count: u64) -> Result<(), Error> {
    counter(encoder, name, help)?.encode_counter::<NoLabelSet, u64, u64>(&count, None)
}

fn gauge(
    encoder: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    value: &impl EncodeGaugeValue,
) -> Result<(), Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(value)
}

type Label<'a> = (&'static str, &'a str);

fn count_of<const N: usize>(
    family: &mut MetricEncoder,
    labels: &[Label; N],
    count: u64,
) -> Result<(), Error> {
    family.encode_family(labels)?.encode_counter::<NoLabelSet, u64, u64>(&count, None)
}

fn distribution_of<const N: usize>(
    family: &mut MetricEncoder,
    labels: &[Label; N],
    distribution: &Distribution,
) -> Result<(), Error> {
    let mut family = family.encode_family(labels)?;
    family.encode_histogram::<NoLabelSet>(
        distribution.sum(),
        distribution.count(),
        &distribution.buckets(),
        None,
    )
}
