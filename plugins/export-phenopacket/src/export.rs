//! A case on its way into a packet.

use casemill_plugin_sdk::model::{AnyFact, Assertion, Case, Coding, Report, Scope, Timing};

use crate::ages::{Ages, Timed};
use crate::codes::{self, terminology};
use crate::losses::{Losses, Lost, ONLY_UNVERIFIED};
use crate::schema::{OntologyClass, Phenopacket, TimeElement};
use crate::trace::Trace;
use crate::{actions, biosamples, diseases, features, interpretations, measurements, metadata, subject};

/// What the user chose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// `metaData.created`.
    pub(crate) created: String,
    /// True if codes are written whose label nobody could check.
    pub(crate) unverified: bool,
}

/// A packet with its evidence and its losses.
#[derive(Debug)]
pub(crate) struct Product {
    /// The packet.
    pub(crate) packet: Phenopacket,
    /// Its evidence file.
    pub(crate) trace: Trace,
    /// Its losses, in the order of the record.
    pub(crate) losses: Vec<Lost>,
}

/// Makes the packet of a case. `name` is the name of its file, without ending, and becomes the id of the packet.
pub(crate) fn export_case(report: &Report, case: &Case, name: &str, settings: &Settings) -> Product {
    let mut export = Export {
        report,
        case,
        settings,
        ages: Ages::new(case),
        trace: Trace::new(report, &case.id, name),
        losses: Losses::default(),
    };
    let subject = subject::subject(&mut export);
    let diseases = diseases::diseases(&mut export);
    let mut samples = biosamples::biosamples(&mut export, &diseases);
    let phenotypic_features = features::features(&mut export, &diseases, &mut samples);
    let measurements = measurements::measurements(&mut export);
    biosamples::markers(&mut export, &mut samples);
    let interpretations = interpretations::interpretations(&mut export, &diseases, &samples, name);
    let medical_actions = actions::actions(&mut export, &diseases);
    let mut packet = Phenopacket {
        id: name.to_owned(),
        subject,
        phenotypic_features,
        measurements,
        biosamples: samples.into_elements(),
        interpretations,
        diseases: diseases.elements,
        medical_actions,
        meta_data: metadata::without_resources(report, settings),
    };
    packet.meta_data.resources = metadata::resources(&packet, report);
    let Export { mut trace, mut losses, .. } = export;
    if packet.meta_data.resources.iter().any(|r| r.namespace_prefix == "LOINC") {
        trace.notices.push(codes::LOINC_NOTICE);
    }
    losses.complete(case, &trace.facts(), settings.unverified);
    Product { packet, trace, losses: losses.into_sorted(case) }
}

/// What every element needs: the record to read, the evidence and the losses to write.
#[derive(Debug)]
pub(crate) struct Export<'a> {
    /// The report.
    pub(crate) report: &'a Report,
    /// The case.
    pub(crate) case: &'a Case,
    /// What the user chose.
    pub(crate) settings: &'a Settings,
    /// Times as ages.
    pub(crate) ages: Ages<'a>,
    /// The evidence.
    pub(crate) trace: Trace,
    /// The losses.
    pub(crate) losses: Losses,
}

impl Export<'_> {
    /// True if a fact is about the patient; else it is lost.
    pub(crate) fn of_patient(&mut self, fact: &dyn AnyFact) -> bool {
        let of_patient = *fact.scope() == Scope::Patient;
        if !of_patient {
            self.losses.whole(fact, format!("it is not said of the patient but of: {}", fact.scope()));
        }
        of_patient
    }

    /// True if a fact is said to be so of the patient; else it is lost.
    pub(crate) fn holds(&mut self, fact: &dyn AnyFact) -> bool {
        let holds = *fact.assertion() == Assertion::Present;
        if !holds {
            self.losses.whole(fact, format!("it is stated as {}, which the element cannot say", fact.assertion()));
        }
        holds && self.of_patient(fact)
    }

    /// The first code that may be written, terminologies in order of preference.
    pub(crate) fn class(&self, codings: &[Coding], prefixes: &[&str]) -> Option<OntologyClass> {
        let of = |prefix: &&str| codings.iter().find(|c| c.prefix() == *prefix && self.writable(c));
        prefixes.iter().find_map(of).map(|c| OntologyClass { id: c.code.clone(), label: c.label.clone() })
    }

    fn writable(&self, coding: &Coding) -> bool {
        (self.settings.unverified || !coding.unverified)
            && !coding.label.is_empty()
            && terminology(coding.prefix()).is_some()
    }

    /// Why none of the codes can be written.
    pub(crate) fn no_class(&self, codings: &[Coding], prefixes: &[&str]) -> String {
        if codings.iter().any(|c| c.unverified && prefixes.contains(&c.prefix())) {
            return format!("{ONLY_UNVERIFIED}, and the element is nothing but a term");
        }
        format!("it has no code of {}, and the element is nothing but a term", prefixes.join(", "))
    }

    /// The beginning or moment of a fact as a time; what cannot be written is lost.
    pub(crate) fn time(
        &mut self,
        pointer: &str,
        fact: &dyn AnyFact,
        what: &str,
        timing: Option<&Timing>,
    ) -> Option<TimeElement> {
        let timing = timing?;
        let timed = self.ages.at(timing);
        self.timed(pointer, fact, what, timing, timed)
    }

    /// The end of a fact as a time; what cannot be written is lost.
    pub(crate) fn end(
        &mut self,
        pointer: &str,
        fact: &dyn AnyFact,
        what: &str,
        timing: Option<&Timing>,
    ) -> Option<TimeElement> {
        let timing = timing?;
        let timed = self.ages.end(timing);
        self.timed(pointer, fact, what, timing, timed)
    }

    fn timed(
        &mut self,
        pointer: &str,
        fact: &dyn AnyFact,
        what: &str,
        timing: &Timing,
        timed: Option<Timed>,
    ) -> Option<TimeElement> {
        let Some(Timed { element, derivation }) = timed else {
            self.losses.part(fact, described(what, timing), self.ages.why_not(timing));
            return None;
        };
        if let Some(date) =
            timing.date.filter(|_| matches!(element, TimeElement::Age(_) | TimeElement::AgeRange { .. }))
        {
            self.losses.part(
                fact,
                format!("{what}: date {date}"),
                "a time is an age or a date, and the age is written",
            );
        }
        self.trace.time(pointer, fact, timing, derivation);
        Some(element)
    }
}

/// A time for the loss report: `onset "after 4 months"`.
pub(crate) fn described(what: &str, timing: &Timing) -> String {
    match (timing.quote.is_empty(), timing.date) {
        (false, _) => format!("{what} `{}`", timing.quote),
        (true, Some(date)) => format!("{what} {date}"),
        (true, None) => what.to_owned(),
    }
}
