//! `medicalActions`: what was done, with its response, its adverse events and why it ended.

use std::collections::HashMap;

use casemill_plugin_sdk::model::{
    ActionStatus, AdverseEvent, AnyFact, Dose, Fact, FactId, Procedure as Done, Response, Site, Statement, Timing,
    Treatment as Given, TreatmentKind, TreatmentRole,
};

use crate::ages::dated;
use crate::codes::{self, Code};
use crate::diseases::{Diseases, MainDisease};
use crate::export::{Export, described};
use crate::measurements;
use crate::metadata;
use crate::schema::{
    Action, DoseInterval, DrugType, ExternalReference, MedicalAction, OntologyClass, Procedure, RegimenIdentifier,
    RegimenStatus, TherapeuticRegimen, TimeElement, TimeInterval, Treatment,
};
use crate::words;

/// The actions, and which treatment each stands for.
#[derive(Debug, Default)]
struct Actions {
    elements: Vec<MedicalAction>,
    of: HashMap<FactId, usize>,
}

/// All actions.
pub(crate) fn actions(export: &mut Export<'_>, diseases: &Diseases) -> Vec<MedicalAction> {
    let mut actions = Actions::default();
    for fact in &export.case.treatments {
        treatment(export, &mut actions, diseases, fact);
    }
    for fact in &export.case.procedures {
        procedure(export, &mut actions, fact);
    }
    responses(export, &mut actions);
    adverse_events(export, &mut actions);
    actions.elements
}

/// True if something took place; else it is lost.
fn took_place(export: &mut Export<'_>, fact: &dyn AnyFact, status: &ActionStatus) -> bool {
    if !export.holds(fact) {
        return false;
    }
    let given = *status == ActionStatus::Given;
    if !given {
        export.losses.whole(fact, format!("its status is `{status}`, and medical actions are what took place"));
    }
    given
}

fn treatment(export: &mut Export<'_>, actions: &mut Actions, diseases: &Diseases, fact: &Fact<Given>) {
    if !took_place(export, fact, &fact.value.status) {
        return;
    }
    let index = actions.elements.len();
    let pointer = format!("/medicalActions/{index}");
    let Some(action) = action(export, &pointer, fact) else { return };
    export.trace.fact(&pointer, fact);
    let anticancer = fact.value.role == TreatmentRole::Anticancer;
    let target = target(export, &pointer, diseases.main.as_ref().filter(|_| anticancer));
    let intent = fact.value.intent.as_deref().and_then(words::intent);
    if intent.is_none() {
        export.losses.words(fact, "intent", fact.value.intent.as_deref(), "no verified code; it is nothing but a term");
    }
    let reason = termination(export, &pointer, fact);
    lost_parts(export, fact, &action, reason.is_some());
    actions.elements.push(MedicalAction {
        treatment_target: target,
        treatment_intent: intent.map(Into::into),
        treatment_termination_reason: reason,
        ..MedicalAction::new(action)
    });
    actions.of.insert(fact.id.clone(), index);
}

/// What a treatment against the tumour is directed at: the disease that the report is about.
fn target(export: &mut Export<'_>, pointer: &str, main: Option<&MainDisease>) -> Option<OntologyClass> {
    let main = main?;
    let fact = export.case.diagnoses.iter().find(|d| d.id == main.fact)?;
    export.trace.derived(format!("{pointer}/treatmentTarget"), fact, "the disease that the report is about");
    Some(main.term.clone())
}

/// The action of a treatment; `None` if it has none without a code, which is lost.
fn action(export: &mut Export<'_>, pointer: &str, fact: &Fact<Given>) -> Option<Action> {
    match &fact.value.kind {
        TreatmentKind::Drug => {
            let Some(agent) = export.class(&fact.codings, codes::DRUG) else {
                let reason = export.no_class(&fact.codings, codes::DRUG).replace("the element", "an agent");
                export.losses.whole(fact, reason);
                return None;
            };
            Some(Action::Treatment(drug(export, fact, agent)))
        }
        TreatmentKind::Regimen => Some(Action::TherapeuticRegimen(regimen(export, pointer, fact))),
        TreatmentKind::Surgery => Some(intervention(export, pointer, fact, codes::SURGERY)),
        TreatmentKind::Radiation => Some(intervention(export, pointer, fact, codes::RADIOTHERAPY)),
        TreatmentKind::Other(kind) => {
            export.losses.whole(fact, format!("no action is a `{kind}`"));
            None
        }
    }
}

fn drug(export: &mut Export<'_>, fact: &Fact<Given>, agent: OntologyClass) -> Treatment {
    let mut routes: Vec<&str> = fact.value.doses.iter().filter_map(|d| d.route.as_deref()).collect();
    routes.dedup();
    let route = if let [one] = routes[..] { words::route(one) } else { None };
    if route.is_none() {
        routes.iter().for_each(|route| {
            export.losses.words(fact, "route", Some(route), "one route with a verified code can be written");
        });
    }
    let anticancer = fact.value.role == TreatmentRole::Anticancer;
    // Anticancer drugs are prescribed; one that is infused is given in hospital, of which the enumeration says nothing.
    let outpatient = route.is_none_or(|r| [codes::ORAL.id, codes::TOPICAL.id].contains(&r.id)) && routes.len() < 2;
    Treatment {
        agent,
        route_of_administration: route.map(Into::into),
        dose_intervals: dose_intervals(export, fact),
        drug_type: if anticancer && outpatient { DrugType::Prescription } else { DrugType::UnknownDrugType },
    }
}

/// Doses, where the report dates beginning and end to the day: a dose interval requires both.
fn dose_intervals(export: &mut Export<'_>, fact: &Fact<Given>) -> Vec<DoseInterval> {
    let day = |t: Option<&Timing>| match dated(t?.date?)?.element {
        TimeElement::Timestamp(day) => Some(day),
        _ => None,
    };
    let interval = day(fact.timing.as_ref()).zip(day(fact.value.stop.as_ref()));
    let mut out = Vec::new();
    for dose in &fact.value.doses {
        let made = match &interval {
            Some((start, end)) => dose_interval(dose, start, end),
            None => Err("a dose interval requires the dates of its beginning and end, and the report gives none"),
        };
        match made {
            Ok(made) => out.push(made),
            Err(reason) => export.losses.part(fact, dose_in_words(dose), reason),
        }
    }
    out
}

fn dose_interval(dose: &Dose, start: &str, end: &str) -> Result<DoseInterval, &'static str> {
    let quantity = measurements::quantity(&dose.amount).map_err(|_| "a dose is one number with a UCUM unit")?;
    let frequency = dose.frequency.as_ref().and_then(|f| words::frequency(&f.quote));
    let frequency = frequency.ok_or("a dose interval requires a frequency with a verified code")?;
    let interval = TimeInterval { start: start.to_owned(), end: end.to_owned() };
    Ok(DoseInterval { quantity, schedule_frequency: frequency.into(), interval })
}

fn dose_in_words(dose: &Dose) -> String {
    let frequency = dose.frequency.as_ref().map(|f| format!(" {}", f.quote)).unwrap_or_default();
    format!("dose `{}{frequency}`", dose.printed.quote)
}

/// A regimen: by its code, else by its name in the report.
fn regimen(export: &mut Export<'_>, pointer: &str, fact: &Fact<Given>) -> TherapeuticRegimen {
    let value = &fact.value;
    let identifier = match export.class(&fact.codings, codes::PROCEDURE) {
        Some(class) => RegimenIdentifier::OntologyClass(class),
        None => {
            let report = metadata::references(export.report).into_iter().next().unwrap_or_default();
            RegimenIdentifier::ExternalReference(ExternalReference { description: value.agent.clone(), ..report })
        }
    };
    value.doses.iter().for_each(|dose| {
        export.losses.part(fact, dose_in_words(dose), "a regimen has no doses");
    });
    let regimen_status = match (value.ongoing, &value.stop_reason) {
        (true, _) => RegimenStatus::Started,
        (false, Some(_)) => RegimenStatus::Discontinued,
        (false, None) => RegimenStatus::UnknownStatus,
    };
    TherapeuticRegimen {
        identifier,
        start_time: export.time(
            &format!("{pointer}/therapeuticRegimen/startTime"),
            fact,
            "start",
            fact.timing.as_ref(),
        ),
        end_time: export.end(&format!("{pointer}/therapeuticRegimen/endTime"), fact, "stop", value.stop.as_ref()),
        regimen_status,
    }
}

/// Names that say no more than the code of the kind.
const KINDS: [&str; 7] =
    ["surgery", "operation", "surgical procedure", "radiotherapy", "radiation", "radiation therapy", "irradiation"];

/// An operation or radiotherapy: by its code, else by the code of its kind.
fn intervention(export: &mut Export<'_>, pointer: &str, fact: &Fact<Given>, kind: Code) -> Action {
    let code = export.class(&fact.codings, codes::PROCEDURE).unwrap_or_else(|| {
        if !KINDS.contains(&fact.value.agent.to_lowercase().as_str()) {
            let reason = format!("it has no verified code; {} is written", kind.label);
            export.losses.part(fact, format!("kind of treatment `{}`", fact.value.agent), reason);
        }
        kind.into()
    });
    for dose in &fact.value.doses {
        let reason = "RadiationTherapy requires body site, dose in gray and number of fractions";
        export.losses.part(fact, dose_in_words(dose), reason);
    }
    let performed = export.time(&format!("{pointer}/procedure/performed"), fact, "time", fact.timing.as_ref());
    Action::Procedure(Procedure { code, body_site: None, performed })
}

/// Why the treatment was stopped, where it was an adverse event: the words of the reason are those of an adverse event
/// of which this treatment is suspected.
fn termination(export: &mut Export<'_>, pointer: &str, fact: &Fact<Given>) -> Option<OntologyClass> {
    let reason = fact.value.stop_reason.as_ref()?;
    let event = export.case.adverse_events.iter().find(|e| {
        let suspected = e.value.suspects.iter().any(|s| s.treatment.as_ref() == Some(&fact.id));
        suspected && e.is_present() && is_told_of(e, reason)
    })?;
    let pointer = format!("{pointer}/treatmentTerminationReason");
    export.trace.statement(&pointer, fact, reason, "the reason is an adverse event of this treatment");
    export.trace.fact(&pointer, event);
    Some(codes::ADVERSE_EVENT.into())
}

/// True if words are part of what is told of an event.
fn is_told_of(event: &Fact<AdverseEvent>, words: &Statement) -> bool {
    let mut overlaps = event.evidence.iter().any(|e| e.span.overlaps(words.span));
    event.statements(&mut |statement| overlaps |= statement.span.overlaps(words.span));
    let text = words.quote.to_lowercase();
    let names = [event.value.label.to_lowercase(), event.quote().to_lowercase()];
    overlaps || names.iter().any(|name| !name.is_empty() && text.contains(name.as_str()))
}

/// What no kind of action holds.
fn lost_parts(export: &mut Export<'_>, fact: &Fact<Given>, action: &Action, reason_written: bool) {
    let value = &fact.value;
    let losses = &mut export.losses;
    if !matches!(action, Action::TherapeuticRegimen(_)) {
        if let Some(start) = fact.timing.as_ref().filter(|_| matches!(action, Action::Treatment(_))) {
            losses.part(fact, described("start", start), "a treatment has times only within dose intervals");
        }
        if let Some(stop) = &value.stop {
            losses.part(fact, described("stop", stop), "an action has no end but that of its dose intervals");
        }
        if value.ongoing {
            losses.part(fact, "that it goes on", "an action does not say so");
        }
    }
    for duration in &value.durations {
        losses.part(fact, described("length", duration), "an action has no length");
    }
    for (what, number) in [("line", value.line.map(u32::from)), ("cycles", value.cycles)] {
        if let Some(number) = number {
            losses.part(fact, format!("{what} {number}"), "an action has no place for it");
        }
    }
    let no_place = "an action has no place for it";
    losses.words(fact, "reason", value.reason.as_ref().map(|r| r.quote.as_str()), no_place);
    losses.words(fact, "regimen", value.regimen.as_deref(), no_place);
    losses.words(fact, "name as written", value.written.as_deref(), "an agent has the label of its code");
    value.combined_with.iter().for_each(|other| losses.words(fact, "combined with", Some(other), no_place));
    let stop_reason = value.stop_reason.as_ref().map(|r| r.quote.as_str()).filter(|_| !reason_written);
    losses.words(fact, "stop reason", stop_reason, "it is words, and the element is nothing but a term");
}

fn procedure(export: &mut Export<'_>, actions: &mut Actions, fact: &Fact<Done>) {
    if !took_place(export, fact, &fact.value.status) {
        return;
    }
    let coded = export.class(&fact.codings, codes::PROCEDURE);
    let Some(code) = coded.or_else(|| words::procedure(&fact.value.label).map(Into::into)) else {
        let reason = export.no_class(&fact.codings, codes::PROCEDURE);
        export.losses.whole(fact, reason);
        return;
    };
    let pointer = format!("/medicalActions/{}", actions.elements.len());
    export.trace.fact(&pointer, fact);
    let body_site = body_site(export, &pointer, fact);
    if body_site.is_none() {
        let reason = "no coded site is called so, and a body site is nothing but a term";
        export.losses.words(fact, "site", fact.value.site.as_deref(), reason);
    }
    let reason = fact.value.reason.as_ref().map(|r| r.quote.as_str());
    export.losses.words(fact, "reason", reason, "an action has no place for it");
    let performed = export.time(&format!("{pointer}/procedure/performed"), fact, "time", fact.timing.as_ref());
    let action = Action::Procedure(Procedure { code, body_site, performed });
    actions.elements.push(MedicalAction::new(action));
}

fn body_site(export: &mut Export<'_>, pointer: &str, fact: &Fact<Done>) -> Option<OntologyClass> {
    let name = fact.value.site.as_deref()?;
    let called = |s: &&Fact<Site>| s.value.label.eq_ignore_ascii_case(name);
    let site = export.case.sites.iter().filter(|s| s.is_present()).find(called)?;
    let class = export.class(&site.codings, codes::SITE)?;
    export.trace.fact(format!("{pointer}/procedure/bodySite"), site);
    Some(class)
}

/// The best response to each treatment; the others are lost.
fn responses(export: &mut Export<'_>, actions: &mut Actions) {
    let mut best: HashMap<usize, (usize, &Fact<Response>, Code)> = HashMap::new();
    for fact in &export.case.responses {
        if !export.holds(fact) {
            continue;
        }
        let Some((rank, code)) = words::response(&fact.value.category) else {
            export.losses.whole(fact, format!("no verified code of a response `{}`", fact.value.category));
            continue;
        };
        let Some(index) = fact.value.treatment.as_ref().and_then(|t| actions.of.get(t)).copied() else { continue };
        let better = best.get(&index).is_none_or(|(other, ..)| rank < *other);
        let second =
            if better { best.insert(index, (rank, fact, code)).map(|(_, other, _)| other) } else { Some(fact) };
        if let Some(second) = second {
            export.losses.whole(second, "a medical action holds one response, and the best one is written");
        }
    }
    for (index, action) in actions.elements.iter_mut().enumerate() {
        let Some((_, fact, code)) = best.get(&index) else { continue };
        export.trace.fact(format!("/medicalActions/{index}/responseToTreatment"), *fact);
        action.response_to_treatment = Some((*code).into());
        lost_response_parts(export, fact);
    }
}

fn lost_response_parts(export: &mut Export<'_>, fact: &Fact<Response>) {
    let value = &fact.value;
    let no_place = "a response is nothing but a term";
    if let Some(timing) = &fact.timing {
        export.losses.part(fact, described("time", timing), no_place);
    }
    export.losses.words(fact, "criteria", value.criteria.as_deref(), no_place);
    export.losses.words(fact, "seen by", Some(&value.modalities.join(", ")), no_place);
    export.losses.words(fact, "change", value.change.as_ref().map(|c| c.quote.as_str()), no_place);
}

const FEATURES: &str = "/phenotypicFeatures/";

/// Adverse events under the treatments that are suspected.
fn adverse_events(export: &mut Export<'_>, actions: &mut Actions) {
    for fact in &export.case.adverse_events {
        if !export.holds(fact) {
            continue;
        }
        let Some(term) = event_term(export, fact) else {
            let reason = export.no_class(&fact.codings, codes::EVENT);
            export.losses.whole(fact, reason);
            continue;
        };
        let suspects = fact.value.suspects.iter().filter_map(|s| s.treatment.as_ref());
        let suspected: Vec<usize> = suspects.filter_map(|t| actions.of.get(t)).copied().collect();
        if suspected.is_empty() {
            let reason = "an adverse event is a term of the treatment that is suspected, and none of those written is";
            if export.trace.is_in(FEATURES, &fact.id) {
                export.losses.part(fact, "that it is an adverse event", reason);
                lost_event_parts(export, fact);
            } else {
                export.losses.whole(fact, reason);
            }
            continue;
        }
        for index in suspected {
            let events = &mut actions.elements[index].adverse_events;
            let at = events.iter().position(|e| *e == term).unwrap_or(events.len());
            export.trace.fact(format!("/medicalActions/{index}/adverseEvents/{at}"), fact);
            if at == events.len() {
                events.push(term.clone());
            }
        }
        lost_event_parts(export, fact);
    }
}

/// The term of an event: its own, or that of the same event among findings and diagnoses.
fn event_term(export: &Export<'_>, fact: &Fact<AdverseEvent>) -> Option<OntologyClass> {
    let same = fact.value.finding.as_ref();
    let finding = export.case.findings.iter().find(|f| Some(&f.id) == same).map(|f| &f.codings);
    let diagnosis = export.case.diagnoses.iter().find(|d| Some(&d.id) == same).map(|d| &d.codings);
    let own = export.class(&fact.codings, codes::EVENT);
    own.or_else(|| export.class(finding.or(diagnosis)?, codes::EVENT))
}

fn lost_event_parts(export: &mut Export<'_>, fact: &Fact<AdverseEvent>) {
    let value = &fact.value;
    let no_place = "an adverse event is nothing but a term";
    let words = |s: &Option<Statement>| s.as_ref().map(|s| s.quote.clone());
    let is_feature = export.trace.is_in(FEATURES, &fact.id);
    let timed = is_feature || value.finding.as_ref().is_some_and(|finding| export.trace.is_in(FEATURES, finding));
    let losses = &mut export.losses;
    if let Some(grade) = value.grade {
        losses.part(fact, format!("CTCAE grade {grade}"), no_place);
    }
    let times = [("onset", fact.timing.as_ref()), ("resolution", value.resolved.as_ref())];
    for (what, timing) in times {
        if let Some(timing) = timing.filter(|_| !timed) {
            losses.part(fact, described(what, timing), no_place);
        }
    }
    let challenge = |c: &Option<casemill_plugin_sdk::model::Challenge>| c.as_ref().map(ToString::to_string);
    for (what, text) in [
        ("severity", value.severity.clone().filter(|_| !is_feature)),
        ("causality", words(&value.causality)),
        ("action taken", words(&value.action)),
        ("dechallenge", challenge(&value.dechallenge)),
        ("rechallenge", challenge(&value.rechallenge)),
        ("outcome", value.outcome.clone()),
        ("reporter", value.reporter.clone()),
    ] {
        losses.words(fact, what, text.as_deref(), no_place);
    }
}
